"""The log is carried over beside the writer, stays short, and nothing committed depends on it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tertulia.protocol.history import Page
from tertulia.store import checkpoints
from tertulia.store.checkpoints import FRAME_HEADER_BYTES, HEADER_BYTES, Carrier, Log
from tertulia.store.database import Database
from tertulia.store.sqlite import SqliteStore
from tests.contracts.store import said, texts
from tests.store.conftest import MovedClock

STEP, END, SHORT, BEHIND = 20, 80, 10, 80
PAGE_BYTES = 4_096
WAIT_SECONDS = 60.0
LARGEST_COMMIT = 40  # pages that one of the commits below writes at most, with all it touches


@pytest.fixture
def store(path: Path, clock: MovedClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteStore]:
    SqliteStore(path, "full", clock).close()  # making the tables writes some pages too
    for name, pages in (("STEP", STEP), ("END", END), ("SHORT", SHORT), ("BEHIND", BEHIND)):
        monkeypatch.setattr(checkpoints, f"{name}_PAGES", pages)
    store = SqliteStore(path, "full", clock)
    yield store
    store.close()


def talk(store: SqliteStore, first: int, count: int) -> None:
    for number in range(first, first + count):
        store.commit([said(number, text=f"{number} " + "x" * 2_000)])


def log_bytes(path: Path) -> int:
    return path.with_name(f"{path.name}-wal").stat().st_size


def pages(count: int) -> int:
    return HEADER_BYTES + count * (FRAME_HEADER_BYTES + PAGE_BYTES)


def settled(store: SqliteStore) -> Carrier:
    """The thread, when it has done what it was asked for."""
    carrier = store._checkpoints._carrier
    assert carrier is not None
    assert carrier.idle.wait(WAIT_SECONDS)
    return carrier


def in_the_file(path: Path) -> int:
    """How many messages are in the database's own file, without its log."""
    bare = path.with_name("bare.db")
    bare.write_bytes(path.read_bytes())
    with closing(sqlite3.connect(bare)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return int(connection.execute("SELECT count(*) FROM messages").fetchone()[0])


def test_a_thread_carries_over_what_was_committed(store: SqliteStore, path: Path) -> None:
    talk(store, 1, STEP)
    carrier = settled(store)
    assert carrier.carried >= STEP
    assert in_the_file(path) > 0


def test_the_writer_alone_never_does(store: SqliteStore, path: Path) -> None:
    """`wal_autocheckpoint` is off: without the thread's work the file stays as it was."""
    assert store._connection is not None
    assert store._connection.execute("PRAGMA wal_autocheckpoint").fetchone() == (0,)
    before = path.read_bytes()
    talk(store, 1, 3)
    assert path.read_bytes() == before


def test_a_small_store_needs_no_thread(path: Path, clock: MovedClock) -> None:
    """As it is for most commands of the shell."""
    store = SqliteStore(path, "full", clock)
    talk(store, 1, 1)
    while store.tend():
        pass
    assert store._checkpoints._carrier is None
    store.close()


def test_at_rest_the_log_is_carried_over(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "STEP_PAGES", 10_000)
    talk(store, 1, 5)
    while store.tend():
        pass
    settled(store)
    assert in_the_file(path) == 5


def test_the_log_stays_short(store: SqliteStore, path: Path) -> None:
    talk(store, 1, 1_000)
    assert log_bytes(path) <= pages(END + BEHIND + LARGEST_COMMIT)
    assert len(store.page(Page(("#tea",), limit=2_000))) == 1_000


def test_the_log_stays_short_when_there_can_be_no_thread(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(database: Database) -> None:
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr(Database, "beside", refuse)
    talk(store, 1, 1_000)
    assert store._checkpoints._carrier is None
    assert log_bytes(path) <= pages(END + LARGEST_COMMIT)


def test_a_thread_that_gets_stuck_is_not_waited_for_for_ever(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "STORE_LOCK_SECONDS", 0.0)
    monkeypatch.setattr(Carrier, "ask", lambda carrier, salts: carrier.idle.clear())
    talk(store, 1, 1_000)
    assert log_bytes(path) <= pages(END + BEHIND + LARGEST_COMMIT)


def test_who_reads_makes_it_grow_until_the_reader_goes(store: SqliteStore, path: Path) -> None:
    talk(store, 1, 1)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM messages").fetchone() == (1,)
        talk(store, 2, 300)
        assert log_bytes(path) > pages(END + BEHIND)
        assert reader.execute("SELECT count(*) FROM messages").fetchone() == (1,)
    talk(store, 400, 2 * END)  # so much further at most until the next look, and then from the start
    settled(store)
    grown = log_bytes(path)
    talk(store, 700, 500)
    assert log_bytes(path) == grown


def test_closing_leaves_one_file(store: SqliteStore, path: Path) -> None:
    talk(store, 1, 200)
    store.close()
    assert sorted(file.name for file in path.parent.iterdir()) == ["tertulia.db", "tertulia.db.lock"]
    assert in_the_file(path) == 200


def test_it_goes_on_after_a_failure(store: SqliteStore, path: Path, clock: MovedClock) -> None:
    talk(store, 1, 2 * STEP)
    settled(store)
    store._give_up()
    talk(store, 100, 2 * STEP)
    settled(store)
    assert len(texts(store.page(Page(("#tea",), limit=1_000)))) == 4 * STEP


def test_the_log_is_read_as_its_format_says(path: Path, clock: MovedClock) -> None:
    """The number of pages of the log, beside what SQLite says of it."""
    store = SqliteStore(path, "full", clock)
    log = Log(path)
    talk(store, 1, 7)
    assert store._connection is not None
    salts = log.salts()
    frames = store._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[1]
    assert log.reaches(frames)
    assert not log.reaches(frames + 1)
    talk(store, 8, 1)  # all was carried over, so the log begins anew: the old frames are still in the file
    assert log.salts() != salts
    assert log.reaches(1)
    assert not log.reaches(frames)
    log.close()
    store.close()


def test_a_log_that_is_not_there_has_no_pages(tmp_path: Path) -> None:
    log = Log(tmp_path / "none.db")
    assert log.salts() == b""
    assert not log.reaches(1)
    log.close()
    (tmp_path / "none.db-wal").touch()
    assert log.salts() == b""
    assert not log.reaches(1)
