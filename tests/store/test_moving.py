"""From SQLite to PostgreSQL and back: nothing is lost, and nothing by half."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tertulia.ports import Store, StoreError
from tertulia.protocol.accounts import AccountRecord
from tertulia.protocol.history import Mask, Page, Piece, RoomRecord, Search
from tertulia.protocol.words import asked_for
from tertulia.store.ledger import open_ledger
from tertulia.store.moving import ROWS, move
from tertulia.store.open import open_store
from tests.contracts.ledger import call, keep
from tests.contracts.store import at, handed, said, texts, whispered
from tests.store.conftest import MovedClock
from tests.support import postgres


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/tertulia.db"


@pytest.fixture
def other() -> Iterator[str]:
    url = postgres.database(empty=True)
    yield url
    postgres.drop(url)


ACCOUNT = AccountRecord("ana", "Ana", 1, "hash", "scram", ("f" * 64,), "", False, "no", '{"a": "b"}', 9)
ROOM = RoomRecord("#tea", "#Tea", 1, "¿té? 🫖", flags="nt", bans=(Mask("a!*@*", "x", 1),))


def fill(url: str, clock: MovedClock) -> None:
    with_store = open_store(url, "full", clock)
    with_store.commit([said(number) for number in range(1, ROWS + 10)])
    with_store.commit([whispered(9_000, "ANA", "BOB", tags="+a=\\:"), ACCOUNT, ROOM, handed("k")])
    with_store.commit([said(9_001, text="", state="open"), Piece(at(9_001), 0, "half", True)])
    with_store.close()


def everything(store: Store) -> list[object]:
    return [
        store.page(Page(("#tea", "ANA BOB"), limit=10_000)),
        list(store.rooms()),
        list(store.accounts()),
        store.files(None, None, 10),
        store.last_id(),
    ]


def test_there_and_back(sqlite: str, other: str, tmp_path: Path, clock: MovedClock) -> None:
    fill(sqlite, clock)
    told: dict[str, int] = {}
    rows = move(sqlite, other, clock, told.__setitem__)
    assert told["messages"] == ROWS + 11 and rows == sum(told.values())
    back = f"sqlite:///{tmp_path}/back.db"
    assert move(other, back, clock) == rows
    stores = [open_store(url, "full", clock) for url in (sqlite, other, back)]
    first, *others = [everything(store) for store in stores]
    assert first[4] == at(9_001) and others == [first, first]
    for store in stores:
        store.close()


def test_new_calls_go_on_counting(sqlite: str, other: str, clock: MovedClock) -> None:
    """The ledger's rows are numbered by the database."""
    open_store(sqlite, "full", clock).close()
    first = open_ledger(sqlite)
    kept = keep(first, call(1))
    first.close()
    move(sqlite, other, clock)
    second = open_ledger(other)
    assert keep(second, call(2)).id == kept.id + 1
    second.close()


def test_what_was_moved_can_be_searched(sqlite: str, other: str, clock: MovedClock) -> None:
    store = open_store(sqlite, "full", clock)
    store.commit([said(1, text="un café con leche"), said(2, text="té")])
    store.close()
    move(sqlite, other, clock)
    moved = open_store(other, "full", clock)
    while moved.tend():
        pass
    assert texts(moved.search(Search(buffers=("#tea",), phrases=asked_for("cafe")))) == ["un café con leche"]
    moved.close()


def test_a_database_with_something_in_it_is_left_alone(sqlite: str, other: str, clock: MovedClock) -> None:
    fill(sqlite, clock)
    kept = open_store(other, "full", clock)
    kept.commit([said(1, text="theirs")])
    kept.close()
    with pytest.raises(StoreError, match="not empty"):
        move(sqlite, other, clock)
    again = open_store(other, "full", clock)
    assert texts(again.page(Page(("#tea",)))) == ["theirs"]
    again.close()


def test_not_while_a_server_runs(sqlite: str, other: str, clock: MovedClock) -> None:
    serving = open_store(sqlite, "full", clock)
    with pytest.raises(StoreError) as refused:
        move(sqlite, other, clock)
    assert refused.value.code == "locked"
    serving.close()
