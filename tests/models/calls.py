"""What tests of calls share: a clock, links, a chain that waits for nothing.

What belongs here: making them. What must not: tests.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tertulia.models.breaker import Breaker
from tertulia.models.chain import Chain, Link, Patience
from tertulia.models.gate import Gate
from tertulia.models.ledger import MemoryLedger
from tertulia.models.provider import Capabilities, Item, Provider, Request, Turn
from tertulia.models.treasury import Asked, Rules, Treasury
from tertulia.protocol.ledger import Caller, Limit, Price

PRICE = Price(Decimal(1), Decimal(10), Decimal("0.1"))
REQUEST = Request("sys", (Turn("user", "ana: hola"),), 100, caller=Caller("ana", "ana", "#r"))


class World:
    """A treasury on a clock that a test moves, and what was waited."""

    def __init__(self, *limits: Limit, ledger: MemoryLedger | None = None) -> None:
        self.seconds = 0.0
        self.start = datetime(2026, 11, 22, 23, 0, 0, tzinfo=UTC)
        self.waited: list[float] = []
        self.warned: list[str] = []
        self.ledger = ledger or MemoryLedger()
        self.treasury = Treasury(
            lambda: self.start + timedelta(seconds=self.seconds),
            lambda: self.seconds,
            Rules(limits),
            self.ledger,
            self.warned.append,
        )
        self.patience = Patience(sleep=self._sleep, chance=lambda: 1.0)

    async def _sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)

    def link(
        self, provider: Provider, model: str = "gpt", price: Price | None = PRICE, gate: int = 4
    ) -> Link:
        asked = Asked(model, provider.name, provider.model, price)
        return Link(asked, Capabilities(8_192), Gate(gate), Breaker(lambda: self.seconds), provider)

    def chain(self, *links: Link, **patience: object) -> Chain:
        from dataclasses import replace

        return Chain(links, self.treasury, replace(self.patience, **patience))  # type: ignore[arg-type]


async def items(
    provider: Provider, request: Request = REQUEST, until: Callable[[Item], bool] | None = None
) -> list[Item]:
    found: list[Item] = []
    async with aclosing(provider.stream(request)) as answer:
        async for item in answer:
            found.append(item)
            if until is not None and until(item):
                break
    return found
