"""What models keep, in SQLite: the contract, and that it lasts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tertulia.models.notebook import Notebook
from tertulia.protocol.history import Message
from tertulia.protocol.notes import NotebookError
from tertulia.store import notebook as module
from tertulia.store.aside import aside, sqlite_aside
from tertulia.store.notebook import SqlNotebook
from tertulia.store.open import open_notebook
from tertulia.store.sqlite import SqliteStore
from tests.contracts.notebook import ASKED, NOTE, REMINDER, NotebookContract
from tests.store.conftest import MovedClock
from tests.support import postgres


@pytest.fixture
def store(tmp_path: Path, clock: MovedClock) -> Iterator[SqliteStore]:
    found = SqliteStore(tmp_path / "t.db", "full", clock)
    yield found
    found.close()


class TestSqlNotebook(NotebookContract):
    @pytest.fixture
    def notebook(self, tmp_path: Path, store: SqliteStore) -> Iterator[Notebook]:
        found = SqlNotebook(sqlite_aside(tmp_path / "t.db", "full"))
        yield found
        found.close()


class TestPostgresNotebook(NotebookContract):
    @pytest.fixture
    def notebook(self) -> Iterator[Notebook]:
        url = postgres.database()
        found = SqlNotebook(aside(url, "full"))
        yield found
        found.close()
        postgres.drop(url)


def test_it_lasts_and_shares_the_database_with_the_log(tmp_path: Path, store: SqliteStore) -> None:
    url = f"sqlite:///{tmp_path / 't.db'}"
    first = open_notebook(url, "full")
    assert first is not None and open_notebook(url, "off") is None
    for number in range(20):  # neither waits for the other
        store.commit([Message(number + 1, number, "#r", "PRIVMSG", "ana!a@h", "#r", "hola")])
        first.put(NOTE._replace(name=f"n{number}"))
    first.remind(REMINDER)
    first.ask(ASKED)
    first.close()
    second = open_notebook(url, "normal")
    assert second is not None
    assert len(second.notes()) == 20
    assert second.reminders() == [REMINDER] and second.asked("lola") == [ASKED]
    second.close()


def test_a_database_that_is_gone_is_a_notebook_error(tmp_path: Path) -> None:
    with pytest.raises(NotebookError):
        SqlNotebook(sqlite_aside(tmp_path / "none.db", "full")).notes()


def test_the_oldest_questions_are_forgotten(
    tmp_path: Path, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TIDY_EVERY", 1)
    monkeypatch.setattr(module, "ASKED_KEPT", 3)
    notebook = SqlNotebook(sqlite_aside(tmp_path / "t.db", "full"))
    for number in range(6):
        notebook.ask(ASKED._replace(identity=f"n{number}", at_ms=number))
    assert [one.identity for one in notebook.asked("lola")] == ["n3", "n4", "n5"]
    notebook.close()
