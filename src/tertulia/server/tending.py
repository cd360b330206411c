"""Tending the store: the work that may wait, a few milliseconds at a time, between the ticks.

What belongs here: when it is done, and waiting for its end. What must not: the work itself (the stores).
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

from tertulia.limits import TEND_PAUSE_SECONDS, TEND_SECONDS, TEND_STEPS_WAITED
from tertulia.ports import StoreError

if TYPE_CHECKING:
    from tertulia.server.hub import Hub


class Tending:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._due = False  # a step has been asked for
        self._waiting: list[Tended] = []

    def wake(self) -> None:
        """Something was stored: tend it later, together with what else is by then."""
        if not self._due:
            self._due = True
            self._hub.scheduler.after(TEND_SECONDS, self._later)

    def done(self) -> Tended | None:
        """Await it before a search: all that is stored now is in order then. None: it is already."""
        if not self._step():
            return None
        waiting = Tended()
        self._waiting.append(waiting)
        if len(self._waiting) == 1:
            self._hub.scheduler.soon(self._for_who_waits)
        return waiting

    def _later(self) -> None:
        if self._step():
            self._hub.scheduler.after(TEND_PAUSE_SECONDS, self._later)
        else:
            self._due = False

    def _for_who_waits(self) -> None:
        """One step for each turn of the loop, so that others are heard meanwhile; not for ever, if so much is
        said that there is always more."""
        more = self._step()
        for waiting in list(self._waiting):
            waiting.steps += 1
            if not more or waiting.steps >= TEND_STEPS_WAITED:
                self._waiting.remove(waiting)
                waiting.over()
        if self._waiting:
            self._hub.scheduler.after(0.0, self._for_who_waits)

    def _step(self) -> bool:
        """False as well when the store fails: it is tried again with what is stored next."""
        try:
            return self._hub.store.tend()
        except StoreError as error:
            self._hub.log("store_not_tended", code=error.code, detail=str(error))
            return False


class Tended:
    """What a handler awaits: that nothing is left to tend."""

    def __init__(self) -> None:
        self.steps = 0
        self._callbacks: list[Callable[[Any], None]] = []

    def __await__(self) -> Generator[Any, None, None]:
        yield self

    def add_done_callback(self, callback: Callable[[Any], None]) -> None:
        self._callbacks.append(callback)

    def over(self) -> None:
        for callback in self._callbacks:
            callback(self)
