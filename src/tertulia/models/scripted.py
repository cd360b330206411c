"""A provider that knows its answers beforehand: for tests and demonstrations, and named so.

What belongs here: answers from a list or a function, in pieces. What must not: anything that looks like
thinking.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from tertulia.models.provider import Answer as Spoken
from tertulia.models.provider import Capabilities, Delta, ProviderError, Request, ToolCall, Usage

Part = str | ToolCall
Answer = Callable[[Request], str | Sequence[Part] | ProviderError]
_CALL: Final = re.compile(r"\[\[([A-Za-z0-9_-]+) (\{.*?\})\]\]")
_PIECE: Final = re.compile(r"\s*\S+|\s+")


def pieces(text: str) -> list[str]:
    """A text cut before its spaces, as models tend to speak."""
    return _PIECE.findall(text)


def parts_of(text: str) -> list[Part]:
    """A text's pieces, then the calls of tools that it names as `[[name {"of": "arguments"}]]`."""
    calls = _CALL.findall(text)
    spoken: list[Part] = list(pieces(_CALL.sub("", text).rstrip())) if calls else list(pieces(text))
    return spoken + [ToolCall(f"call_{n}", name, given) for n, (name, given) in enumerate(calls)]


class Scripted:
    """Answers in turn, over and over; or what a function says. A `ProviderError` among them is raised.

    `before_piece` is awaited before every piece: a test's fence, a demonstration's pace.
    """

    name = "scripted"

    def __init__(
        self,
        answers: Sequence[str | ProviderError] | Answer,
        *,
        model: str = "scripted",
        before_piece: Callable[[], Awaitable[None]] | None = None,
        tools: bool = False,
    ) -> None:
        self.model = model
        self.capabilities = Capabilities(context_tokens=8_192, tools=tools, local=True)
        self.requests: list[Request] = []  # the latest hundred
        self.cancelled = 0
        self._answers = answers
        self._before_piece = before_piece
        self._asked = 0

    async def stream(self, request: Request) -> Spoken:
        self.requests = [*self.requests[-99:], request]
        answer = self._answer(request)
        if isinstance(answer, ProviderError):
            raise answer
        parts: Sequence[Part] = parts_of(answer) if isinstance(answer, str) else answer
        try:
            for part in parts:
                await (self._before_piece() if self._before_piece else asyncio.sleep(0))
                yield part if isinstance(part, ToolCall) else Delta(part)
        except (asyncio.CancelledError, GeneratorExit):
            self.cancelled += 1
            raise
        words_in = sum(len(pieces(turn.text)) for turn in request.turns)
        yield Usage(words_in, len(parts))

    def _answer(self, request: Request) -> str | Sequence[Part] | ProviderError:
        self._asked += 1
        if callable(self._answers):
            return self._answers(request)
        return self._answers[(self._asked - 1) % len(self._answers)] if self._answers else ""

    async def close(self) -> None:
        pass
