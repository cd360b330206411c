"""A circuit breaker: who fails again and again is left alone for a while, then asked once to see.

What belongs here: its three states, on a clock that comes in. What must not: calls, waiting.

closed: calls go through. open: none does, until its time is over. half-open: one does; how it ends decides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

FAILURES: Final = 5  # in a row: three attempts of one question and two of the next
OPEN_SECONDS: Final = 15.0  # doubled each time the one call fails as well
LONGEST_SECONDS: Final = 300.0

State = Literal["closed", "open", "half-open"]


class Breaker:
    """Of one model at one endpoint. `monotonic`: seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._failures = 0
        self._seconds = OPEN_SECONDS
        self._until: float | None = None  # None: closed
        self._trying = False

    @property
    def state(self) -> State:
        if self._until is None:
            return "closed"
        return "open" if self.seconds_left > 0 else "half-open"

    @property
    def seconds_left(self) -> float:
        """Until it may be tried again; 0.0 when it may be now."""
        return 0.0 if self._until is None else max(0.0, self._until - self._monotonic())

    def allow(self) -> bool:
        """May a call be made now? A true answer at half-open is the one call: `worked`, `failed` or
        `neither` must follow."""
        if self._until is None:
            return True
        if self.seconds_left > 0 or self._trying:
            return False
        self._trying = True
        return True

    def worked(self) -> None:
        self._failures, self._seconds, self._until, self._trying = 0, OPEN_SECONDS, None, False

    def failed(self, retry_after_seconds: float | None = None) -> None:
        """One more failure of the provider's. A time that it named is kept to at once."""
        self._failures += 1
        if self._trying:
            self._seconds = min(LONGEST_SECONDS, self._seconds * 2)
        if self._trying or self._failures >= FAILURES:
            self._open(max(self._seconds, retry_after_seconds or 0.0))
        self._trying = False

    def rest(self, seconds: float) -> None:
        """Leave it alone for so long: it asked for that."""
        self._open(max(seconds, self.seconds_left))
        self._trying = False

    def neither(self) -> None:
        """The call ended in a way that says nothing of the provider: stopped, or the question's own fault."""
        self._trying = False

    def _open(self, seconds: float) -> None:
        self._until = self._monotonic() + seconds
