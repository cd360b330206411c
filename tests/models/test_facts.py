"""How the models are, gathered for operators: health, numbers of the tally, spending of the ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tertulia.models.chain import Chain
from tertulia.models.facts import Inspector
from tertulia.models.host import Host
from tertulia.models.ledger import LedgerError, MemoryLedger
from tertulia.models.provider import Answer, Capabilities, ProviderError, Request
from tertulia.models.scripted import Scripted
from tertulia.models.settings import ModelSettings
from tertulia.protocol.inspected import ModelsFacts, Spending
from tertulia.protocol.ledger import NANO, Key, Limit, Spent
from tests.models.calls import REQUEST, World, items

LIMITS = (Limit("model", "lola", "day", tokens=5_000), Limit("all", "", "month", nano=9 * NANO),
          Limit("model", "*", "day", nano=2 * NANO))  # fmt: skip


class Failing:
    """A provider that does."""

    name, model, capabilities = "failing", "none", Capabilities(8_192)

    def __init__(self, error: ProviderError) -> None:
        self._error = error

    async def stream(self, request: Request) -> Answer:
        raise self._error
        yield  # which makes it a generator

    async def close(self) -> None:
        """There is nothing to let go."""


class Unreadable(MemoryLedger):
    def spent(self, keys: Sequence[Key]) -> list[Spent]:
        raise LedgerError("gone")


def told(world: World, folder: Path, *calls: Any) -> tuple[ModelsFacts, Inspector]:
    """After `lola` was asked through each of these providers."""

    async def go() -> tuple[ModelsFacts, Inspector]:
        seats = [ModelSettings("Lola", "scripted", script=("hola",)), ModelSettings("gpt", "openai")]
        connect: Any = None  # nobody joins here
        host = Host(seats, connect, {}, folder, treasury=world.treasury)
        link = host.links()[0]
        for provider in calls:
            link.provider = provider
            try:
                await items(Chain([link], world.treasury, world.patience), REQUEST)
            except ProviderError:
                continue
        inspector = Inspector(host)
        return inspector.models(), inspector

    return asyncio.run(go())


def test_health_calls_and_spending(tmp_path: Path) -> None:
    facts, inspector = told(World(*LIMITS), tmp_path, Scripted(["hola y adiós"]))
    lola, gpt = facts.models
    assert (lola.nick, lola.provider, lola.state, lola.breaker) == ("Lola", "scripted", "ready", "closed")
    assert (lola.calls, lola.failed, lola.trouble) == (1, 0, None)
    assert lola.tokens_in > 0 and lola.tokens_out > 0 and lola.first_ms is not None
    assert lola.day == Spending(1, lola.tokens_in + lola.tokens_out, 0, 0, 5_000, 2 * NANO)
    assert gpt.calls == 0 and gpt.first_ms is None and gpt.day == Spending(0, 0, 0, 0, None, 2 * NANO)
    assert facts.currency == "USD" and facts.month is not None and facts.month.most_nano == 9 * NANO
    counts = inspector.counts()
    assert (counts.calls, counts.failed, counts.speaking, counts.waiting) == (1, 0, 0, 0)
    assert counts.pieces >= 1


def test_the_last_error_and_when(tmp_path: Path) -> None:
    world = World()
    errors = [Failing(ProviderError("wrong_key", "401")), Failing(ProviderError("no_credit", "402"))]
    facts, inspector = told(world, tmp_path, *errors)
    lola = facts.models[0]
    assert lola.failed == 2 and inspector.counts().failed == 2
    assert lola.trouble is not None
    assert lola.trouble.kind == "no_credit" and "saldo" in lola.trouble.text[1]
    assert lola.trouble.at_ms == round(world.treasury.now().timestamp() * 1_000)


def test_a_refusal_by_budget_is_an_error_too(tmp_path: Path) -> None:
    facts, _ = told(World(Limit("all", "", "day", tokens=1)), tmp_path, Scripted(["hola"]))
    trouble = facts.models[0].trouble
    assert trouble is not None and trouble.kind == "no_budget" and "1 tokens" in trouble.text[0]


def test_a_ledger_that_cannot_be_read(tmp_path: Path) -> None:
    facts, _ = told(World(ledger=Unreadable()), tmp_path)
    assert facts.day is facts.month is facts.models[0].day is None


def test_the_first_word_is_a_median_of_the_latest() -> None:
    tally = World().treasury.tally
    assert tally.median_first_word("lola") is None
    for seconds in (9.0, 0.2, 0.1, 0.3, 0.4):
        tally.first_word("lola", seconds)
    assert tally.median_first_word("lola") == pytest.approx(0.3)
