"""The measurement of models: chunks are counted once for each listener, and what is missing is told."""

from __future__ import annotations

import asyncio
import time

from benchmarks.model_load import TOKEN, Ears
from benchmarks.model_peers import model_nick
from benchmarks.model_provider import Provider
from benchmarks.models import CASES, Found, _result, middle, table


def test_a_chunk_counts_once_for_each_who_hears_it() -> None:
    ears = Ears(3)
    now = time.monotonic_ns()
    ears.hear(1, f"a s0n0t{now} s0n1t{now}".encode())
    ears.hear(1, f"s0n0t{now}".encode())
    ears.hear(2, f"s0n0t{now}".encode())
    assert ears.distinct == 3 and len(ears.ages_us) == 4 and ears.all_heard.is_set()


def test_what_is_missing_is_a_loss() -> None:
    ears = Ears(2_000)
    ears.hear(0, b"s0n0t1")
    found = _result("x", CASES["one"], 10, ears, cpu=2.0, wall=4.0)
    assert (found.lost, found.chunks, found.cpu_share) == (1_999, 200, 0.5)
    assert found.cpu_us_chunk == 10_000


def test_of_some_rounds_the_middle_and_the_worst_loss() -> None:
    rounds = [Found("x", "c", 10, 100 - n, n, float(n), 1.0, 1.0, 1.0, 0.1) for n in (0, 5, 1)]
    found = middle(rounds)
    assert (found.lost, found.delivered, found.median_ms) == (5, 95, 1.0)
    assert "| x | 10 | 95 | 5 | 1.00 |" in table([found])


def test_people_of_one_room_ask_models_of_that_room() -> None:
    assert model_nick(0, 3) == model_nick(24, 3) != model_nick(25, 3)


def test_the_provider_streams_when_all_have_asked() -> None:
    async def ask(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}")
        answer = await reader.read()
        writer.close()
        return answer

    async def go() -> list[bytes]:
        provider = Provider(streams=2, chunks=3, per_second=1_000)
        server = await asyncio.start_server(provider.answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        found = await asyncio.gather(ask(port), ask(port))
        server.close()
        return list(found)

    for answer in asyncio.run(go()):
        assert len(TOKEN.findall(answer)) == 3 and b"data: [DONE]" in answer and answer.endswith(b"0\r\n\r\n")
