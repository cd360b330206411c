"""The server under watch: the hub and the network themselves, with a look at what passes through them.

What belongs here: overriding a method, telling the journal, and going on. What must not: changing what
happens.
Messages are seen where they are put before the store (`pending`), so that every way to it is watched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tertulia.commands.settings import ServerSettings
from tertulia.commands.turn import OpenBatch, Turn
from tertulia.ports import Record
from tertulia.protocol.history import Message, Piece, StreamEnd
from tertulia.server.hub import Hub
from tertulia.server.refusals import Wish
from tertulia.server.render import Said
from tertulia.server.session import Session
from tertulia.server.streams import Stream
from tertulia.server.turns import Turns
from tertulia.state.changes import Change
from tertulia.state.events import Event
from tertulia.state.network import Network
from tertulia.state.room import Room
from tertulia.state.user import User
from tests.simulation.journal import Journal


class WatchedNetwork(Network):
    """The network, which tells the journal of every change."""

    journal: Journal

    def apply(self, event: Event) -> tuple[Change, ...]:
        changes = super().apply(event)
        self.journal.changed(changes)
        return changes


class WatchedList(list[Record]):
    """What the next commit keeps."""

    def __init__(self, records: Iterable[Record], hub: WatchedHub) -> None:
        super().__init__(records)
        self.hub = hub

    def append(self, record: Record) -> None:
        super().append(record)
        if isinstance(record, Message):
            self.hub.journal.say(self.hub.speaking or self.hub.listening_to, record)
        elif isinstance(record, Piece):
            self.hub.journal.grow(record)
        elif isinstance(record, StreamEnd):
            self.hub.journal.end_stream(record)


class WatchedWishes(list[Wish]):
    """Who wanted it. A line that went the short way with a label is seen here alone."""

    def __init__(self, wishes: Iterable[Wish], hub: WatchedHub) -> None:
        super().__init__(wishes)
        self.hub = hub

    def append(self, wish: Wish) -> None:
        super().append(wish)
        if isinstance(wish, Said) and wish.label and wish.session is not None:
            self.hub.journal.labelled(wish.session, wish.label.partition("=")[2])


class WatchedTurns(Turns):
    """The turns, which tell the journal of every line before it is carried out."""

    def hear(self, session: Session, data: bytes) -> None:
        hub = self._hub
        assert isinstance(hub, WatchedHub)
        hub.listening_to = session
        super().hear(session, data)
        hub.listening_to = None

    def _carry_out(self, session: Session, text: Any) -> None:
        hub = self._hub
        assert isinstance(hub, WatchedHub)
        hub.journal.carry_out(session, text)
        super()._carry_out(session, text)


class WatchedHub(Hub):
    """The hub; `ticked` is called after every tick, when everything has been written."""

    journal: Journal
    ticked: Callable[[], None]
    speaking: Session | None = None
    listening_to: Session | None = None  # whose lines are being carried out

    def __init__(self, settings: ServerSettings, **ports: Any) -> None:
        super().__init__(settings, **ports)
        self.turns = WatchedTurns(self)

    @property
    def pending(self) -> list[Record]:
        return self._watched

    @pending.setter
    def pending(self, records: list[Record]) -> None:
        self._watched = WatchedList(records, self)

    @property
    def wishes(self) -> list[Wish]:
        return self._wished

    @wishes.setter
    def wishes(self, wishes: list[Wish]) -> None:
        self._wished = WatchedWishes(wishes, self)

    def say(self, turn: Turn, message: Message, room: Room | None, others: Iterable[User] = ()) -> None:
        self.speaking = turn.session  # type: ignore[assignment]
        if message.kind == "TAGMSG":  # which nobody keeps
            self.journal.say(self.speaking, message)
        super().say(turn, message, room, others)
        self.speaking = None

    def open_stream(self, turn: Turn, reference: str, room: Room | None, user: User | None) -> OpenBatch:
        stream = super().open_stream(turn, reference, room, user)
        assert isinstance(stream, Stream)
        self.journal.opened[stream.message.id] = (user, turn.user.bot, turn.session.capabilities)
        return stream

    def keep(self, record: Record, wish: Wish | None = None) -> None:
        self.speaking = wish.session if wish is not None else None
        super().keep(record, wish)
        self.speaking = None

    def owe(self, end: StreamEnd) -> None:
        self.journal.end_stream(end)
        super().owe(end)

    def end_tick(self) -> None:
        super().end_tick()
        self.ticked()
