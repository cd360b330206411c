"""What the store's tests share: a clock that they move, and a database in a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tertulia.store.sqlite import SqliteStore


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


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tertulia.db"


@pytest.fixture
def store(path: Path, clock: MovedClock) -> Iterator[SqliteStore]:
    store = SqliteStore(path, "full", clock)
    yield store
    store.close()
