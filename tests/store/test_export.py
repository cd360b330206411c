"""All history from the side, while the server is writing, a page at a time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tertulia.limits import HISTORY_PAGE
from tertulia.ports import StoreError
from tertulia.protocol.accounts import AccountRecord, identity_of
from tertulia.protocol.history import Piece, msgid
from tertulia.store.export import history
from tertulia.store.sqlite import SqliteStore
from tests.contracts.store import START_MS, at, said, whispered


def test_an_entry_says_all_in_plain_words(store: SqliteStore, path: Path) -> None:
    store.commit(
        [
            said(7, account="ana", target="#Tea", text="¿té?", tags="+draft/reply=1;x=a\\sb"),
            whispered(8, "ANA", "BOB", kind="NOTICE", state="incomplete"),
        ]
    )
    first, second = history(f"sqlite:///{path}")
    assert first == {
        "time": "2023-11-14T22:13:20.007Z",
        "msgid": msgid(at(7)),
        "buffer": "room",
        "kind": "PRIVMSG",
        "sender": "ana!ana@host",
        "account": "ana",
        "target": "#Tea",
        "text": "¿té?",
        "state": "whole",
        "tags": {"+draft/reply": "1", "x": "a b"},
    }
    assert (second["buffer"], second["kind"], second["target"]) == ("private", "NOTICE", "bob")
    assert (second["state"], second["account"], second["tags"]) == ("incomplete", None, {})
    assert json.loads(json.dumps(first, ensure_ascii=False)) == first


def test_a_persons_own_data(store: SqliteStore, path: Path) -> None:
    ana = AccountRecord("ana", "Ana", 1)
    mine = identity_of(ana)
    store.commit(
        [
            ana,
            said(1, account="Ana"),
            said(2, account="Bob"),
            whispered(3, mine, "BOB", account="Ana"),
            whispered(4, "BOB", mine, account="Bob"),
            whispered(5, "BOB", "CARL", account="Bob"),
            said(6, "#b", account="Ana"),
        ]
    )
    found = history(f"sqlite:///{path}", account="ana")
    assert [entry["text"] for entry in found] == ["line 1", "line 3", "line 4", "line 6"]
    with pytest.raises(StoreError):
        list(history(f"sqlite:///{path}", account="nobody"))


def test_a_growing_message_is_told_as_far_as_it_is(store: SqliteStore, path: Path) -> None:
    store.commit(
        [said(1, text="", state="open"), Piece(at(1), 0, "so", False), Piece(at(1), 1, " far", True)]
    )
    (growing,) = history(f"sqlite:///{path}")
    assert (growing["text"], growing["state"]) == ("so far", "open")


@pytest.mark.parametrize(
    ("rooms", "since", "until", "expected"),
    [
        ((), None, None, [1, 2, 3, 4]),
        (("#tea",), None, None, [1, 3]),
        (("#tea", "#b"), None, None, [1, 2, 3]),
        ((), 2, None, [2, 3, 4]),
        ((), None, 3, [1, 2]),
        ((), 2, 4, [2, 3]),
        (("#tea",), 2, 4, [3]),
        ((), 1 << 60, None, []),
        ((), -START_MS - 5, 1 << 60, [1, 2, 3, 4]),
    ],
)
def test_since_is_included_and_until_is_not(
    store: SqliteStore,
    path: Path,
    rooms: tuple[str, ...],
    since: int | None,
    until: int | None,
    expected: list[int],
) -> None:
    store.commit([said(1), said(2, "#b"), said(3), whispered(4, "ANA", "BOB", text="line 4")])
    moments = [None if moment is None else START_MS + moment for moment in (since, until)]
    found = [entry["text"] for entry in history(f"sqlite:///{path}", rooms, *moments)]
    assert found == [f"line {number}" for number in expected]


@pytest.mark.parametrize("rooms", [(), ("#tea",)])
def test_several_pages_while_the_server_writes(
    store: SqliteStore, path: Path, rooms: tuple[str, ...]
) -> None:
    count = HISTORY_PAGE * 2 + 1
    store.commit([said(number) for number in range(count)])
    entries = history(f"sqlite:///{path}", rooms)
    found = [next(entries)["text"]]
    store.commit([said(count)])
    # The reader stands between two pages and holds nothing: the log can be carried over whole.
    assert store._connection is not None
    busy, log, carried = store._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert (busy, log, carried) == (0, 0, 0)
    found += [entry["text"] for entry in entries]
    assert found == [f"line {number}" for number in range(count + 1)]


def test_a_closed_database_is_read_too(store: SqliteStore, path: Path) -> None:
    store.commit([said(1)])
    store.close()
    assert [entry["text"] for entry in history(f"sqlite:///{path}")] == ["line 1"]


def test_what_cannot_be_read_is_explained(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such database"):
        list(history(f"sqlite:///{tmp_path}/none.db"))
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "bad.db").write_bytes(b"this is no database. " * 400)
    with pytest.raises(StoreError) as refused:
        list(history(f"sqlite:///{tmp_path}/bad.db"))
    assert refused.value.code == "corrupt"
    (tmp_path / "empty.db").touch()
    with pytest.raises(StoreError, match="start the server once"):
        list(history(f"sqlite:///{tmp_path}/empty.db"))
