"""Invitations by link, in memory: found by their word, counted when they are used, forgotten when they end.

What belongs here: which there are, within their bounds, and their records. What must not: who may make and
use them (`commands.room_links`, `commands.join`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia import limits
from tertulia.commands.turn import NotStored, TooManyLinks
from tertulia.ports import Record
from tertulia.protocol.invitations import Invitation, InvitationGone, key_of
from tertulia.state import changes as did
from tertulia.state.room import Room

if TYPE_CHECKING:
    from tertulia.server.hub import Hub


class Invitations:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._by_key: dict[str, Invitation] = {}

    def recall(self) -> None:
        self._by_key = {one.key: one for one in self._hub.store.invitations()}

    def make(self, word: str, one: Invitation) -> None:
        """Keep it under its word. Raises `TooManyLinks`, `NotStored`."""
        self._sweep()
        if len(self._by_key) >= limits.LINKS or len(self.of_room(one.room)) >= limits.LINKS_PER_ROOM:
            raise TooManyLinks
        one = one._replace(key=key_of(word))
        self._commit(one)
        self._by_key[one.key] = one

    def find(self, word: str) -> Invitation | None:
        """The one with this word, if it can still be used."""
        one = self._by_key.get(key_of(word))
        return one if one is not None and one.is_good(self._now) else None

    def of_room(self, buffer: str) -> list[Invitation]:
        """Those of a room that can still be used, the one that ends first first."""
        found = [one for one in self._by_key.values() if one.room == buffer and one.is_good(self._now)]
        return sorted(found, key=lambda one: (one.expires_at, one.key))

    def use(self, one: Invitation) -> None:
        """Somebody is let in by it. Raises `NotStored`."""
        used = one._replace(used=one.used + 1)
        self._commit(used)
        self._by_key[one.key] = used

    def revoke(self, one: Invitation) -> None:
        """Raises `NotStored`."""
        self._commit(InvitationGone(one.key))
        self._by_key.pop(one.key, None)

    def room_of(self, word: str) -> Room | None:
        """Where a word leads, for who shows it to people."""
        one = self.find(word)
        return self._hub.network.room_of_buffer(one.room) if one is not None else None

    def note_change(self, change: did.Change) -> None:
        """What an account made ends with it; the store has followed already."""
        if isinstance(change, did.AccountDeleted):
            account = change.record.key
            self._by_key = {key: one for key, one in self._by_key.items() if one.account != account}

    @property
    def _now(self) -> int:
        return self._hub.clock.now_ms() // 1000

    def _sweep(self) -> None:
        for one in [one for one in self._by_key.values() if not one.is_good(self._now)]:
            del self._by_key[one.key]
            self._hub.keep(InvitationGone(one.key))

    def _commit(self, record: Record) -> None:
        if (error := self._hub.commit([record])) is not None:
            raise NotStored(error.code)
