"""A provider for measurements: it streams chat completions at a pace, each chunk with the moment it left.

What belongs here: the process that stands for OpenAI, as cheap as it can be. What must not: measuring. Nobody
is answered before all of `--streams` have asked, so that all of them stream at once.

A chunk's text is ` s3n17t123456789`: stream 3, its chunk 17, nanoseconds of the system's monotonic clock,
which is the same in all processes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Sequence

HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"
    b"Connection: close\r\n\r\n"
)
SPREAD = 0.618  # streams begin spread over the interval, not all in one moment


class Provider:
    def __init__(self, streams: int, chunks: int, per_second: float) -> None:
        self._streams = streams
        self._chunks = chunks
        self._pause = 1.0 / per_second
        self._asked = 0
        self._all_here = asyncio.Event()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        await reader.readexactly(length)
        number = self._asked % self._streams
        self._asked += 1
        writer.write(HEAD)
        if number == self._streams - 1:
            self._all_here.set()
        await self._all_here.wait()
        await self._stream(number, writer)
        if number == self._streams - 1:
            self._all_here.clear()  # for the next ones, once this one has ended
        writer.close()

    async def _stream(self, number: int, writer: asyncio.StreamWriter) -> None:
        due = time.monotonic() + (number * SPREAD % 1.0) * self._pause
        for chunk in range(self._chunks):
            await asyncio.sleep(due - time.monotonic())
            due += self._pause
            text = f" s{number}n{chunk}t{time.monotonic_ns()}"
            writer.write(framed({"index": 0, "delta": {"content": text}, "finish_reason": None}))
        writer.write(framed({"index": 0, "delta": {}, "finish_reason": "stop"}))
        usage = {"prompt_tokens": 100, "completion_tokens": self._chunks}
        writer.write(sized(b"data: " + json.dumps({"choices": [], "usage": usage}).encode() + b"\n\n"))
        writer.write(sized(b"data: [DONE]\n\n") + b"0\r\n\r\n")
        await writer.drain()


def framed(choice: dict[str, object]) -> bytes:
    whole = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return sized(b"data: " + json.dumps(whole).encode() + b"\n\n")


def sized(data: bytes) -> bytes:
    """One chunk of HTTP's chunked coding."""
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


async def serve(options: argparse.Namespace) -> None:
    provider = Provider(options.streams, options.chunks, options.per_second)
    server = await asyncio.start_server(provider.answer, "127.0.0.1", options.port, backlog=1_024)
    async with server:
        await server.serve_forever()


def main(arguments: Sequence[str] | None = None) -> None:
    command = argparse.ArgumentParser(prog="python -m benchmarks.model_provider")
    command.add_argument("--port", type=int, required=True)
    command.add_argument("--streams", type=int, default=1)
    command.add_argument("--chunks", type=int, default=100)
    command.add_argument("--per-second", type=float, default=4.0)
    asyncio.run(serve(command.parse_args(arguments)))


if __name__ == "__main__":
    main()
