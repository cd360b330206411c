"""Trying again, giving up, and letting another answer."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tertulia.models.breaker import FAILURES
from tertulia.models.chain import Chain, Link
from tertulia.models.gate import Gate
from tertulia.models.provider import (
    Answer,
    Bill,
    Delta,
    Image,
    Item,
    Kind,
    ProviderError,
    Request,
    Served,
    ToolCall,
    ToolDefinition,
    ToolResult,
    Turn,
    Usage,
)
from tertulia.models.scripted import Scripted
from tests.models.calls import REQUEST, World, items


def text(found: list[object]) -> str:
    return "".join(item.text for item in found if isinstance(item, Delta))


def asked(world: World, *answers: str | ProviderError) -> tuple[list[object], Scripted]:
    provider = Scripted(list(answers))
    return list(asyncio.run(items(world.chain(world.link(provider))))), provider


def test_it_tries_again_before_the_first_word_and_waits_as_long_as_it_was_told() -> None:
    """RFC 9110, 10.2.3: "how long the user agent ought to wait before making a follow-up request"."""
    world = World()
    found, provider = asked(world, ProviderError("no_network"), ProviderError("overloaded", "429", 7.0), "sí")
    assert text(found) == "sí" and world.waited == [1.0, 7.0] and len(provider.requests) == 3
    assert world.treasury.tally.retries["gpt"] == 2


def test_chance_shortens_a_wait_by_up_to_half() -> None:
    world = World()
    provider = Scripted([ProviderError("failed"), ProviderError("failed"), "sí"])
    asyncio.run(items(world.chain(world.link(provider), chance=lambda: 0.0)))
    assert world.waited == [0.5, 1.0]


@pytest.mark.parametrize(
    ("errors", "attempts"),
    [
        ([ProviderError("wrong_key")], 1),
        ([ProviderError("overloaded", "429", 600.0)], 1),
        ([ProviderError("failed")] * 3, 3),
        ([ProviderError("too_long")], 1),
        ([ProviderError("refused")], 1),
    ],
)
def test_it_gives_up_when_trying_does_not_help(errors: list[ProviderError], attempts: int) -> None:
    world = World()
    provider = Scripted([*errors, "never"])
    with pytest.raises(ProviderError) as refused:
        asyncio.run(items(world.chain(world.link(provider))))
    assert refused.value is errors[-1] and len(provider.requests) == attempts


class Breaking(Scripted):
    """Says a word, then fails."""

    async def stream(self, request: Request) -> Answer:
        self.requests.append(request)
        yield Delta("Ho")
        raise ProviderError("failed", "cut")


def test_nothing_is_tried_again_once_a_word_was_said() -> None:
    world = World()
    first, second = Breaking([]), Scripted(["otra cosa"])
    with pytest.raises(ProviderError):
        asyncio.run(items(world.chain(world.link(first), world.link(second, "lola"))))
    assert len(first.requests) == 1 and second.requests == [] and world.waited == []
    (call,) = world.ledger.calls()
    assert call.outcome == "failed" and call.estimated and call.tokens_out > 0


class Silent(Scripted):
    """Never says a word."""

    async def stream(self, request: Request) -> Answer:
        self.requests.append(request)
        await asyncio.Event().wait()
        yield Delta("never")


def test_the_first_word_has_a_deadline() -> None:
    world = World()
    chain = world.chain(world.link(Silent([])), first_token_seconds=0.0, attempts=1)
    with pytest.raises(ProviderError) as refused:
        asyncio.run(items(chain))
    assert refused.value.kind == "timed_out"
    (call,) = world.ledger.calls()
    assert call.outcome == "timed_out" and call.tokens_in > 0 and call.estimated, "it may have been read"


# --- Fallbacks --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["wrong_key", "no_credit", "no_such_model", "no_key"])
def test_another_answers_and_is_named(kind: Kind) -> None:
    world = World()
    first = Scripted([ProviderError(kind)], model="big")
    second = Scripted(["hola"], model="small")
    found = asyncio.run(items(world.chain(world.link(first), world.link(second, "lola"))))
    assert found[0] == Served("scripted", "small", fallback="big") and text(list(found)) == "hola"
    assert [(call.model, call.outcome, call.fallback_for) for call in world.ledger.calls()] == [
        ("gpt", kind, ""),
        ("lola", "whole", "gpt"),
    ]
    assert world.treasury.tally.fallbacks == {("gpt", "lola"): 1}


def test_one_that_is_not_here_is_passed_over() -> None:
    world = World()
    first, second = world.link(Scripted(["x"])), world.link(Scripted(["hola"]), "lola")
    first.provider = None
    first.trouble = ProviderError("no_key", "OPENAI_API_KEY")
    assert text(list(asyncio.run(items(world.chain(first, second))))) == "hola"
    second.provider = None
    with pytest.raises(ProviderError) as refused:
        asyncio.run(items(world.chain(first, second)))
    assert refused.value.kind == "no_key", "what is wrong with the one that was asked"


@pytest.mark.parametrize("kind", ["too_long", "refused"])
def test_what_is_the_questions_fault_is_asked_of_nobody_else(kind: Kind) -> None:
    world = World()
    second = Scripted(["hola"])
    chain = world.chain(world.link(Scripted([ProviderError(kind)])), world.link(second, "lola"))
    with pytest.raises(ProviderError):
        asyncio.run(items(chain))
    assert second.requests == []


def test_the_fallbacks_own_gate_is_kept() -> None:
    async def go() -> None:
        world = World()
        second = world.link(Silent([]), "lola", gate=1)
        tasks = [
            asyncio.create_task(
                items(world.chain(world.link(Scripted([ProviderError("no_credit")])), second))
            )
            for _ in range(3)
        ]
        for _ in range(20):
            await asyncio.sleep(0)
        assert (second.gate.inside, second.gate.waiting) == (1, 2)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert (second.gate.inside, second.gate.waiting) == (0, 0)
        assert world.ledger.open_calls() == []

    asyncio.run(go())


def test_a_chain_is_local_only_when_all_of_it_is() -> None:
    from dataclasses import replace

    world = World()
    near, far = world.link(Scripted(["a"])), world.link(Scripted(["b"]), "gpt")
    near.capabilities = replace(near.capabilities, local=True)
    assert world.chain(near).capabilities.local
    assert not world.chain(near, far).capabilities.local, "what was said may be sent to the second"


# --- The breaker ------------------------------------------------------------------------------------------


def test_who_fails_again_and_again_is_left_alone_and_another_answers() -> None:
    world = World()
    first, second = Scripted([ProviderError("failed")]), Scripted(["hola"])
    chain = world.chain(world.link(first), world.link(second, "lola"))
    for _ in range(4):
        assert text(list(asyncio.run(items(chain)))) == "hola"
    assert len(first.requests) == FAILURES, "then it was asked no more"
    assert chain.links[0].breaker.state == "open"


def test_how_long_it_rests_is_said() -> None:
    world = World()
    chain = world.chain(world.link(Scripted([ProviderError("overloaded", "429", 90.0)])))
    with pytest.raises(ProviderError):
        asyncio.run(items(chain))
    with pytest.raises(ProviderError) as refused:
        asyncio.run(items(chain))
    assert refused.value.kind == "resting" and "90 s" in refused.value.say("es")


def test_after_a_rest_one_call_tries() -> None:
    world = World()
    chain = world.chain(world.link(Scripted([ProviderError("overloaded", "429", 90.0), "hola", "sí"])))
    with pytest.raises(ProviderError):
        asyncio.run(items(chain))
    world.seconds += 90.0
    assert text(list(asyncio.run(items(chain)))) == "hola"
    assert chain.links[0].breaker.state == "closed"


# --- The ledger -------------------------------------------------------------------------------------------


def test_a_whole_answer_is_settled_as_the_provider_reported() -> None:
    world = World()
    found, _ = asked(world, "uno dos tres")
    usage = next(item for item in found if isinstance(item, Usage))
    (call,) = world.ledger.calls()
    assert (call.tokens_in, call.tokens_out) == usage[:2] and call.outcome == "whole"
    assert call.nano == usage.tokens_in * 1_000 + usage.tokens_out * 10_000
    assert found[-1] == Bill(call.nano, "USD", estimated=False)
    assert call.caller == REQUEST.caller and call.first_ms is not None


def test_a_call_that_is_stopped_is_settled_by_what_was_heard() -> None:
    world = World()
    chain = world.chain(world.link(Scripted(["una respuesta bastante larga"])))
    asyncio.run(items(chain, until=lambda item: isinstance(item, Delta)))
    (call,) = world.ledger.calls()
    assert call.outcome == "stopped" and call.estimated and 0 < call.used_tokens < call.reserved_tokens
    assert world.ledger.open_calls() == []


def test_a_refusal_before_the_prompt_was_read_costs_nothing() -> None:
    world = World()
    with pytest.raises(ProviderError):
        asked(world, ProviderError("overloaded", "429", 100.0))
    (call,) = world.ledger.calls()
    assert (call.outcome, call.used_tokens, call.nano) == ("overloaded", 0, 0)


def test_an_unknown_price_is_marked() -> None:
    world = World()
    found = asyncio.run(items(world.chain(world.link(Scripted(["x"]), price=None))))
    (call,) = world.ledger.calls()
    assert not call.priced and call.nano == 0 and found[-1] == Bill(None, "USD", False)


# --- Tools --------------------------------------------------------------------------------------------------

SEARCH = ToolDefinition("search", "Finds.", {"type": "object"})
CALL = ToolCall("c", "search", '{"query": "x"}')
SEEN = (
    *REQUEST.turns,
    Turn("assistant", "a ver", calls=(CALL,)),
    Turn("user", "", results=(ToolResult("c", "search", "found it"),), images=(Image("image/png", b"x"),)),
)


def heard(chain: Chain, request: Request = REQUEST) -> list[Item]:
    async def go() -> list[Item]:
        return [item async for item in chain.stream(request)]

    return asyncio.run(go())


def test_a_call_of_a_tool_passes_and_is_counted() -> None:
    world = World()
    found = heard(world.chain(world.link(Scripted([f"Miro. [[search {CALL.arguments}]]"]))))
    assert [one.name for one in found if isinstance(one, ToolCall)] == ["search"]
    assert [call.outcome for call in world.ledger.calls()] == ["whole"]


def test_nothing_is_tried_again_once_a_tool_was_called() -> None:
    class CallsAndBreaks(Scripted):
        async def stream(self, request: Request) -> Answer:
            yield CALL
            raise ProviderError("failed", "broke off")

    world = World()
    with pytest.raises(ProviderError):
        heard(world.chain(world.link(CallsAndBreaks(["x"])), world.link(Scripted(["y"]), "other")))
    assert world.waited == []


def test_another_who_cannot_call_tools_reads_what_came_in_words() -> None:
    world, other = World(), Scripted(["Vale."])
    first, second = world.link(Scripted([ProviderError("no_network")])), world.link(other, "other")
    first.capabilities = replace(first.capabilities, tools=True, vision=True)
    heard(world.chain(first, second, attempts=1), replace(REQUEST, turns=SEEN, tools=(SEARCH,)))
    (request,) = other.requests
    assert request.tools == () and not any(
        turn.calls or turn.results or turn.images for turn in request.turns
    )
    assert [turn.text for turn in request.turns[1:]] == [
        'a ver\n[search {"query": "x"}]', "[search: found it]"
    ]  # fmt: skip


def test_what_tools_add_is_reserved_too() -> None:
    alone, more = World(), World()
    plain = alone.treasury.open(alone.link(Scripted(["x"])).asked, REQUEST)
    longer = replace(REQUEST, turns=SEEN, tools=(SEARCH,))
    whole = more.treasury.open(more.link(Scripted(["x"])).asked, longer)
    assert whole.settle("whole").reserved_tokens > plain.settle("whole").reserved_tokens + 1_500


def test_a_fallback_at_the_same_provider_needs_no_second_place() -> None:
    world = World()
    down, well = world.link(Scripted([ProviderError("overloaded")])), world.link(Scripted(["hola"]), "mini")
    down.gate = well.gate = Gate(1)

    async def go() -> None:
        async with asyncio.timeout(60), down.gate:  # as its desk holds it
            found = await items(world.chain(down, well, attempts=1))
        assert any(isinstance(item, Delta) for item in found)

    asyncio.run(go())


def test_two_that_answer_for_each_other_do_not_wait_for_ever() -> None:
    world = World()
    first, second = (
        world.link(Scripted([ProviderError("overloaded")]), name, gate=1) for name in ("lola", "gpt")
    )

    async def one(mine: Link, other: Link) -> None:
        async with mine.gate:
            await asyncio.sleep(0)
            await items(world.chain(mine, other, attempts=1, first_token_seconds=0.01))

    async def go() -> None:
        async with asyncio.timeout(60):
            ends = await asyncio.gather(one(first, second), one(second, first), return_exceptions=True)
        assert any(isinstance(end, ProviderError) for end in ends)

    asyncio.run(go())
