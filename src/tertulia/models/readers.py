"""What models ask of whoever knows the server's people: how far they have read, how far back they may, whose
account it is, and who refuses models.

What belongs here: the question, and what holds when nobody knows. What must not: the server (`cli/readers.py`
asks it).
"""

from __future__ import annotations

from typing import Protocol

from tertulia.protocol.casemap import fold


class Readers(Protocol):
    """Milliseconds since 1970; 0: nothing is known, or no bound. Rooms and nicks as people write them."""

    def read_until(self, nick: str, room: str) -> int:
        """Their read marker."""

    def floor(self, nick: str, room: str) -> int:
        """What was said in the room before that, this member may not read."""

    def common_floor(self, room: str) -> int:
        """What was said before that, somebody who is in the room now may not read."""

    def made_ms(self, account: str) -> int | None:
        """When an account was made; None: there is none of that name."""

    def is_barred(self, account: str) -> bool:
        """Whether nobody may act in its name: it is suspended, or there is none."""

    def nick_of(self, identity: str) -> str | None:
        """How somebody is called now; "": they are not here; None: nobody knows."""

    def refuses(self, identity: str) -> bool:
        """Whether an account, or a guest as `window.identity` has it, said of itself that models elsewhere
        are not to be sent its words."""

    def language_of(self, nick: str) -> str:
        """ "en" or "es", if they chose one: to be spoken to by programs, or by the server; else ""."""

    def kept_as(self, room: str) -> str:
        """Under what a room is kept for good, whatever it is called by then, and whoever has its name."""

    def names_of(self, kept: str) -> tuple[str, ...]:
        """Folded: how the room that is kept so is called now, then what it was called before."""


class Unknown:
    """A server that tells nothing of it: everybody in a room may read all of it."""

    def read_until(self, nick: str, room: str) -> int:
        return 0

    def floor(self, nick: str, room: str) -> int:
        return 0

    def common_floor(self, room: str) -> int:
        return 0

    def made_ms(self, account: str) -> int | None:
        return 0

    def is_barred(self, account: str) -> bool:
        return False

    def nick_of(self, identity: str) -> str | None:
        return None

    def refuses(self, identity: str) -> bool:
        return False

    def language_of(self, nick: str) -> str:
        return ""

    def kept_as(self, room: str) -> str:
        return fold(room)

    def names_of(self, kept: str) -> tuple[str, ...]:
        return (kept,)
