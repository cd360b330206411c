"""What every provider must do, whichever format it speaks.

What belongs here: the suite; a test file of each provider says how one is made. What must not: any one
provider.
"""

from __future__ import annotations

import asyncio
import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from dataclasses import replace

import pytest

from tertulia.models.provider import (
    Delta,
    Image,
    Kind,
    Provider,
    ProviderError,
    Request,
    ToolCall,
    ToolDefinition,
    ToolResult,
    Turn,
    Usage,
)
from tests.models.fake_provider import DATE_SECONDS, RETRY_AFTER_SECONDS, FakeProvider, fake_provider

REQUEST = Request("You are a test.", (Turn("user", "ana: hola"),), answer_tokens=32)
SEARCH = ToolDefinition("search", "Finds.", {"type": "object", "properties": {"query": {"type": "string"}}})
OFFERED = replace(REQUEST, tools=(SEARCH,))
PIXEL = Image("image/png", b"\x89PNG not really")
NOT_JSON = ToolResult("t", "search", "not JSON")
GONE_SECONDS = 60.0  # for the other side to notice that we hung up; it takes milliseconds


async def heard(provider: Provider, request: Request = REQUEST) -> tuple[list[str], list[Usage]]:
    texts, usages = [], []
    async with aclosing(provider.stream(request)) as answer:
        async for item in answer:
            if isinstance(item, Usage):
                usages.append(item)
            elif isinstance(item, Delta):
                texts.append(item.text)
    return texts, usages


async def heard_and_closed(provider: Provider, request: Request = REQUEST) -> tuple[list[str], list[Usage]]:
    try:
        return await heard(provider, request)
    finally:
        await provider.close()


def objects_in(value: object) -> Iterator[object]:
    """Every object within one."""
    if isinstance(value, dict):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from objects_in(one)


class ProviderContract:
    """Subclasses make a provider that answers `ANSWER`, never ends after it ("endless"), breaks off after it
    ("cut"), or refuses with an error's kind. `gone` is set when the other side saw an endless call end."""

    ANSWER = "Hola, soy un programa."
    KINDS: tuple[Kind, ...] = ("wrong_key", "no_such_model", "no_credit", "overloaded", "failed")
    gone: threading.Event

    @contextmanager
    def made(self, behaviour: str) -> Iterator[Provider]:
        raise NotImplementedError
        yield

    def run(self, behaviour: str) -> tuple[list[str], list[Usage]]:
        async def go(provider: Provider) -> tuple[list[str], list[Usage]]:
            try:
                return await heard(provider)
            finally:
                await provider.close()
                await provider.close()

        with self.made(behaviour) as provider:
            return asyncio.run(go(provider))

    def test_an_answer_comes_in_order_with_its_usage(self) -> None:
        texts, usages = self.run("answer")
        assert "".join(texts) == self.ANSWER
        assert len(texts) > 1, "in pieces, not at the end"
        assert len(usages) == 1 and usages[0].tokens_in > 0 and usages[0].tokens_out > 0

    def test_refusals_have_a_kind(self) -> None:
        for kind in self.KINDS:
            with pytest.raises(ProviderError) as refused:
                self.run(kind)
            assert refused.value.kind == kind
            assert refused.value.say("en") and refused.value.say("es")

    def test_an_answer_that_breaks_off_is_an_error(self) -> None:
        with pytest.raises(ProviderError) as refused:
            self.run("cut")
        assert refused.value.kind in ("failed", "no_network")

    def test_cancelling_ends_the_call(self) -> None:
        async def go(provider: Provider) -> list[str]:
            texts: list[str] = []
            first = asyncio.Event()

            async def listen() -> None:
                async with aclosing(provider.stream(REQUEST)) as answer:
                    async for item in answer:
                        assert isinstance(item, Delta)
                        texts.append(item.text)
                        if "".join(texts) == self.ANSWER:
                            first.set()

            task = asyncio.create_task(listen())
            await first.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await asyncio.to_thread(self.gone.wait, GONE_SECONDS)
            await provider.close()
            return texts

        with self.made("endless") as provider:
            assert "".join(asyncio.run(go(provider))) == self.ANSWER

    def test_calls_do_not_mix(self) -> None:
        async def go(provider: Provider) -> list[tuple[list[str], list[Usage]]]:
            found = await asyncio.gather(*(heard(provider) for _ in range(8)))
            await provider.close()
            return found

        with self.made("answer") as provider:
            assert {"".join(texts) for texts, _ in asyncio.run(go(provider))} == {self.ANSWER}

    def test_it_says_who_it_is_and_no_more(self) -> None:
        with self.made("answer") as provider:
            assert provider.name and provider.model and provider.capabilities.context_tokens > 0
            assert "sk-test" not in repr(provider)


