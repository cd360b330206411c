"""What models keep under the names of rooms and accounts, when a room is renamed or an account is gone: the
one goes along, the other is forgotten. Whoever has such a name next inherits nothing.

What belongs here: `ports.Keepsakes`, and looking at a start for what happened while no model was here. What
must not: what is kept, and where (`notebook`).
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from tertulia.models import leaving
from tertulia.protocol.casemap import fold
from tertulia.protocol.names import is_room
from tertulia.protocol.notes import NotebookError

if TYPE_CHECKING:
    from tertulia.models.circle import Circle


class Keepsakes:
    """Of all models of a server."""

    def __init__(self, circle: Circle) -> None:
        self._circle = circle

    def room_renamed(self, old: str, new: str) -> None:
        """Settings, summaries, reminders, and what is at hand. Answers under way break off, as they do for
        everybody: their lines bear the old name."""
        circle = self._circle
        if found := circle.rounds.pop(fold(old), None):
            found.without(found.holder)
        if bureau := circle.bureaus.pop(fold(old), None):
            bureau.close()
        circle.room_renamed(old, new)
        circle.approvals.room_renamed(old, new)
        for member in circle.members:
            dropped = member.desk.drop(old)
            member.room_renamed(old, new)
            leaving.tell(member, dropped, "room_renamed", new)
            member.flush()
        with suppress(NotebookError):  # the store says so itself
            for note in circle.notes.named("", fold(old)):
                circle.notes.put(note._replace(scope=fold(new)))
                circle.notes.put(note._replace(text=""))
            for reminder in list(circle.notebook.reminders()):
                if fold(reminder.target) == fold(old):
                    circle.notebook.remind(reminder._replace(target=new))

    def account_gone(self, account: str) -> None:
        self._forget(fold(account), before_ms=None)

    def hops(self, room: str) -> int:
        return int(self._circle.setting(room, "hops") or 0)

    def tidy(self) -> None:
        """At a start: accounts may have been deleted, and made again, while no model was here."""
        circle = self._circle
        with suppress(NotebookError):
            identities = {note.scope for note in circle.notes.named("")}
            identities |= {reminder.identity for reminder in circle.notebook.reminders()}
            for member in circle.members:
                asked = circle.notebook.asked(fold(member.settings.nick))
                identities |= {one.identity for one in asked}
            for identity in identities:
                if is_account(identity):
                    self._forget(identity, circle.readers.made_ms(identity))

    def _forget(self, account: str, before_ms: int | None) -> None:
        """What was kept of it before then; None: all, there is no such account."""
        circle = self._circle
        with suppress(NotebookError):
            for note in circle.notes.named("", account):
                if before_ms is None or note.at_ms < before_ms:
                    circle.notes.put(note._replace(text=""))
            circle.notebook.forget(account, before_ms)
        for member in circle.members:
            member.recovery.forget(account)


def is_account(scope: str) -> bool:
    """Whether a note of this scope is an account's: it is none of a room, or of a guest."""
    return bool(scope) and not scope.startswith("~") and not is_room(scope)
