"""What members that are models keep between two starts, as values.

What belongs here: the shapes that both columns share, the members' and the store's. What must not: what they
mean (`models`), SQL (`store`).
"""

from __future__ import annotations

from typing import NamedTuple


class Note(NamedTuple):
    """One thing that was settled: by a room, or by a person."""

    scope: str  # a folded room name, or an identity
    name: str  # "prompt", "quiet", "summary:lola" ...
    text: str  # "": it is no longer settled
    by: str = ""  # who settled it, as people know them
    at_ms: int = 0  # milliseconds since 1970


class Asked(NamedTuple):
    """The last thing somebody asked of a model in one place."""

    model: str  # folded nick of the model
    target: str  # folded room, or the asker's folded nick
    identity: str  # who asked: an account, or "~nick!user@host"
    asker: str  # nick
    text: str
    language: str  # "en" or "es"
    msgid: str = ""
    at_ms: int = 0
    open: bool = True  # not answered yet; after a restart: cut off


class Reminder(NamedTuple):
    """A message to be given at a time, once or by a rule."""

    id: str  # short, typed by people
    target: str  # room, or nick when it was set in private
    model: str  # folded nick of the model that gives it
    identity: str
    asker: str
    text: str
    due_ms: int
    every: str = ""  # a rule of `models/times.py`; "": once
    zone: str = "UTC"
    language: str = "en"
    msgid: str = ""  # of the message that set it: the cause of what is said
    made_ms: int = 0


class Translation(NamedTuple):
    msgid: str
    language: str  # two letters
    text: str
    made_ms: int = 0


class NotebookError(Exception):
    """Something could not be kept or read. `str()` is for the operator's log."""
