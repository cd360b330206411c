"""Limits at work: reserved before, settled after, refused in words, exact whatever happens at once."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tertulia.limits import RESERVATION_SECONDS
from tertulia.models.ledger import LedgerError, MemoryLedger
from tertulia.models.provider import ProviderError, Request, Turn, Usage
from tertulia.models.scripted import Scripted
from tertulia.models.treasury import TOLD_SECONDS, Asked, BudgetReached, Rules, Treasury
from tertulia.protocol.ledger import Call, Caller, Limit
from tests.models.calls import PRICE, World, items

ASKED = Asked("gpt", "openai", "gpt-6-luna", PRICE)
TOKENS = Limit("account", "*", "day", tokens=250)


def by(nick: str, account: str | None = None, tokens: int = 100) -> Request:
    return Request("", (Turn("user", "hola"),), tokens, caller=Caller(nick, account, "#r"))


def test_at_the_limit_it_says_which_and_until_when() -> None:
    world = World(TOKENS)
    world.treasury.open(ASKED, by("ana", "Ana"))
    world.treasury.open(ASKED, by("ana", "Ana"))
    with pytest.raises(BudgetReached) as refused:
        world.treasury.open(ASKED, by("ana", "Ana"))
    assert refused.value.say("en") == (
        "there is nothing left of what your account may spend today (250 tokens). "
        "It goes on at 2026-11-23 00:00 UTC."
    )
    assert "tu cuenta" in refused.value.say("es") and not refused.value.retryable
    world.treasury.open(ASKED, by("bob", "Bob"))  # somebody else's is another
    world.treasury.open(ASKED, by("eva"))  # and a guest has none


def test_each_question_is_told_but_not_twice_in_a_minute_to_one_person_in_one_room() -> None:
    world = World(Limit("all", "", "month", tokens=0))

    def silent(nick: str, room: str = "#r") -> bool:
        with pytest.raises(BudgetReached) as refused:
            world.treasury.open(ASKED, replace(by(nick), caller=Caller(nick, None, room)))
        return refused.value.silent

    assert [silent("ana"), silent("ANA"), silent("bob"), silent("bob")] == [False, True, False, True]
    assert [silent("ana", "#s"), silent("ana", "")] == [False, False], "who asks elsewhere does not see it"
    world.seconds += TOLD_SECONDS - 1
    assert silent("ana")
    world.seconds += 1
    assert [silent("ana"), silent("ana")] == [False, True]


def test_the_next_day_begins_where_the_operator_lives() -> None:
    zone = ZoneInfo("America/Bogota")
    now = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)  # the evening of the last of November there
    treasury = Treasury(lambda: now, lambda: 0.0, Rules((Limit("all", "", "month", tokens=0),), zone=zone))
    with pytest.raises(BudgetReached) as refused:
        treasury.open(ASKED, by("ana"))
    assert refused.value.until.isoformat() == "2026-12-01T00:00:00-05:00"
    assert refused.value.key.period == "2026-11"


def test_an_answer_is_made_shorter_to_fit() -> None:
    world = World(TOKENS)
    world.treasury.open(ASKED, by("ana", "Ana"))
    ticket = world.treasury.open(ASKED, by("ana", "Ana", tokens=1_000))
    assert 64 <= ticket.answer_tokens < 200
    assert world.treasury.spent("account", "ana", "day").all_tokens == 250


def test_what_was_reserved_and_not_used_is_there_again() -> None:
    world = World(TOKENS)
    for _ in range(5):
        ticket = world.treasury.open(ASKED, by("ana", "Ana"))
        ticket.reported(Usage(5, 5))
        ticket.settle("whole")
    assert world.treasury.spent("account", "ana", "day").all_tokens == 50


def test_a_fallback_with_room_answers_when_the_money_is_spent() -> None:
    world = World(Limit("model", "gpt", "day", nano=0))
    first, second = Scripted(["caro"], model="dear"), Scripted(["gratis"], model="free")
    found = asyncio.run(items(world.chain(world.link(first), world.link(second, "lola"))))
    assert found[0][2] == "dear" and first.requests == []  # type: ignore[index]
    assert world.treasury.tally.refused == {("gpt", "model"): 1}


def test_a_breaker_is_not_opened_by_a_budget() -> None:
    world = World(Limit("all", "", "day", tokens=0))
    chain = world.chain(world.link(Scripted(["x"])))
    for _ in range(10):
        with pytest.raises(BudgetReached):
            asyncio.run(items(chain))
    assert chain.links[0].breaker.state == "closed" and world.waited == []


def test_calls_that_never_ended_are_released_by_age_and_shown() -> None:
    world = World(TOKENS)
    world.treasury.open(ASKED, by("ana", "Ana"))
    world.treasury.open(ASKED, by("ana", "Ana"))
    world.seconds += RESERVATION_SECONDS - 60
    world.treasury.open(ASKED, by("bob", "Bob"))
    assert [call.outcome for call in world.ledger.calls()] == ["open", "open", "open"]
    world.seconds += 61
    world.treasury.open(ASKED, by("ana", "Ana"))
    assert [call.outcome for call in world.ledger.calls()] == ["lost", "lost", "open", "open"]
    assert sum("never settled" in text for text in world.warned) == 2


class Failing(MemoryLedger):
    broken = False

    def reserve(self, *args: object) -> Call | None:  # type: ignore[override]
        self._check()
        return super().reserve(*args)  # type: ignore[arg-type]

    def settle(self, call: Call) -> bool:
        self._check()
        return super().settle(call)

    def _check(self) -> None:
        if self.broken:
            raise LedgerError("disk full")


def test_nothing_is_asked_that_cannot_be_written_down() -> None:
    ledger = Failing()
    world = World(ledger=ledger)
    ledger.broken = True
    provider = Scripted(["x"])
    with pytest.raises(ProviderError) as refused:
        asyncio.run(items(world.chain(world.link(provider))))
    assert refused.value.kind == "no_ledger" and provider.requests == [] and "disk full" in world.warned


def test_what_could_not_be_settled_is_settled_later() -> None:
    ledger = Failing()
    world = World(ledger=ledger)
    ticket = world.treasury.open(ASKED, by("ana"))
    ledger.broken = True
    ticket.reported(Usage(5, 5))
    ticket.settle("whole")
    assert len(ledger.open_calls()) == 1
    ledger.broken = False
    world.treasury.open(ASKED, by("ana"))
    assert [call.outcome for call in ledger.calls()] == ["whole", "open"]


@settings(deadline=None, max_examples=60)
@given(
    bound=st.integers(0, 2_000), askers=st.lists(st.integers(0, 3), min_size=1, max_size=25),
    lengths=st.lists(st.integers(0, 40), min_size=1, max_size=8), seed=st.integers(0, 1_000),
)  # fmt: skip
def test_many_at_once_never_spend_more_than_there_is(
    bound: int, askers: list[int], lengths: list[int], seed: int
) -> None:
    """At every moment: what is spent and reserved fits, whatever runs at once, is stopped, or fails."""
    limit = Limit("account", "*", "day", tokens=bound)
    world = World(limit)
    most = 0

    async def pause() -> None:
        nonlocal most
        for account in ("a0", "a1", "a2", "a3"):
            spent = world.treasury.spent("account", account, "day")
            most = max(most, spent.all_tokens)
        await asyncio.sleep(0)

    def answer(request: Request) -> str | ProviderError:
        number = len(provider.requests) + seed
        if number % 5 == 0:
            return ProviderError("wrong_key")
        return "palabra " * min(lengths[number % len(lengths)], request.answer_tokens)

    provider = Scripted(answer, before_piece=pause)
    chain = world.chain(world.link(provider))

    async def one(number: int) -> None:
        request = Request("", (Turn("user", "uno dos"),), 100, caller=Caller("x", f"a{number}"))
        with suppress(ProviderError):
            await items(chain, request, until=(lambda item: True) if number == 3 else None)

    async def go() -> None:
        await asyncio.gather(*map(one, askers))

    asyncio.run(go())
    assert most <= bound and world.ledger.open_calls() == []
