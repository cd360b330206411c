"""Consent: whose words are shown to no model elsewhere.

What belongs here: the wishes of people, under all the names that one guest has borne. What must not: what is
shown (`window.visible`), the words that settle it (`deeds/remembering`).

A guest is known by nick and host, so another nick would be another person. Who changes it, logs in or out
keeps the wish, and a wish that comes later holds for what was said under the earlier name too. Metadata of a
guest goes with the guest; what it said about models stays.
"""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from tertulia.protocol.notes import NotebookError

if TYPE_CHECKING:
    from tertulia.models.circle import Circle

OPTOUT: Final = "optout"
NAMES: Final = 20  # of one person, the latest
PEOPLE: Final = 2_000  # whose names are remembered


class Consent:
    def __init__(self, circle: Circle) -> None:
        self._circle = circle
        self._names: OrderedDict[str, list[str]] = OrderedDict()  # identity -> earlier ones

    def withheld(self, identity: str) -> bool:
        """Whether this person's words stay on this machine."""
        if self._circle.notes.text(identity, OPTOUT):
            return True
        if not self._circle.readers.refuses(identity):
            return False
        if identity.startswith("~"):  # when they have gone, nobody can be asked
            with suppress(NotebookError):
                self._circle.settle(identity, OPTOUT, "metadata")
        return True

    def settle(self, identity: str, withheld: bool, by: str) -> tuple[str, ...]:
        """They said so; the names for which it holds: all that they have borne. Raises `NotebookError`."""
        names = (identity, *self._names.get(identity, ()))
        for one in names:
            self._circle.settle(one, OPTOUT, "yes" if withheld else "", by)
        return names

    def renamed(self, was: str, now: str) -> None:
        """A guest bears another nick, or has logged in or out; each model that sees it says so."""
        if was == now or (was.startswith("~") and "!" not in was):
            return
        if was not in self._names.get(now, ()):
            earlier = [name for name in self._names.pop(was, []) if name != now]
            self._names[now] = [*earlier, was][-NAMES:]
            while len(self._names) > PEOPLE:
                self._names.popitem(last=False)
        if self.withheld(was) and not self._circle.notes.text(now, OPTOUT):
            with suppress(NotebookError):
                self._circle.settle(now, OPTOUT, "yes")
