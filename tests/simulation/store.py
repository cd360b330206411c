"""The store of the simulated world: memory as the truth, behind a disk that fails when told to.

What belongs here: failing, dying in the middle of a commit, and remembering what was kept and what was
refused.
What must not: deciding when to fail (`world`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tertulia.ports import Record, StoreError
from tertulia.protocol.agents import AgentRecord, Place
from tertulia.protocol.history import (
    Message,
    Page,
    Piece,
    Redaction,
    RoomMoved,
    RoomRecord,
    Search,
    StreamEnd,
    TargetSeen,
)
from tertulia.store import rows
from tertulia.store.memory import MemoryStore


class Died(BaseException):
    """The process was killed here. Not an `Exception`: nothing in the server may catch it."""


class FaultyStore(MemoryStore):
    """A `ports.Store`. `failing` commits and `unreadable` reads are refused with `code`."""

    def __init__(self) -> None:
        super().__init__()
        self.failing = 0
        self.unreadable = 0
        self.code = "full"
        self.death = ""  # "before" or "after": die at the next commit, with nothing or with all of it kept
        self.messages: dict[int, Message] = {}  # the truth: what was kept, streams with their final text
        self.refused: set[int] = set()  # ids of messages that were refused
        self.pieces: dict[int, list[Piece]] = {}  # of streams that are open
        self.room_records: dict[str, RoomRecord] = {}
        self.commits = self.failures = 0

    # --- ports.Store --------------------------------------------------------------------------------------

    def commit(self, records: Sequence[Record]) -> None:
        death, self.death = self.death, ""
        if death == "before":
            raise Died
        if self.failing:
            self.failing -= 1
            self.failures += 1
            self.refused.update(record.id for record in records if isinstance(record, Message))
            raise StoreError(self.code, f"simulated: {self.code}")
        super().commit(records)
        self.commits += 1
        for record in records:
            self._note(record)
        if death == "after":
            raise Died

    def page(self, page: Page) -> list[Message]:
        self._readable()
        return super().page(page)

    def targets(self, *asked: Any, **more: Any) -> list[TargetSeen]:
        self._readable()
        return super().targets(*asked, **more)

    def search(self, search: Search) -> list[Message]:
        self._readable()
        return super().search(search)

    def agents(self) -> Iterable[AgentRecord]:
        self._readable()
        return super().agents()

    def places(self, agent: str) -> list[Place]:
        self._readable()
        return super().places(agent)

    # --- the world's side ---------------------------------------------------------------------------------

    def recover(self) -> None:
        """What every durable store does when it is opened: streams without an end are marked incomplete."""
        for stream in list(self.pieces):
            self.commit([rows.cut_short(self.messages[stream], self.pieces[stream])])

    def page_of(self, buffer: str) -> list[Message]:
        """All that the store under the faults has of a buffer, open streams with what they have so far."""
        return super().page(Page((buffer,), limit=1_000_000))

    def _readable(self) -> None:
        if self.unreadable:
            self.unreadable -= 1
            raise StoreError("locked", "simulated: locked")

    def _note(self, record: Record) -> None:
        if isinstance(record, Message):
            self.messages[record.id] = record
            if record.state == rows.OPEN:
                self.pieces[record.id] = []
        elif isinstance(record, Piece):
            self.pieces[record.message_id].append(record)
        elif isinstance(record, Redaction):
            self.messages.pop(record.message_id, None)
        elif isinstance(record, StreamEnd):
            del self.pieces[record.message_id]
            self.messages[record.message_id] = self.messages[record.message_id]._replace(
                text=record.text, cuts=record.cuts, tags=record.tags, state=record.state
            )
        elif isinstance(record, RoomMoved):
            self.room_records.pop(record.key, None)
            self.room_records[record.record.key] = record.record
        elif isinstance(record, RoomRecord):
            self.room_records[record.key] = record
