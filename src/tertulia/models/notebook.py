"""What the models of a server keep between two starts: the interface, the one in memory, and the settled
things at hand.

What belongs here: keeping and finding. What must not: SQL (`store/notebook.py`), what a note means.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from tertulia.limits import ASKED_KEPT, NOTES, REMINDERS, TRANSLATIONS_KEPT
from tertulia.protocol.notes import Asked, Note, NotebookError, Reminder, Translation


class Notebook(Protocol):
    """Called from the loop's thread; every call is short, and returns or raises `NotebookError`. What a call
    kept is there after a crash, as surely as the store's durability says."""

    def notes(self) -> Iterable[Note]:
        """All that is settled."""

    def put(self, note: Note) -> None:
        """Replace what this scope has under this name; a note without text is taken away."""

    def reminders(self) -> Iterable[Reminder]:
        """All that wait, the one that is due first first."""

    def remind(self, reminder: Reminder) -> None:
        """A new one, or the same id at another time."""

    def done(self, reminder_id: str) -> None:
        """It was given, or cancelled. One that is not there is no error."""

    def asked(self, model: str) -> Iterable[Asked]:
        """What was asked of a model, oldest first; at most `ASKED_KEPT`."""

    def ask(self, asked: Asked) -> None:
        """Replace what this identity asked this model there before."""

    def forget(self, account: str, before_ms: int | None) -> None:
        """What this account had noted and asked before then, None: ever, is forgotten; its notes are not."""

    def translation(self, msgid: str, language: str) -> str | None: ...
    def translated(self, translation: Translation) -> None: ...
    def taken_back(self, msgid: str) -> None:
        """A message was redacted: its translations go, and the question it was."""

    def close(self) -> None: ...


class MemoryNotebook:
    """For servers that keep nothing, and for tests."""

    def __init__(self) -> None:
        self._notes: dict[tuple[str, str], Note] = {}
        self._reminders: dict[str, Reminder] = {}
        self._asked: dict[tuple[str, str, str], Asked] = {}
        self._translations: dict[tuple[str, str], str] = {}

    def notes(self) -> list[Note]:
        return list(self._notes.values())

    def put(self, note: Note) -> None:
        self._notes.pop((note.scope, note.name), None)
        if note.text:
            self._notes[note.scope, note.name] = note

    def reminders(self) -> list[Reminder]:
        return sorted(self._reminders.values(), key=lambda one: (one.due_ms, one.id))

    def remind(self, reminder: Reminder) -> None:
        self._reminders[reminder.id] = reminder

    def done(self, reminder_id: str) -> None:
        self._reminders.pop(reminder_id, None)

    def asked(self, model: str) -> list[Asked]:
        found = [one for one in self._asked.values() if one.model == model]
        return sorted(found, key=lambda one: one.at_ms)[-ASKED_KEPT:]

    def ask(self, asked: Asked) -> None:
        key = (asked.model, asked.target, asked.identity)
        self._asked.pop(key, None)
        self._asked[key] = asked
        while len(self._asked) > ASKED_KEPT:
            del self._asked[next(iter(self._asked))]

    def forget(self, account: str, before_ms: int | None) -> None:
        def stays(identity: str, at_ms: int) -> bool:
            return identity != account or (before_ms is not None and at_ms >= before_ms)

        self._asked = {key: one for key, one in self._asked.items() if stays(one.identity, one.at_ms)}
        self._reminders = {
            key: one for key, one in self._reminders.items() if stays(one.identity, one.made_ms)
        }

    def translation(self, msgid: str, language: str) -> str | None:
        return self._translations.get((msgid, language))

    def translated(self, translation: Translation) -> None:
        self._translations[translation.msgid, translation.language] = translation.text
        while len(self._translations) > TRANSLATIONS_KEPT:
            del self._translations[next(iter(self._translations))]

    def taken_back(self, msgid: str) -> None:
        self._translations = {key: text for key, text in self._translations.items() if key[0] != msgid}
        self._asked = {key: one for key, one in self._asked.items() if one.msgid != msgid}

    def close(self) -> None:
        pass


class Notes:
    """All that is settled, in memory, and written through. Writing raises `NotebookError`."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook
        self._notes = {(note.scope, note.name): note for note in notebook.notes()}

    def text(self, scope: str, name: str) -> str:
        note = self._notes.get((scope, name))
        return note.text if note else ""

    def note(self, scope: str, name: str) -> Note | None:
        return self._notes.get((scope, name))

    def named(self, name: str, scope: str | None = None) -> list[Note]:
        """The notes whose name begins so, of one scope or of all."""
        return [
            note
            for note in self._notes.values()
            if note.name.startswith(name) and (scope is None or note.scope == scope)
        ]

    def put(self, note: Note) -> None:
        if note.text and (note.scope, note.name) not in self._notes and len(self._notes) >= NOTES:
            raise NotebookError(f"there are {NOTES} notes already")
        self._notebook.put(note)
        self._notes.pop((note.scope, note.name), None)
        if note.text:
            self._notes[note.scope, note.name] = note


def room_for_another(reminders: Iterable[Reminder], identity: str, each: int) -> bool:
    """Whether this person may set one more: `each` a person, `REMINDERS` in all."""
    found = list(reminders)
    return len(found) < REMINDERS and sum(one.identity == identity for one in found) < each
