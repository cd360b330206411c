"""The pulse: how late the loop is, measured while an operator looks, and at no cost while nobody does.

What belongs here: the measuring. What must not: the other numbers (`vitals`).
"""

from __future__ import annotations

from collections import deque

from tertulia.limits import PULSE_LASTS_SECONDS, PULSE_SECONDS, PULSE_WINDOW_SECONDS
from tertulia.ports import Clock, Scheduler


class Pulse:
    """Beats every `PULSE_SECONDS` from the first look on, and stops `PULSE_LASTS_SECONDS` after the last."""

    def __init__(self, clock: Clock, scheduler: Scheduler) -> None:
        self._clock = clock
        self._scheduler = scheduler
        self._beating = False
        self._until = 0.0
        self._due = 0.0
        self._lags: deque[float] = deque(maxlen=round(PULSE_WINDOW_SECONDS / PULSE_SECONDS))

    def lag_ms(self) -> float | None:
        """The longest delay of the last seconds; None on the first look: nothing has been measured yet."""
        now = self._clock.monotonic()
        self._until = now + PULSE_LASTS_SECONDS
        if not self._beating:
            self._beating = True
            self._lags.clear()
            self._wait(now)
        return round(1_000 * max(self._lags), 2) if self._lags else None

    def _wait(self, now: float) -> None:
        self._due = now + PULSE_SECONDS
        self._scheduler.after(PULSE_SECONDS, self._beat)

    def _beat(self) -> None:
        now = self._clock.monotonic()
        self._lags.append(max(0.0, now - self._due))
        self._beating = now < self._until
        if self._beating:
            self._wait(now)
