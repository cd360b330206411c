"""SQLite keeps the contract, and keeps it over a restart."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tertulia.ports import Clock, Store, StoreError
from tertulia.protocol.history import Mask, Page, Piece, RoomRecord, StreamEnd
from tertulia.store.sqlite import SqliteStore
from tests.contracts.forgetting import ForgettingContract
from tests.contracts.happenings import HappeningsContract
from tests.contracts.search import SearchContract
from tests.contracts.store import StoreContract, at, said, texts, whispered
from tests.store.conftest import MovedClock


class TestSqliteStore(StoreContract, SearchContract, HappeningsContract, ForgettingContract):
    @pytest.fixture(params=["full", "normal"])
    def store(self, path: Path, clock: Clock, request: pytest.FixtureRequest) -> Iterator[Store]:
        store = SqliteStore(path, request.param, clock)
        yield store
        store.close()


def test_everything_is_there_after_a_restart(path: Path, clock: MovedClock) -> None:
    room = RoomRecord("#tea", "#Tea", 1, "topic", flags="nt", bans=(Mask("a!*@*", "x", 1),))
    kept = [said(1), whispered(2, "ANA", "BOB"), said(3, account="ana")]
    store = SqliteStore(path, "full", clock)
    store.commit([*kept, room])
    store.close()
    again = SqliteStore(path, "full", clock)
    assert again.page(Page(("#tea", "ANA BOB"))) == kept
    assert list(again.rooms()) == [room]
    assert again.last_id() == at(3)
    again.close()


def test_a_stream_left_open_is_closed_with_what_there_is(path: Path, clock: MovedClock) -> None:
    store = SqliteStore(path, "full", clock)
    store.commit([said(1, text="", state="open", tags="a=b"), said(2, text="", state="open")])
    store.commit(
        [Piece(at(1), 0, "half", False), Piece(at(1), 1, " an", True), Piece(at(1), 2, "ans", False)]
    )
    store.close()
    again = SqliteStore(path, "full", clock)
    first, second = again.page(Page(("#tea",)))
    assert first == said(1, text="half an\nans", cuts=first.cuts, tags="a=b", state="incomplete")
    assert (second.text, second.state) == ("", "incomplete")
    with pytest.raises(StoreError):
        again.commit([StreamEnd(at(1), "too late", "", "", "")])
    again.close()
    assert _ask(path, "SELECT count(*) FROM pieces") == [(0,)]


def test_text_that_is_no_text_is_refused_alone(path: Path, clock: MovedClock) -> None:
    store = SqliteStore(path, "full", clock)
    for broken in (said(1, text="\udcff"), said(2, id=1 << 64), said(3, text=None)):
        with pytest.raises(StoreError) as refused:
            store.commit([said(9), broken])
        assert refused.value.code == "failed"
    store.commit([said(4)])  # at once: no pause, for the disk is well
    assert texts(store.page(Page(("#tea",)))) == ["line 4"]
    store.close()


def test_nobody_else_on_the_machine_may_read_it(path: Path, clock: MovedClock) -> None:
    store = SqliteStore(path, "full", clock)
    store.commit([said(1)])
    files = sorted(file.name for file in path.parent.iterdir())
    assert files == ["tertulia.db", "tertulia.db-shm", "tertulia.db-wal", "tertulia.db.lock"]
    assert {file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {0o600}
    store.close()
    assert not path.with_name("tertulia.db-wal").exists()


def test_a_backup_taken_while_serving_is_whole(path: Path, clock: MovedClock) -> None:
    """The command that docs/store.md gives."""
    store = SqliteStore(path, "full", clock)
    store.commit([said(1), said(2, text="", state="open"), Piece(at(2), 0, "half", False)])
    backup = path.with_name("backup.db")
    _ask(path, f"VACUUM INTO '{backup}'")
    store.commit([said(3)])
    store.close()
    restored = SqliteStore(backup, "full", clock)
    assert texts(restored.page(Page(("#tea",)))) == ["line 1", "half"]
    restored.close()


@pytest.mark.parametrize(("durability", "synchronous"), [("full", 2), ("normal", 1)])
def test_durability_is_what_sqlite_is_told(
    path: Path, clock: MovedClock, durability: str, synchronous: int
) -> None:
    store = SqliteStore(path, durability, clock)
    assert store._connection is not None
    assert store._connection.execute("PRAGMA synchronous").fetchone() == (synchronous,)
    assert store._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    store.close()


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        ("NEWEST", "ix_messages_buffer"),
        ("OLDEST", "ix_messages_buffer"),
        ("LATEST", "ix_messages_buffer"),
        ("EVERYWHERE", "INTEGER PRIMARY KEY"),
        ("OPEN_STREAMS", "ix_messages_open"),
        ("CONVERSATIONS_SENT", "ix_messages_sender"),
        ("CONVERSATIONS_RECEIVED", "ix_messages_recipient"),
    ],
)
def test_no_question_reads_the_whole_history(
    path: Path, clock: MovedClock, statement: str, index: str
) -> None:
    from tertulia.store import statements

    SqliteStore(path, "full", clock).close()
    text = getattr(statements, statement)
    marks = (text.count("?1") and 2) or text.count("?")
    connection = sqlite3.connect(path)
    plan = connection.execute(f"EXPLAIN QUERY PLAN {text}", (1,) * marks).fetchall()
    connection.close()
    touching = [row[3] for row in plan if "messages" in row[3]]
    assert touching
    assert all(index in step for step in touching), plan
    assert not any("TEMP B-TREE" in row[3] for row in plan)


def _ask(path: Path, question: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(question).fetchall()
    finally:
        connection.close()
