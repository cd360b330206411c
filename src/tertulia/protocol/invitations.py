"""Invitations by link: a word that lets in whoever has it, for a while.

What belongs here: the record, and how a word is kept. What must not: who may make one (`policy.room`), where
they are kept (`server.invitations`).
"""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

NAME_CHARACTERS = 8  # of the key: how a list calls an invitation, without giving it away


class Invitation(NamedTuple):
    """The word itself is not kept: whoever reads the database gets into no room with it."""

    key: str  # SHA-256 of the word, in hexadecimal
    room: str  # `Room.buffer`: a room keeps its invitations under another name
    by: str  # nick of who made it
    account: str  # folded name; "": a guest
    opens: int  # 1: it lets in past the room's modes; 0: its maker could not have done that
    made_at: int  # seconds since 1970, as the next one
    expires_at: int
    uses: int  # how often it may be used; 0: without end
    used: int

    @property
    def name(self) -> str:
        return self.key[:NAME_CHARACTERS]

    def is_good(self, now: int) -> bool:
        """Whether it can be used once more at this second."""
        return now < self.expires_at and (not self.uses or self.used < self.uses)


class InvitationGone(NamedTuple):
    key: str


def key_of(word: str) -> str:
    return sha256(word.encode()).hexdigest()
