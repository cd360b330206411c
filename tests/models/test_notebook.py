"""The notebook in memory keeps the contract; settled things are at hand and written through."""

from __future__ import annotations

import pytest

from tertulia.models import notebook as module
from tertulia.models.notebook import MemoryNotebook, Notebook, Notes, room_for_another
from tertulia.protocol.notes import NotebookError
from tests.contracts.notebook import NOTE, REMINDER, NotebookContract


class TestMemoryNotebook(NotebookContract):
    @pytest.fixture
    def notebook(self) -> Notebook:
        return MemoryNotebook()


def test_notes_are_written_through_and_found_by_scope_and_name() -> None:
    kept = MemoryNotebook()
    notes = Notes(kept)
    notes.put(NOTE)
    notes.put(NOTE._replace(scope="#x"))
    assert Notes(kept).text("#r", "prompt") == "sé breve" == notes.text("#r", "prompt")
    assert [note.scope for note in notes.named("pro")] == ["#r", "#x"]
    assert [note.scope for note in notes.named("pro", "#x")] == ["#x"]
    notes.put(NOTE._replace(text=""))
    assert notes.note("#r", "prompt") is None and len(list(kept.notes())) == 1


def test_notes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NOTES", 1)
    notes = Notes(MemoryNotebook())
    notes.put(NOTE)
    notes.put(NOTE._replace(text="otra cosa"))
    with pytest.raises(NotebookError):
        notes.put(NOTE._replace(scope="#x"))


def test_reminders_are_bounded_for_each_and_for_all() -> None:
    some = [REMINDER._replace(id=str(number)) for number in range(3)]
    assert room_for_another(some, "ana", 4) and not room_for_another(some, "ana", 3)
    assert room_for_another(some, "bob", 1)
    assert not room_for_another([REMINDER] * module.REMINDERS, "bob", 1)