class WireContract(ProviderContract):
    """For those who ask over HTTP. `server`: `tests/models/fake_provider.py`, which names its misdeeds."""

    server: FakeProvider

    @contextmanager
    def made(self, behaviour: str) -> Iterator[Provider]:
        with fake_provider() as server:
            self.server = server
            self.gone = server.gone
            yield self.provider_at(server.url, behaviour)

    def provider_at(self, url: str, model: str) -> Provider:
        raise NotImplementedError

    def image(self, media_type: str, data: str) -> dict[str, object]:
        """A part of a message; `data` in base64."""
        raise NotImplementedError

    def test_an_answer_that_ends_within_a_chunk_is_an_error(self) -> None:
        with pytest.raises(ProviderError) as refused:
            self.run("cut_chunk")
        assert refused.value.kind in ("failed", "no_network")

    @pytest.mark.parametrize("behaviour", ["malformed", "html"])
    def test_what_is_not_the_format_is_an_error(self, behaviour: str) -> None:
        with pytest.raises(ProviderError) as refused:
            self.run(behaviour)
        assert refused.value.kind == "failed"

    def test_how_long_to_wait_is_passed_on_in_both_forms(self) -> None:
        """RFC 9110, 10.2.3: "Retry-After = HTTP-date / delay-seconds"."""
        with pytest.raises(ProviderError) as refused:
            self.run("overloaded")
        assert refused.value.retry_after_seconds == RETRY_AFTER_SECONDS
        with pytest.raises(ProviderError) as refused:
            self.run("overloaded_date")
        assert refused.value.retry_after_seconds is not None
        assert RETRY_AFTER_SECONDS < refused.value.retry_after_seconds <= DATE_SECONDS

    def test_a_usage_block_that_is_missing_is_not_made_up(self) -> None:
        texts, usages = self.run("no_usage")
        assert "".join(texts) == self.ANSWER and usages == []

    def test_what_the_provider_will_not_answer_is_a_refusal(self) -> None:
        with pytest.raises(ProviderError) as refused:
            self.run("refusal")
        assert refused.value.kind == "refused" and not refused.value.retryable

    def test_a_broken_call_of_a_tool_is_not_said(self) -> None:
        try:
            texts, _ = self.run("broken_tool")
        except ProviderError as error:
            assert error.kind == "failed"
        else:
            assert "".join(texts) == self.ANSWER

    def called(self, behaviour: str, request: Request) -> list[ToolCall]:
        async def go(provider: Provider) -> list[ToolCall]:
            found = [item async for item in provider.stream(request) if isinstance(item, ToolCall)]
            await provider.close()
            return found

        with self.made(behaviour) as provider:
            return asyncio.run(go(provider))

    def test_a_call_of_a_tool_comes_whole(self) -> None:
        (call,) = self.called("tool", OFFERED)
        assert (call.name, json.loads(call.arguments)) == ("search", {"query": "sockets"})
        assert "search" in json.dumps(self.server.requests[-1]) and call.id

    def test_a_tool_that_was_not_offered_is_not_called(self) -> None:
        assert self.called("tool", REQUEST) == []

    def test_what_came_of_a_call_is_sent_and_so_are_images(self) -> None:
        call = ToolCall("t", "search", '{"query": "x"}')
        turns = (
            *OFFERED.turns,
            Turn("assistant", "a ver", calls=(call,)),
            Turn("user", "mira", results=(ToolResult("t", "search", "found it"),), images=(PIXEL,)),
        )
        with self.made("answer") as provider:
            asyncio.run(heard_and_closed(provider, replace(OFFERED, turns=turns, must_answer=True)))
            asked = json.dumps(self.server.requests[-1])
        for part in ("found it", "a ver", "mira", b64encode(PIXEL.data).decode(), "none"):
            assert part in asked.lower() or part in asked, part

    def test_an_image_is_sent_as_this_format_has_it(self) -> None:
        with self.made("answer") as provider:
            shown = replace(REQUEST, turns=(Turn("user", "mira", images=(PIXEL,)),))
            asyncio.run(heard_and_closed(provider, shown))
            asked = self.server.requests[-1]
        assert self.image(PIXEL.type, b64encode(PIXEL.data).decode()) in list(objects_in(asked))

    def test_broken_arguments_that_are_shown_again_do_not_break_the_call(self) -> None:
        call = ToolCall("t", "search", '{"query": "so')
        turns = (*OFFERED.turns, Turn("assistant", "", (call,)), Turn("user", "", results=(NOT_JSON,)))
        with self.made("answer") as provider:
            texts, _ = asyncio.run(heard_and_closed(provider, replace(OFFERED, turns=turns)))
        assert "".join(texts) == self.ANSWER

    def test_an_answer_without_end_can_be_left(self) -> None:
        async def go(provider: Provider) -> int:
            heard = 0
            async with aclosing(provider.stream(REQUEST)) as answer:
                async for _ in answer:
                    heard += 1
                    if heard == 12:
                        break
            assert await asyncio.to_thread(self.gone.wait, GONE_SECONDS)
            await provider.close()
            return heard

        with self.made("endless_talk") as provider:
            assert asyncio.run(go(provider)) == 12

    def test_waiting_for_the_first_word_can_be_cancelled(self) -> None:
        async def go(provider: Provider) -> None:
            task = asyncio.create_task(heard(provider))
            assert await asyncio.to_thread(self.server.asked.wait, GONE_SECONDS)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await asyncio.to_thread(self.gone.wait, GONE_SECONDS)
            await provider.close()

        with self.made("slow") as provider:
            asyncio.run(go(provider))
