"""The hub: one inbox, one owner of the state, one loop of ticks.

A tick, in reading order (`tick`): all input that has arrived is taken and carried out in memory; what must
last is committed to the store, once; then every session that has something to hear gets one write. If the
commit fails, nobody is told what could not be stored, and whoever wanted it is refused.

What belongs here: the order of things. What must not: what commands do, what lines look like, sockets,
clocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from tertulia import limits
from tertulia.commands.floods import Floods
from tertulia.commands.guesses import Guesses
from tertulia.commands.metadata_lists import Metadata
from tertulia.commands.monitor import Watchers
from tertulia.commands.settings import ServerSettings
from tertulia.commands.tokens import Tokens
from tertulia.commands.turn import Entry, NotStored, OpenBatch, Turn
from tertulia.ports import (
    Bus,
    Clock,
    Files,
    Ids,
    Keepsakes,
    Passwords,
    Peer,
    Record,
    Scheduler,
    Store,
    StoreError,
    Wire,
)
from tertulia.protocol import capabilities as cap
from tertulia.protocol import defence
from tertulia.protocol.accounts import AccountRecord
from tertulia.protocol.casemap import fold
from tertulia.protocol.history import Message, StreamEnd
from tertulia.protocol.presence import AccountTime
from tertulia.protocol.tags import Tags
from tertulia.server import (
    announce,
    happenings,
    hops,
    keepalive,
    lasting,
    metadata,
    presence,
    redaction,
    refusals,
    streams,
)
from tertulia.server.counts import Counts
from tertulia.server.departures import Departures
from tertulia.server.fanout import Fanout
from tertulia.server.gate import Gate
from tertulia.server.inboxes import Inboxes
from tertulia.server.invitations import Invitations
from tertulia.server.marks import Marks
from tertulia.server.missed import Missed
from tertulia.server.pushes import Pushes
from tertulia.server.reading import Reading
from tertulia.server.refusals import Wish
from tertulia.server.render import Said
from tertulia.server.retention import Retention
from tertulia.server.session import Lost, Session
from tertulia.server.soon import Lasting, Soon
from tertulia.server.takeout import Takeouts
from tertulia.server.tending import Tending
from tertulia.server.together import Leaving, leaving
from tertulia.server.turns import Turns
from tertulia.server.upkeep import Upkeep
from tertulia.server.vitals import Vitals
from tertulia.state import events as may
from tertulia.state.changes import Change
from tertulia.state.network import Network
from tertulia.state.room import Room
from tertulia.state.user import User

Log = Callable[..., None]  # (event, **fields), as structlog's
"""Where the operator's lines go."""


