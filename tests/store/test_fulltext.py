"""The index of words: filled at leisure, never behind or ahead of what is stored, and only a convenience."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tertulia.limits import TEND_MESSAGES
from tertulia.ports import StoreError
from tertulia.protocol.history import Page, Redaction, Search, StreamEnd
from tertulia.protocol.words import asked_for
from tertulia.store.fulltext import VERSION
from tertulia.store.sqlite import SqliteStore
from tests.contracts.search import found, tended
from tests.contracts.store import at, said
from tests.store.conftest import MovedClock


def run(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


def terms(path: Path, beginning: str) -> list[str]:
    """The words in the index that begin so."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE VIRTUAL TABLE temp.seen USING fts5vocab('main', 'words', 'row')")
        return [term for (term,) in connection.execute("SELECT term FROM seen") if term.startswith(beginning)]


def test_a_step_is_small_and_the_next_goes_on(store: SqliteStore) -> None:
    store.commit([said(number, text="té") for number in range(1, 2 * TEND_MESSAGES + 2)])
    wanted = Search(("#tea",), phrases=asked_for("té"), limit=10_000)
    assert store.search(wanted) == []
    counts = []
    while store.tend():
        counts.append(len(store.search(wanted)))
    assert counts == [TEND_MESSAGES, 2 * TEND_MESSAGES, 2 * TEND_MESSAGES + 1]


def test_long_messages_make_smaller_steps(store: SqliteStore) -> None:
    store.commit([said(number, text="té " + "x" * 60_000) for number in range(1, 6)])
    assert store.tend()
    assert len(store.search(Search(("#tea",)))) == 2


def test_a_restart_goes_on_where_it_was(path: Path, store: SqliteStore, clock: MovedClock) -> None:
    store.commit([said(number) for number in range(1, TEND_MESSAGES + 2)])
    assert store.tend()
    store.close()
    again = SqliteStore(path, "full", clock)
    assert len(again.search(Search(("#tea",), limit=1_000))) == TEND_MESSAGES
    assert len(found(again, "line", limit=1_000)) == TEND_MESSAGES + 1
    again.close()


def test_an_index_that_is_missing_or_older_is_made_anew(
    path: Path, store: SqliteStore, clock: MovedClock
) -> None:
    for harm in (
        "DROP TABLE words",
        "DROP TABLE words_mark",
        f"UPDATE words_mark SET version = {VERSION + 1}",
    ):
        store.commit([said(len(harm), text="té")])
        assert found(store, "té")
        store.close()
        run(path, harm)
        store = SqliteStore(path, "full", clock)
        assert store.search(Search(("#tea",))) == []
        assert found(store, "té")[-1] == len(harm)
    store.close()


def test_the_words_of_what_is_deleted_leave_the_index(path: Path, store: SqliteStore) -> None:
    store.commit([said(1, text="secreto1 té"), said(2, text="té"), said(3, text="", state="open")])
    tended(store)
    store.commit([StreamEnd(at(3), "secreto2", "", "", "")])
    assert terms(path, "secreto") == ["secreto1", "secreto2"]
    store.commit([Redaction(at(1)), Redaction(at(3))])
    assert terms(path, "secreto") == []
    assert terms(path, "te") == ["te"]


def test_what_is_not_indexed_yet_may_be_deleted(path: Path, store: SqliteStore) -> None:
    store.commit([said(1, text="secreto"), said(2, text="té")])
    store.commit([Redaction(at(1))])
    assert found(store) == [2]
    assert terms(path, "secreto") == []


def test_a_damaged_index_costs_the_search_alone(path: Path, store: SqliteStore) -> None:
    store.commit([said(1)])
    tended(store)
    run(path, "PRAGMA writable_schema = ON; DELETE FROM words_data; DELETE FROM words_idx;")
    store.commit([said(2)])
    store.tend()
    store.commit([said(3)])
    assert len(store.page(Page(("#tea",)))) == 3
    assert store.tend() is False
    with pytest.raises(StoreError) as refused:
        store.search(Search(("#tea",)))
    assert refused.value.code == "corrupt" and "words" in str(refused.value)
    store.commit([said(4), Redaction(at(1))])
    assert len(store.page(Page(("#tea",)))) == 3


CHILD = """
import os, sys
from pathlib import Path
from tertulia.protocol.history import Redaction
from tertulia.store.sqlite import SqliteStore
from tests.contracts.store import at, said
class Clock:
    def monotonic(self): return 0.0
    def now_ms(self): return 0
store = SqliteStore(Path(sys.argv[1]), "full", Clock())
number = int(sys.argv[2])
while True:
    store.commit([said(number + place, text=f"té w{number + place}") for place in range(50)])
    store.tend()
    store.commit([Redaction(at(number + 7))])
    os.write(1, f"{number}\\n".encode())
    number += 50
"""


def test_index_and_messages_agree_after_a_kill(path: Path, clock: MovedClock) -> None:
    number = 1
    for kill in range(5):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(path), str(number)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert child.stdout is not None
        for _ in range(3 + kill):
            child.stdout.readline()
        child.kill()
        child.communicate()
        store = SqliteStore(path, "full", clock)
        everything = store.page(Page(("#tea",), limit=1_000_000))
        assert found(store, "té", limit=1_000_000) == [one.time_ms - said(0).time_ms for one in everything]
        store.close()
        assert terms(path, "w") == sorted(one.text.split()[1] for one in everything)
        number = 1_000 * (kill + 1)
