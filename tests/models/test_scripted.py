"""The scripted provider keeps the contract, and says what it was given."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tertulia.models.provider import Provider, ProviderError, Request, Turn
from tertulia.models.scripted import Scripted, pieces
from tests.contracts.provider import REQUEST, ProviderContract, heard


class _Noticing(Scripted):
    """Tells when a call of it is cancelled."""

    gone: threading.Event

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        if name == "cancelled" and value:
            self.gone.set()


class TestScripted(ProviderContract):
    @contextmanager
    def made(self, behaviour: str) -> Iterator[Provider]:
        self.gone = threading.Event()
        spoken = 0

        async def endless() -> None:
            nonlocal spoken
            spoken += 1
            if spoken > len(pieces(self.ANSWER)):
                if behaviour == "cut":
                    raise ProviderError("failed", "cut")
                await asyncio.Event().wait()

        error = ProviderError(behaviour) if behaviour in self.KINDS else self.ANSWER  # type: ignore[arg-type]
        script = [f"{self.ANSWER} more"] if behaviour in ("endless", "cut") else [error]
        provider = _Noticing(script, before_piece=endless if behaviour in ("endless", "cut") else None)
        provider.gone = self.gone
        yield provider


def test_answers_come_in_turn_and_requests_are_kept() -> None:
    provider = Scripted(["one", "two"])
    said = ["".join(asyncio.run(heard(provider))[0]) for _ in range(3)]
    assert said == ["one", "two", "one"]
    assert provider.requests == [REQUEST] * 3


def test_a_function_may_answer() -> None:
    provider = Scripted(lambda request: request.turns[-1].text.upper())
    assert asyncio.run(heard(provider, Request("", (Turn("user", "eco"),))))[0] == ["ECO"]


def test_it_is_plainly_named() -> None:
    assert Scripted(["x"]).name == "scripted"
