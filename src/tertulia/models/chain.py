"""A model with patience: tries again, gives up in time, and lets the next in the chain answer.

What belongs here: attempts, the deadline of the first word, breakers, fallbacks, and the ledger's tickets
around each call. What must not: formats of providers, rooms. It is a `Provider` itself.

Nothing is tried again once a word was said: the room has heard it.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, field, replace
from typing import Final

from tertulia import limits
from tertulia.models.breaker import Breaker
from tertulia.models.gate import Gate
from tertulia.models.provider import (
    Answer,
    Bill,
    Capabilities,
    Delta,
    Item,
    Kind,
    Provider,
    ProviderError,
    Request,
    Served,
    ToolCall,
    Usage,
)
from tertulia.models.treasury import Asked, Ticket, Treasury
from tertulia.protocol.ledger import Call

RETRY_SECONDS: Final = 1.0  # before the second attempt, doubled for the third, half of it by chance
RETRY_AFTER_SECONDS: Final = 20.0  # a provider that asks for longer is not waited for

IN_VAIN: Final[frozenset[Kind]] = frozenset(
    {"no_key", "wrong_key", "no_such_model", "no_network", "no_credit", "overloaded", "too_long", "missing"}
)
"""Refusals that come before the provider reads the prompt: nobody bills for them."""

OURS: Final[frozenset[Kind]] = frozenset({"too_long", "refused", "no_budget", "no_ledger"})
"""What says nothing about how the provider is."""

LEADS_NOWHERE: Final[frozenset[Kind]] = frozenset({"too_long", "refused", "no_ledger"})
"""What another model would be asked in vain."""


@dataclass(frozen=True, slots=True)
class Patience:
    """The bounds of a call, and its ways to wait; tests bring their own."""

    attempts: int = limits.MODEL_ATTEMPTS
    first_token_seconds: float = limits.MODEL_FIRST_TOKEN_SECONDS
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random


@dataclass(slots=True, eq=False)
class Link:
    """One model that can be asked, alone or for another. `provider`: None while it is not here."""

    asked: Asked
    capabilities: Capabilities
    gate: Gate
    breaker: Breaker
    provider: Provider | None = None
    trouble: ProviderError = field(default_factory=lambda: ProviderError("failed", "not here"))


class Chain:
    """The first link, and those that answer for it when it cannot. The first one's gate is its desk's to
    keep; those of the others are kept here."""

    def __init__(self, links: Sequence[Link], treasury: Treasury, patience: Patience | None = None) -> None:
        self.links = tuple(links)
        self._treasury = treasury
        self._patience = patience or Patience()

    @property
    def name(self) -> str:
        return self.links[0].asked.provider

    @property
    def model(self) -> str:
        provider = self.links[0].provider
        return provider.model if provider else self.links[0].asked.provider_model

    @property
    def capabilities(self) -> Capabilities:
        """The first one's; local only when all of them are, since any may be sent what was said."""
        local = all(link.capabilities.local for link in self.links)
        return replace(self.links[0].capabilities, local=local)

    async def stream(self, request: Request) -> Answer:
        trouble: ProviderError | None = None
        for number, link in enumerate(self.links):
            said = False
            try:
                async with aclosing(self._answer(link, request, fallback=bool(number))) as answer:
                    async for item in answer:
                        said = said or isinstance(item, (Delta, ToolCall))
                        yield item
                return
            except ProviderError as error:
                trouble = trouble or error  # people want to know what is wrong with the one they asked
                if said or error.kind in LEADS_NOWHERE:
                    raise
        assert trouble is not None, "a chain has a link"
        raise trouble

    async def close(self) -> None:
        """Providers are closed by whoever made them."""

    # --- One link -----------------------------------------------------------------------------------------

    async def _answer(self, link: Link, request: Request, fallback: bool) -> AsyncGenerator[Item, None]:
        """Attempts until one is whole, or nothing was said and none is left."""
        async with AsyncExitStack() as stack:
            if fallback and link.gate is not self.links[0].gate:  # which is held already
                await self._enter(stack, link.gate)
            for attempt in range(1, self._patience.attempts + 1):
                said = False
                try:
                    async with aclosing(self._attempt(link, request, fallback)) as answer:
                        async for item in answer:
                            said = said or isinstance(item, (Delta, ToolCall))
                            yield item
                    return
                except ProviderError as error:
                    wait = self._wait(error, attempt)
                    if said or wait is None or link.breaker.state == "open":
                        raise
                    self._treasury.tally.retries[link.asked.model] += 1
                    await self._patience.sleep(wait)

    async def _enter(self, stack: AsyncExitStack, gate: Gate) -> None:
        """Two models that answer for each other could wait for each other's gates: not for long."""
        try:
            async with asyncio.timeout(self._patience.first_token_seconds):
                await stack.enter_async_context(gate)
        except TimeoutError as error:
            raise ProviderError("timed_out") from error

    def _wait(self, error: ProviderError, attempt: int) -> float | None:
        """Seconds before the next attempt; None when there is none."""
        after = error.retry_after_seconds or 0.0
        if not error.retryable or attempt >= self._patience.attempts or after > RETRY_AFTER_SECONDS:
            return None
        backoff = float(RETRY_SECONDS * 2 ** (attempt - 1))
        return max(after, backoff * (0.5 + self._patience.chance() / 2))

    async def _attempt(self, link: Link, request: Request, fallback: bool) -> AsyncGenerator[Item, None]:
        if link.provider is None:
            raise link.trouble
        if not link.breaker.allow():
            raise ProviderError("resting", f"{link.breaker.seconds_left:.0f}")
        asked = replace(link.asked, fallback_for=self.links[0].asked.model if fallback else "")
        try:
            ticket = self._treasury.open(asked, request)
        except ProviderError as error:
            link.breaker.neither()
            self._treasury.failed(asked.model, error)
            raise
        outcome, in_vain = "stopped", False
        try:
            request = replace(request, answer_tokens=ticket.answer_tokens)
            async with aclosing(self._heard(link, request, ticket, fallback)) as answer:
                async for item in answer:
                    yield item
            outcome = "whole"
            link.breaker.worked()
        except ProviderError as error:
            outcome, in_vain = error.kind, error.kind in IN_VAIN
            self._treasury.failed(asked.model, error)
            _judge(link.breaker, error)
            raise
        finally:
            link.breaker.neither()
            call = ticket.settle(outcome, in_vain)
        yield _bill(call)

    async def _heard(
        self, link: Link, request: Request, ticket: Ticket, fallback: bool
    ) -> AsyncGenerator[Item, None]:
        assert link.provider is not None
        request = request.for_one_who_can(link.capabilities)
        async with aclosing(link.provider.stream(request)) as answer:
            item = await self._first(answer)
            if item is not None:
                if fallback:
                    self._treasury.tally.fallbacks[self.links[0].asked.model, link.asked.model] += 1
                yield Served(link.asked.provider, link.provider.model, self.model if fallback else "")
            while item is not None:
                if isinstance(item, Delta):
                    ticket.heard(item.text)
                elif isinstance(item, ToolCall):
                    ticket.heard(item.arguments)
                elif isinstance(item, Usage):
                    ticket.reported(item)
                yield item
                item = await anext(answer, None)

    async def _first(self, answer: Answer) -> Item | None:
        try:
            async with asyncio.timeout(self._patience.first_token_seconds):
                return await anext(answer, None)
        except TimeoutError as error:
            raise ProviderError("timed_out") from error


def _judge(breaker: Breaker, error: ProviderError) -> None:
    after = error.retry_after_seconds or 0.0
    if error.kind in OURS:
        breaker.neither()
    elif after > RETRY_AFTER_SECONDS:
        breaker.rest(after)
    else:
        breaker.failed(after)


def _bill(call: Call) -> Bill:
    return Bill(call.nano if call.priced else None, call.currency, call.estimated)
