"""The ledger in SQLite keeps the contract, over restarts and `kill -9`."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tertulia.models.ledger import Ledger, LedgerError
from tertulia.protocol.ledger import Call, Spent
from tertulia.store.ledger import DatabaseLedger, open_ledger
from tertulia.store.sqlite import SqliteStore
from tests.contracts.ledger import MODEL_DAY, LedgerContract, call, ended, keep, sums
from tests.store.conftest import MovedClock
from tests.support import postgres


def made(path: Path) -> DatabaseLedger:
    SqliteStore(path, "normal", MovedClock()).close()
    return open_ledger(f"sqlite:///{path}", LedgerError)


class TestDatabaseLedger(LedgerContract):
    @pytest.fixture
    def ledger(self, tmp_path: Path) -> Iterator[DatabaseLedger]:
        ledger = made(tmp_path / "t.db")
        yield ledger
        ledger.close()

    def all_calls(self, ledger: Ledger) -> list[Call]:
        assert isinstance(ledger, DatabaseLedger)
        return list(ledger.calls())


class TestPostgresLedger(LedgerContract):
    @pytest.fixture
    def ledger(self) -> Iterator[DatabaseLedger]:
        url = postgres.database()
        ledger = open_ledger(url, LedgerError)
        yield ledger
        ledger.close()
        postgres.drop(url)

    def all_calls(self, ledger: Ledger) -> list[Call]:
        assert isinstance(ledger, DatabaseLedger)
        return list(ledger.calls())


def test_it_is_there_after_a_restart(tmp_path: Path) -> None:
    first = made(tmp_path / "t.db")
    settled, left = keep(first, call(1)), keep(first, call(2))
    first.settle(ended(settled))
    first.close()
    again = open_ledger(f"sqlite:///{tmp_path}/t.db", LedgerError)
    assert list(again.calls()) == [ended(settled), left]
    assert [one.id for one in again.release(10)] == [left.id]
    assert again.spent([MODEL_DAY]) == [Spent(2, 40, 400)]
    again.close()


def test_calls_are_read_by_their_time(tmp_path: Path) -> None:
    ledger = made(tmp_path / "t.db")
    for number in (1, 5, 9):
        keep(ledger, call(number))
    assert [one.time_ms for one in ledger.calls(5, 9)] == [5]
    ledger.close()


def test_a_decision_that_fails_leaves_nothing(tmp_path: Path) -> None:
    ledger = made(tmp_path / "t.db")

    def decide(spent: list[Spent]) -> Call | None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ledger.reserve([MODEL_DAY], decide)
    keep(ledger, call())
    assert len(list(ledger.calls())) == 1
    ledger.close()


def test_another_writer_makes_it_fail_and_not_wait_for_ever(tmp_path: Path) -> None:
    ledger = made(tmp_path / "t.db")
    with closing(sqlite3.connect(tmp_path / "t.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError):
            keep(ledger, call())
        other.execute("ROLLBACK")
    keep(ledger, call())
    ledger.close()


def test_two_on_one_database_do_not_both_get_the_last_of_it(tmp_path: Path) -> None:
    """Each looks and takes in one transaction, so the second sees what the first took."""
    ledgers = [made(tmp_path / "t.db"), open_ledger(f"sqlite:///{tmp_path}/t.db", LedgerError)]

    def once(spent: list[Spent]) -> Call | None:
        return call() if spent[0].calls == 0 else None

    assert [ledger.reserve([MODEL_DAY], once) is not None for ledger in ledgers] == [True, False]
    for ledger in ledgers:
        ledger.close()


CHILD = """
import os, sys
from pathlib import Path
from tertulia.models.ledger import LedgerError
from tertulia.store.ledger import open_ledger
from tests.contracts.ledger import call, ended, keep
ledger = open_ledger(f"sqlite:///{sys.argv[1]}", LedgerError)
number = int(sys.argv[2])
while True:
    one = keep(ledger, call(number, reserved_tokens=number % 97))
    os.write(1, f"r{one.id}\\n".encode())
    if number % 3:
        ledger.settle(ended(one, tokens_in=number % 89, nano=number % 83))
        os.write(1, f"s{one.id}\\n".encode())
    number += 1
"""


@pytest.mark.slow
def test_sums_are_those_of_the_calls_however_often_it_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    made(path).close()
    reserved: set[int] = set()
    settled: set[int] = set()
    for round in range(10):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(path), str(1_000 * round + 1)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(20 + round)]
        child.kill()
        rest, _ = child.communicate()
        whole, _, _ = (b"".join(lines) + rest).rpartition(b"\n")
        told = whole.decode().split()
        reserved |= {int(line[1:]) for line in told if line[0] == "r"}
        settled |= {int(line[1:]) for line in told if line[0] == "s"}
    ledger = open_ledger(f"sqlite:///{path}", LedgerError)
    known = {one.id: one for one in ledger.calls()}
    assert reserved <= set(known) and all(known[id].outcome == "whole" for id in settled)
    expected = sums(known.values())
    assert ledger.spent(list(expected)) == list(expected.values())
    lost = {one.id for one in ledger.release(1 << 40)}
    assert lost == {id for id, one in known.items() if one.outcome == "open"} and len(lost) >= 40
    after = sums(ledger.calls())
    assert ledger.spent(list(after)) == list(after.values())
    assert all(spent.reserved_tokens == 0 and spent.reserved_nano == 0 for spent in after.values())
    ledger.close()
