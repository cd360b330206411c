"""What every notebook must do, as `models.notebook.Notebook` says. A subclass gives the fixture `notebook`:
an empty one.
"""

from __future__ import annotations

import pytest

from tertulia.models.notebook import Notebook
from tertulia.protocol.notes import Asked, Note, Reminder, Translation

NOTE = Note("#r", "prompt", "sé breve", "ana", 5)
ASKED = Asked("lola", "#r", "~ana!u@h", "ana", "¿qué es?", "es", "a1", 7)
REMINDER = Reminder("a1", "#r", "lola", "ana", "ana", "té", 1_000, "", "Europe/Madrid", "es", "m1", 5)


class NotebookContract:
    @pytest.fixture
    def notebook(self) -> Notebook:
        raise NotImplementedError

    def test_a_note_is_kept_replaced_and_taken_away(self, notebook: Notebook) -> None:
        notebook.put(NOTE)
        notebook.put(NOTE._replace(name="quiet", text="22:00-8:00 UTC"))
        notebook.put(NOTE._replace(text="sé amable"))
        assert sorted(note.text for note in notebook.notes()) == ["22:00-8:00 UTC", "sé amable"]
        notebook.put(NOTE._replace(text=""))
        assert [note.name for note in notebook.notes()] == ["quiet"]

    def test_reminders_come_by_their_time_and_may_move(self, notebook: Notebook) -> None:
        later = REMINDER._replace(id="b2", due_ms=2_000)
        notebook.remind(later)
        notebook.remind(REMINDER)
        assert list(notebook.reminders()) == [REMINDER, later]
        notebook.remind(REMINDER._replace(due_ms=3_000))
        assert [one.id for one in notebook.reminders()] == ["b2", "a1"]
        notebook.done("b2")
        notebook.done("b2")
        assert [one.id for one in notebook.reminders()] == ["a1"]

    def test_the_last_question_of_each_person_and_place(self, notebook: Notebook) -> None:
        notebook.ask(ASKED)
        notebook.ask(ASKED._replace(text="¿y esto?", msgid="a2", at_ms=8))
        notebook.ask(ASKED._replace(identity="bob", at_ms=6))
        notebook.ask(ASKED._replace(model="gpt"))
        assert [(one.identity, one.text, one.open) for one in notebook.asked("lola")] == [
            ("bob", "¿qué es?", True),
            ("~ana!u@h", "¿y esto?", True),
        ]
        notebook.ask(ASKED._replace(open=False))
        assert [one.open for one in notebook.asked("lola")] == [True, False]

    def test_what_an_account_asked_is_forgotten(self, notebook: Notebook) -> None:
        for identity, at_ms in (("ana", 5), ("ana", 9), ("bob", 5)):
            notebook.remind(REMINDER._replace(id=f"{identity}{at_ms}", identity=identity, made_ms=at_ms))
            notebook.ask(ASKED._replace(target=f"#{at_ms}", identity=identity, at_ms=at_ms))
        notebook.forget("ana", 9)
        assert sorted(one.id for one in notebook.reminders()) == ["ana9", "bob5"]
        assert sorted((one.identity, one.at_ms) for one in notebook.asked("lola")) == [("ana", 9), ("bob", 5)]
        notebook.forget("ana", None)
        assert [one.identity for one in notebook.reminders()] == ["bob"]
        assert [one.identity for one in notebook.asked("lola")] == ["bob"]

    def test_translations_go_with_their_message(self, notebook: Notebook) -> None:
        assert notebook.translation("m1", "en") is None
        notebook.translated(Translation("m1", "en", "tea", 1))
        notebook.translated(Translation("m1", "fr", "thé", 1))
        notebook.translated(Translation("m1", "en", "some tea", 2))
        notebook.ask(ASKED._replace(msgid="m1"))
        assert (notebook.translation("m1", "en"), notebook.translation("m1", "fr")) == ("some tea", "thé")
        notebook.taken_back("m1")
        assert notebook.translation("m1", "en") is None and list(notebook.asked("lola")) == []
