"""What the store's tests share: a clock that they move, and the contract's assertions with their values."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite(
    "tests.contracts.store",
    "tests.contracts.search",
    "tests.contracts.ledger",
    "tests.contracts.happenings",
    "tests.contracts.forgetting",
)


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
