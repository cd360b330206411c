"""Asking a provider for a whole text that nobody watches growing: summaries, rounds, translations.

What belongs here: waiting in line, the deadline, joining the pieces. What must not: what is asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import NamedTuple

from tertulia.limits import MODEL_ANSWER_CHARACTERS
from tertulia.models.gate import Gate
from tertulia.models.provider import Bill, Delta, Provider, ProviderError, Request, Served, Usage
from tertulia.models.words import Language, say

Asking = Callable[[], Awaitable[Request]]
"""Makes the request when its turn has come: what may be shown may have changed while it stood in line. May
raise `ProviderError`."""


class Withheld(ProviderError):
    """Whoever asked, or said it, wants it shown to no model elsewhere, and this one is elsewhere."""

    def __init__(self) -> None:
        super().__init__("refused", "opted out")

    def say(self, language: Language) -> str:
        return say("opted_out", language)


class Withdrawn(Withheld):
    """Somebody whose words are in what is to be sent again has come to want that."""

    def say(self, language: Language) -> str:
        return say("withdrawn", language)


class Whole(NamedTuple):
    """A whole answer, and where it comes from, as a stream would have told it."""

    text: str
    served: Served | None = None
    usage: Usage | None = None
    bill: Bill | None = None


async def whole(provider: Provider, gate: Gate, request: Asking, seconds: float) -> Whole:
    """The whole answer; raises `ProviderError`, "timed_out" when it is not there after so long, waiting in
    line included."""
    try:
        async with asyncio.timeout(seconds), gate:
            return await _gather(provider, await request())
    except TimeoutError as error:
        raise ProviderError("timed_out") from error


async def _gather(provider: Provider, request: Request) -> Whole:
    parts: list[str] = []
    size = 0
    served: Served | None = None
    usage: Usage | None = None
    bill: Bill | None = None
    async with aclosing(provider.stream(request)) as answer:
        async for item in answer:
            if isinstance(item, Delta):
                parts.append(item.text)
                size += len(item.text)
                if size > MODEL_ANSWER_CHARACTERS:
                    break
            elif isinstance(item, Served):
                served = item
            elif isinstance(item, Usage):
                usage = item
            elif isinstance(item, Bill):
                bill = item
    return Whole("".join(parts).strip(), served, usage, bill)
