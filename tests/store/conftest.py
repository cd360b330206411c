"""What the store's tests share: a clock that they move."""

from __future__ import annotations

import pytest


class MovedClock:
    """`ports.Clock` that stands still until a test moves it."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def now_ms(self) -> int:
        return int(self.seconds * 1_000)

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()
