"""Reading: what handlers ask of the store, with everything said before it stored first.

What belongs here: questions, and the failure that they raise. What must not: what is kept (`hub`).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from tertulia.commands.settings import ServerSettings
from tertulia.commands.turn import Entry, NotStored
from tertulia.ports import Ids, Record, Store, StoreError
from tertulia.protocol.audit import AuditEntry, AuditPage
from tertulia.protocol.history import Message, Page, Search, TargetSeen
from tertulia.server import presence
from tertulia.server.playback import Playback
from tertulia.server.tending import Tending
from tertulia.state.network import Network

Read = TypeVar("Read")


class Reading:
    """The part of the hub that answers questions."""

    settings: ServerSettings
    store: Store
    ids: Ids
    network: Network
    tending: Tending
    log: Callable[..., None]
    pending: list[Record]
    _unreadable = ""  # the code of the last failure, while nothing can be read

    @abstractmethod
    def commit(self, last: Sequence[Any] = (), soon: bool = False) -> StoreError | None: ...

    def last_here(self, session: Any) -> int:
        return presence.last_here(self, session)  # type: ignore[arg-type]  # all of us together are the hub

    def audit(self, page: AuditPage) -> list[AuditEntry]:
        return self.read(lambda: self.store.audit(page))

    def page(self, page: Page) -> list[Message]:
        if page.events:
            self.commit(soon=True)
        return self._as_called_now(self.read(lambda: self.store.page(page)))

    def find(self, buffer: str, message_id: int) -> Message | None:
        """One message, also while it waits to be stored: nothing is committed for a look at it."""
        for record in reversed(self.pending):
            if type(record) is Message and record.id == message_id:
                return record if record.buffer == buffer else None
        one = Page((buffer,), after=message_id - 1, before=message_id + 1, limit=1)
        found = self._read(lambda: self.store.page(one))
        return found[0] if found else None

    async def search(self, search: Search) -> list[Message]:
        self.commit()
        tended = self.tending.done()
        if tended is not None:
            await tended
        return self._as_called_now(self.read(lambda: self.store.search(search)))

    def _as_called_now(self, messages: list[Message]) -> list[Message]:
        """Talk of a room bears the name that the room has now: clients sort it by that."""
        rooms = {
            buffer: room.name
            for buffer in {message.buffer for message in messages}
            if (room := self.network.room_of_buffer(buffer)) is not None
        }
        return [
            message
            if message.target == rooms.get(message.buffer, message.target)
            else message._replace(target=rooms[message.buffer])
            for message in messages
        ]

    def targets(
        self,
        identity: str,
        rooms: Sequence[str],
        after_ms: int,
        before_ms: int,
        limit: int,
        newest_first: bool,
    ) -> list[TargetSeen]:
        return self.read(
            lambda: self.store.targets(identity, rooms, after_ms, before_ms, limit, newest_first)
        )

    def history_entry(self, target: str, messages: Sequence[Message], batch: str = "chathistory") -> Entry:
        return Playback(self.settings.name, self.ids.token(), f"{batch} {target}".rstrip(), messages)

    def read(self, read: Callable[[], Read]) -> Read:
        self.commit()
        return self._read(read)

    def _read(self, read: Callable[[], Read]) -> Read:
        try:
            found = read()
        except StoreError as error:
            if error.code != self._unreadable:
                self.log("store_unreadable", code=error.code, detail=str(error))
            self._unreadable = error.code
            raise NotStored(error.code) from error
        self._unreadable = ""
        return found
