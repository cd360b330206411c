"""What was acknowledged is there after `kill -9`, however often, and the database is sound.

A child commits in a loop and prints each id when `commit` has returned; it is killed in the middle of its
work. The wait before each kill is counted in acknowledged commits, so that no round depends on the
machine's speed.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tertulia.protocol.history import Page
from tertulia.store.sqlite import SqliteStore
from tests.contracts.store import at
from tests.store.conftest import MovedClock

ROUNDS = 20

CHILD = """
import os, sys
from pathlib import Path
from tertulia.protocol.history import Piece, StreamEnd
from tertulia.store import checkpoints
from tertulia.store.sqlite import SqliteStore
from tests.contracts.store import at, said
class Clock:
    def monotonic(self): return 0.0
    def now_ms(self): return 0
checkpoints.STEP_PAGES, checkpoints.END_PAGES = 20, 60  # so that most deaths come in the midst of one
store = SqliteStore(Path(sys.argv[1]), sys.argv[2], Clock())
number = int(sys.argv[3])
while True:
    group = [said(number + place, text=f"{number + place} " + "z" * (number % 700)) for place in range(1, 4)]
    stream = said(number, text="", state="open")
    store.commit([stream, *group, Piece(stream.id, 0, "grew", False)])
    store.commit([StreamEnd(stream.id, "grew whole", "", "", "")])
    os.write(1, f"{number}\\n".encode())
    number += 4
"""


def killed(path: Path, durability: str, first: int, commits: int) -> list[int]:
    """Run the child from number `first`, kill it after `commits`; the numbers it acknowledged."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path), durability, str(first)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert child.stdout is not None
    lines = [child.stdout.readline() for _ in range(commits)]
    child.kill()
    rest, _ = child.communicate()
    whole, _, _ = (b"".join(lines) + rest).rpartition(b"\n")
    return [int(line) for line in whole.split()]


@pytest.mark.slow
@pytest.mark.parametrize("durability", ["full", "normal"])
def test_nothing_acknowledged_is_lost(tmp_path: Path, clock: MovedClock, durability: str) -> None:
    path = tmp_path / "tertulia.db"
    acknowledged: list[int] = []
    first = 0
    for round_ in range(ROUNDS):
        acknowledged += killed(path, durability, first, commits=1 + 37 * round_ % 200)
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        first = acknowledged[-1] + 1_000
    store = SqliteStore(path, durability, clock)
    kept = {message.id: message for message in store.page(Page(("#tea",), limit=1_000_000))}
    store.close()
    assert len(acknowledged) >= ROUNDS
    for number in acknowledged:
        assert kept[at(number)].text == "grew whole"
        assert all(kept[at(number + place)].text.startswith(f"{number + place} ") for place in range(1, 4))
    assert {message.state for message in kept.values()} <= {"", "incomplete"}
    assert_all_or_none(sorted(kept))


def assert_all_or_none(ids: list[int]) -> None:
    """A commit made four messages: whatever is there of one is all of it."""
    numbers = [(message_id - at(0)) >> 18 for message_id in ids]
    assert len(numbers) % 4 == 0
    for place in range(0, len(numbers), 4):
        group = numbers[place : place + 4]
        assert group == list(range(group[0], group[0] + 4))