class Hub(Reading):
    """Give it doors (`accept`); it does the rest, a tick at a time."""

    def __init__(
        self,
        settings: ServerSettings,
        *,
        network: Network,
        bus: Bus,
        store: Store,
        clock: Clock,
        ids: Ids,
        passwords: Passwords,
        scheduler: Scheduler,
        log: Log,
        rehash: Callable[[], str | None] = lambda: None,
        pause_seconds: float = 0.0,
    ) -> None:
        """`pause_seconds`: input after such a pause is taken at once, see `hear`; 0: never."""
        self.settings = settings
        self.network = network
        self.bus = bus
        self.store = store
        self.clock = clock
        self.ids = ids
        self.passwords = passwords
        self.scheduler = scheduler
        self.log = log
        self.rehash = rehash
        self.fanout = Fanout()
        self.watchers = Watchers()
        self.metadata = Metadata(network)
        self.leaving: Leaving | None = None  # while many leave for one cause
        self.marks = Marks(self)
        self.inboxes = Inboxes(self)
        self.pushes = Pushes(self)
        self.invitations = Invitations(self)
        self.soon = Soon(clock.monotonic())
        self.absent: dict[User, None] = {}  # who stay without a connection
        self._looked_at = clock.monotonic()  # when it was looked who was away for too long
        self.guesses = Guesses()
        self.tokens = Tokens()
        self.files: Files | None = None  # set by who wires it, when there is a place for them
        self.keepsakes: Keepsakes | None = None  # set by who wires it, when there are models
        self.vitals = Vitals(self)
        self.floods = Floods()
        self.takeouts = Takeouts(self)
        self.connections: dict[Session, None] = {}
        self.counts = Counts()
        self.now_ms = self.started_ms = clock.now_ms()
        self.instant = clock.monotonic()
        self._inbox: list[tuple[Session, Any]] = []
        self._awake = False  # a tick has been asked for
        self._busy = False  # a tick is under way
        self._rested = self.instant  # when the last one ended
        self._pause = pause_seconds
        self.pending: list[Record] = []  # what the next commit keeps
        self.wishes: list[Wish] = []  # whom to refuse if it fails
        self.streams = streams.Streams()
        self._owed: list[StreamEnd] = []  # ends of streams that a failing store could not take
        self.turns = Turns(self)
        self.tending = Tending(self)
        self.upkeep = Upkeep(self)
        self.retention = Retention(self)
        self.departures = Departures(self)
        self.gate = Gate(self)
        self.store_failed = ""  # the code of its failure, while it takes nothing

    def start(self) -> None:
        """Recall the rooms and accounts, and begin to watch over the sessions."""
        for account in self.store.accounts():
            self.network.accounts.put(account)
        for agent in self.store.agents():
            self.network.agents.put(agent)
        for ban in self.store.bans():
            self.network.bans.put(ban)
        for fact in self.store.facts():
            if fact.name == defence.FACT:
                self.network.defence = int(fact.value)
        for record in self.store.rooms():
            self.network.recall(record)
        presence.recall(self)
        self.pushes.recall()
        self.invitations.recall()
        self.scheduler.after(keepalive.SWEEP_SECONDS, self._sweep)
        self.tending.wake()
        self.retention.start()

    # --- input ------------------------------------------------------------------------------------

    def accept(self, wire: Wire) -> Session:
        """A door has a new connection. What is too much for us is told so and closed."""
        bounds = self.settings.bounds
        session = Session(
            self, wire, self.settings.language, self.clock.monotonic(), float(bounds.flood_burst)
        )
        self.connections[session] = None
        self.counts.connections += 1
        if len(self.connections) > bounds.connections:
            self.gate.refuse(session, "full")
        self.gate.come(session)
        return session

    def at_the_gate(self, session: Any) -> bool:
        self.gate.enter(session)
        return not session.closing

    def readdress(self, session: Any, peer: Peer) -> None:
        self.gate.go(session)
        session.peer = peer
        self.gate.come(session)

    def post(self, session: Session, what: Any) -> None:
        """Into the inbox: bytes, a loss, or a turn that goes on."""
        self._inbox.append((session, what))
        self.wake()

    def hear(self, session: Session, data: bytes) -> None:
        """Bytes from a door. After a pause they are taken at once, as a tick of their own; while there is
        much to do, with all else that has arrived."""
        self._inbox.append((session, data))
        if self._awake:
            return
        if self._pause and not self._busy and self.clock.monotonic() - self._rested >= self._pause:
            self.tick()
        else:
            self.wake()

    def wake(self) -> None:
        if not self._awake:
            self._awake = True
            self.scheduler.soon(self.tick)

    # --- the tick ---------------------------------------------------------------------------------

    def tick(self) -> None:
        self._awake = False
        self._busy = True
        self.now_ms = self.clock.now_ms()
        self.instant = self.clock.monotonic()
        inbox, self._inbox = self._inbox, []
        for session, what in inbox:
            if type(what) is bytes:
                self.turns.hear(session, what)
            elif type(what) is Lost:
                self.departures.lose(session, what.reason)
            else:
                self.turns.go_on(session, *what)
        self.end_tick()

    def end_tick(self) -> None:
        self._busy = True
        self.commit()
        if self.pushes:
            self.pushes.put_out()
        self.fanout.flush()
        self.counts.ticks += 1
        if self.departures.closing:
            self.departures.close()
        self._busy = False
        self._rested = self.clock.monotonic()

    def commit(self, last: Sequence[Record] = (), soon: bool = False) -> StoreError | None:
        """Keep what is pending, what can wait, and `last` with it; `soon`: also when nothing else is. The
        failure, if it failed: then everybody concerned is refused.
        """
        if not self.pending and not last and not (soon and self.soon):
            return None
        records, self.pending = [*self._owed, *self.pending, *self.soon.take()], []
        wishes, self.wishes = self.wishes, []
        self.streams.settled()
        try:
            self.store.commit([*records, *last])
        except StoreError as error:
            self._owed = _still_to_end(records) if error.code != "failed" else []
            self.soon.put_back(error.code)
            self.pushes.forget_noted()
            refusals.not_stored(self, error, records, wishes)
            if (
                error.code != self.store_failed
            ):  # each cause is told once: the operator mends one after another
                self.log("store_failed", code=error.code, detail=str(error), refused=len(records) + len(last))
            self.store_failed = error.code
            self.counts.refused += len(records) + len(last)
            return error
        if self.pushes:
            self.pushes.look(records)
        self._owed = []
        self.soon.kept(self.instant)
        self.counts.stored += len(records) + len(last)
        self.tending.wake()
        if self.store_failed:
            self.store_failed = ""
            self.log("store_resumed")
        return None

    # --- World: what handlers ask for -----------------------------------------------------------------------

    async def propose(self, event: may.Event, turn: Turn | None = None) -> tuple[Change, ...]:
        undo = lasting.undo(self.network, event)
        changes = await self.bus.propose(event)
        records = lasting.records(changes)
        if records and (error := self.commit(records)) is not None:
            undo()
            raise NotStored(error.code)
        for change in changes:
            lasting.stored(change)
            announce.announce(self, change, turn)
        return changes

    def say(self, turn: Turn, message: Message, room: Room | None, others: Iterable[User] = ()) -> None:
        session: Session = turn.session  # type: ignore[assignment]
        entry = Said(message, session, turn.items if turn.label is not None else None, len(session.out))
        if message.kind != "TAGMSG":
            self.counts.said += 1
            session.spoke_at = self.instant
            if room is not None and not room.remembered:
                self.remember(room)
            if self.keeps(message.buffer, room):
                self.pending.append(message)
                self.wishes.append(entry)
            elif self.pushes:
                self.pushes.note(message)
        elif self.keeps(message.buffer, room):
            happenings.note_reaction(self, message)
        echo = session.capabilities & cap.ECHO_MESSAGE
        if room is not None:
            if not echo:
                self.fanout.room(room, entry, session, session)
            elif turn.label is None and turn.user in room.members:
                self.fanout.room(room, entry, session)
            else:  # the echo is the answer that bears the label, or who speaks is not in the room
                self.fanout.room(room, entry, session, session)
                turn.add(entry)
            return
        for user in others:
            self.fanout.user(user, entry, session)
        for other in self.fanout.sessions.get(turn.user, ()):
            if other is not session and turn.user not in others:
                self.fanout.session(other, entry)
        if echo:  # to oneself it comes twice then: as heard and as said
            turn.add(entry)

    def keeps(self, buffer: str, room: Room | None) -> bool:
        """Whether what is said there is stored: rooms may say no, also for what only their ranks hear."""
        if room is None:
            room = self.network.room_of_buffer(buffer.lstrip("~&@%+"))
        return room is None or not room.settings or room.kept

    def keep(self, record: Record, wish: Wish | None = None) -> None:
        """Have a record in the next commit, beside what is said; `wish`: whom to refuse if that fails."""
        self.pending.append(record)
        if wish is not None:
            self.wishes.append(wish)

    def keep_soon(self, record: Lasting) -> None:
        """Have a record in some later commit: losing it in a crash harms nobody."""
        self.soon.add(record)

    def times(self, account: str) -> Sequence[AccountTime]:
        """What is kept of an account's marks and devices, with what waits. Raises `NotStored`."""
        return self.soon.over(account, self.read(lambda: self.store.account_times(account)))

    def owe(self, end: StreamEnd) -> None:
        """Have a stream's end tried again with the next commit: the store is failing now."""
        self._owed = [owed for owed in self._owed if owed.message_id != end.message_id] + [end]

    def remember(self, room: Room) -> None:
        """A room in which something was said outlives its members."""
        if not room.remembered:
            room.remembered = True
            self.pending.append(room.record())

    def open_stream(self, turn: Turn, reference: str, room: Room | None, user: User | None) -> OpenBatch:
        return streams.Stream(self, turn, reference, room, user)

    def hop_tags(self, user: User, buffer: str, tags: Tags) -> str:
        return hops.stamp(self.page, self.find, user, buffer, tags)

    def turn(self, session: Any) -> Turn:
        """A turn without a command: for what the server has to say to a session by itself."""
        return Turn(self, session, None, None)

    def answer(self, turn: Turn) -> None:
        """Send what such a turn has gathered."""
        self.turns.finish(turn.session, turn)  # type: ignore[arg-type]  # a World's sessions are ours

    def tell(self, users: Iterable[User], entry: Entry, only: int = 0, skip: Any = None) -> None:
        for user in users:
            self.fanout.user(user, entry, only=only, skip=skip)

    def sessions(self, user: User) -> Sequence[Session]:
        return self.fanout.sessions.get(user, ())

    def sessions_of_account(self, user: User) -> Sequence[Session]:
        users = self.network.logged_in(fold(user.account)) if user.account is not None else [user]
        return [session for one in users for session in self.sessions(one)]

    def missed_entry(self, user: User, target: str, messages: Sequence[Message]) -> Missed:
        return Missed(self.settings.name, self.ids.token(), user, target, messages, self.now_ms)

    def joined_entry(self, user: User, room: Room) -> Entry:
        return announce.joined_entry(self, user, room)

    def tell_metadata(self, turn: Turn, target: User | Room, key: str, value: str) -> None:
        metadata.tell(self, turn, target, key, value)

    def sync_metadata(
        self, turn: Turn, target: User | Room | None, keys: Sequence[str] | None = None
    ) -> None:
        if target is None:
            metadata.sync_all(self, turn, keys)
        else:
            metadata.sync(self, turn, target)

    def capabilities_changed(self, session: Any) -> None:
        """Called before the bits change: what waits is put into the old form first."""
        if session.user is not None:
            self.commit()
            self.fanout.settle(session)

    def growing(self, message_id: int) -> Message | None:
        found = self.streams.growing(message_id)
        return found.message if found is not None else None

    def redact(
        self, turn: Turn, message: Message, target: str, room: Room | None, user: User | None, reason: str
    ) -> None:
        redaction.redact(self, turn, message, target, room, user, reason)

    def export(self, turn: Turn, record: AccountRecord) -> str:
        return self.takeouts.ask(turn.session, record)  # type: ignore[arg-type]  # a World's are ours

    def is_exempt(self, address: str) -> bool:
        return self.gate.is_exempt(address)

    def unregistered(self) -> int:
        return len(self.connections) - self.fanout.connected

    # --- the end of a session ---------------------------------------------------------------------

    def drop(self, session: Any, reason: str, wholly: bool = False) -> None:
        self.departures.drop(session, reason, wholly)

    def drop_user(self, user: User, reason: str) -> None:
        self.departures.drop_user(user, reason)

    def leave(self, user: User, reason: str) -> None:
        self.departures.leave(user, reason)

    def together(self) -> AbstractContextManager[None]:
        return leaving(self)

    def drain(self, reason: str) -> None:
        self.departures.drain(reason)

    def _sweep(self) -> None:
        self.now_ms, self.instant = self.clock.now_ms(), self.clock.monotonic()
        keepalive.sweep(self, self.instant)
        if self.instant - self._looked_at >= limits.ABSENT_SWEEP_SECONDS:
            self._looked_at = self.instant
            presence.sweep(self)
        if self.soon.due(self.instant):
            self.commit(soon=True)
        self.upkeep.look(self.instant)
        self.end_tick()
        self.scheduler.after(keepalive.SWEEP_SECONDS, self._sweep)


def _still_to_end(records: Sequence[Record]) -> list[StreamEnd]:
    """The ends, in a commit that failed, of streams whose beginnings were stored before."""
    begun = {record.id for record in records if isinstance(record, Message)}
    return [record for record in records if isinstance(record, StreamEnd) and record.message_id not in begun]
