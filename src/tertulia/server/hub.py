"""The hub: one inbox, one owner of the state, one loop of ticks.

A tick, in reading order (`tick`): all input that has arrived is taken and carried out in memory; what must
last is committed to the store, once; then every session that has something to hear gets one write. If the
commit fails, nobody is told what could not be stored, and whoever wanted it is refused.

What belongs here: the order of things. What must not: what commands do, what lines look like, sockets,
clocks.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, TypeVar

from tertulia import limits
from tertulia.commands import batch, registry
from tertulia.commands.settings import ServerSettings
from tertulia.commands.turn import Entry, NotStored, OpenBatch, Refuse, Turn
from tertulia.ports import Bus, Clock, Ids, Passwords, Record, Scheduler, Store, StoreError, Wire
from tertulia.protocol import capabilities as cap
from tertulia.protocol.framing import Refused
from tertulia.protocol.history import Message, Page, StreamEnd, TargetSeen
from tertulia.protocol.line import parse
from tertulia.protocol.tags import Tags
from tertulia.server import announce, hops, keepalive, labels, refusals, streams, throttle
from tertulia.server.counts import Counts
from tertulia.server.fanout import Fanout
from tertulia.server.playback import Playback
from tertulia.server.refusals import Wish
from tertulia.server.render import Said
from tertulia.server.session import Lost, Session
from tertulia.state import changes as did
from tertulia.state import events as may
from tertulia.state.changes import Change
from tertulia.state.network import Conflict, Network
from tertulia.state.room import Room
from tertulia.state.user import User

Read = TypeVar("Read")
Log = Callable[..., None]  # (event, **fields), as structlog's
"""Where the operator's lines go."""


class Hub:
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
    ) -> None:
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
        self.connections: dict[Session, None] = {}
        self.counts = Counts()
        self.now_ms = clock.now_ms()
        self.instant = clock.monotonic()
        self._inbox: list[tuple[Session, Any]] = []
        self._awake = False
        self._pending: list[Record] = []  # what the next commit keeps
        self._wishes: list[Wish] = []  # whom to refuse if it fails
        self._owed: list[Record] = []  # ends of streams that a failing store could not take
        self._throttled: dict[Session, None] = {}
        self._closing: list[Session] = []
        self._by_address: dict[str, int] = {}
        self.store_failed = False

    def start(self) -> None:
        """Recall the rooms and begin to watch over the sessions."""
        for record in self.store.rooms():
            self.network.recall(record)
        self.scheduler.after(keepalive.SWEEP_SECONDS, self._sweep)

    # --- input ------------------------------------------------------------------------------------

    def accept(self, wire: Wire) -> Session:
        """A door has a new connection. What is too much for us is told so and closed."""
        bounds = self.settings.bounds
        session = Session(
            self, wire, self.settings.language, self.clock.monotonic(), float(bounds.flood_burst)
        )
        self.connections[session] = None
        self.counts.connections += 1
        address = wire.peer.address
        here = self._by_address[address] = self._by_address.get(address, 0) + 1
        if len(self.connections) > bounds.connections:
            self.post(session, Lost("Server is full"))
        elif here > bounds.connections_per_address and not wire.peer.local:
            self.post(session, Lost("Too many connections from your address"))
        return session

    def post(self, session: Session, what: Any) -> None:
        """Into the inbox: bytes, a loss, or a turn that goes on."""
        self._inbox.append((session, what))
        self.wake()

    def wake(self) -> None:
        if not self._awake:
            self._awake = True
            self.scheduler.soon(self.tick)

    # --- the tick ---------------------------------------------------------------------------------

    def tick(self) -> None:
        self._awake = False
        self.now_ms = self.clock.now_ms()
        self.instant = self.clock.monotonic()
        inbox, self._inbox = self._inbox, []
        for session, what in inbox:
            if type(what) is bytes:
                self._hear(session, what)
            elif type(what) is Lost:
                self._lose(session, what.reason)
            else:
                self._go_on(session, *what)
        self._end_tick()

    def _end_tick(self) -> None:
        self.commit()
        self.fanout.flush()
        self.counts.ticks += 1
        if self._closing:
            closing, self._closing = self._closing, []
            for session in closing:
                session.wire.close()

    def commit(self, last: Sequence[Record] = ()) -> StoreError | None:
        """Keep what is pending, and `last` with it. The failure, if it failed: then everybody concerned is
        refused.
        """
        if not self._pending and not last:
            return None
        records, self._pending = [*self._owed, *self._pending], []
        wishes, self._wishes = self._wishes, []
        try:
            self.store.commit([*records, *last])
        except StoreError as error:
            self._owed = _still_to_end(records) if error.code != "failed" else []
            refusals.not_stored(self, error, records, wishes)
            if not self.store_failed:
                self.log("store_failed", code=error.code, detail=str(error), refused=len(records) + len(last))
            self.store_failed = True
            self.counts.refused += len(records) + len(last)
            return error
        self._owed = []
        self.counts.stored += len(records) + len(last)
        if self.store_failed:
            self.store_failed = False
            self.log("store_resumed")
        return None

    # --- lines ------------------------------------------------------------------------------------

    def _hear(self, session: Session, data: bytes) -> None:
        if session.closing:
            return
        session.heard_at = self.instant
        session.pinged_at = 0.0
        bounds = self.settings.bounds
        for text in session.framer.feed(data):
            if (
                session.held is not None
                or session.waiting
                or (bounds.flood and not throttle.affordable(session, bounds, self.instant))
            ):
                self._hold(session, text)
            else:
                self._carry_out(session, text)
                if session.closing:
                    return

    def _hold(self, session: Session, text: str | Refused) -> None:
        """Keep a line until its turn comes; drop a session that sends far more than its turns."""
        if session.held is None:
            session.held = deque()
        session.held.append(text)
        if session.waiting:
            if len(session.held) > limits.BACKLOG_LINES:
                self.drop(session, "Too many commands waiting")
        elif len(session.held) > self.settings.bounds.flood_lines_waiting:
            self.drop(session, "Excess Flood")
        else:
            self._throttle(session)

    def _throttle(self, session: Session) -> None:
        if not self._throttled:
            self.scheduler.after(1 / max(1.0, self.settings.bounds.flood_per_second), self._release)
        self._throttled[session] = None

    def _release(self) -> None:
        """Let throttled sessions have what they can afford by now."""
        self.instant, self.now_ms = self.clock.monotonic(), self.clock.now_ms()
        throttled, self._throttled = self._throttled, {}
        for session in throttled:
            self._drain(session)
        self._end_tick()

    def _drain(self, session: Session) -> None:
        held, bounds = session.held, self.settings.bounds
        while held and not session.waiting and not session.closing:
            if not throttle.affordable(session, bounds, self.instant):
                self._throttle(session)
                return
            self._carry_out(session, held.popleft())
        if not held:
            session.held = None

    # --- commands ---------------------------------------------------------------------------------

    def _carry_out(self, session: Session, text: str | Refused) -> None:
        if not isinstance(text, str):
            turn = self.turn(session)
            refusals.not_a_line(turn, text)
            self.answer(turn)
            return
        line = parse(text)
        if not line.command:
            return
        self.counts.lines += 1
        tags = line.tags
        label = (
            tags.get("label") if tags is not None and session.capabilities & cap.LABELED_RESPONSE else None
        )
        turn = Turn(self, session, tags, label)
        try:
            if (
                tags is not None
                and "batch" in tags
                and line.command != "BATCH"
                and batch.batch_line(turn, line)
            ):
                throttle.charge(session, 0.1)  # a batch is one message, however many its lines
                self._finish(session, turn)
                return
            command = registry.gate(turn, line)
            throttle.charge(session, command.cost)
            coroutine = command.handler(turn, line.params)
        except Refuse as refusal:
            throttle.charge(session, 1.0)
            turn.numeric(refusal.numeric, *refusal.params, **refusal.fields)
            self._finish(session, turn)
            return
        self._step(session, turn, coroutine)

    def _step(self, session: Session, turn: Turn, coroutine: Coroutine[Any, Any, None]) -> None:
        """Run a handler to its end, or to where it waits for the world."""
        try:
            awaited = coroutine.send(None)
        except StopIteration:
            pass
        except Refuse as refusal:
            turn.numeric(refusal.numeric, *refusal.params, **refusal.fields)
        except NotStored as failure:
            refusals.refuse(turn, failure.code)
        except Conflict as conflict:
            refusals.lost_conflict(turn, conflict)
        else:
            session.waiting = True
            awaited.add_done_callback(lambda _: self.post(session, (turn, coroutine)))
            return
        self._finish(session, turn)

    def _go_on(self, session: Session, turn: Turn, coroutine: Coroutine[Any, Any, None]) -> None:
        session.waiting = False
        if session.closing:
            coroutine.close()
            return
        self._step(session, turn, coroutine)
        if session.held and not session.waiting:
            self._drain(session)

    def _finish(self, session: Session, turn: Turn) -> None:
        if turn.label is not None:
            self.fanout.session(
                session, labels.LabeledReply(self.settings.name, turn.label, self.ids, turn.items)
            )
        elif turn.items:
            if all(type(item) is str for item in turn.items):
                self.fanout.session(session, "".join(turn.items))  # type: ignore[arg-type]
            else:
                for item in turn.items:
                    self.fanout.session(session, item)

    def turn(self, session: Session) -> Turn:
        """A turn without a command: for what the server has to say to a session by itself."""
        return Turn(self, session, None, None)

    def answer(self, turn: Turn) -> None:
        """Send what such a turn has gathered."""
        self._finish(turn.session, turn)  # type: ignore[arg-type]  # a World's sessions are this server's own

    # --- World: what handlers ask for -----------------------------------------------------------------------

    async def propose(self, event: may.Event, turn: Turn | None = None) -> tuple[Change, ...]:
        undo = self._undo(event)
        changes = await self.bus.propose(event)
        records = [
            change.record for change in changes if isinstance(change, _LASTING) and change.record is not None
        ]
        if records and (error := self.commit(records)) is not None:
            undo()
            raise NotStored(error.code)
        for change in changes:
            if isinstance(change, _LASTING) and change.record is not None:
                change.room.remembered = True
            announce.announce(self, change, turn)
        return changes

    def _undo(self, event: may.Event) -> Callable[[], None]:
        """How to take back a lasting change of a room that the store refused: in the same turn, so nobody
        saw it.
        """
        if not isinstance(event, may.SetTopic | may.SetRoomModes):
            return _nothing
        room = self.network.room(event.room)
        if room is None:
            return _nothing
        record, members = room.record(), dict(room.members)

        def undo() -> None:
            room.restore(record)
            room.members.update(members)

        return undo

    def say(self, turn: Turn, message: Message, room: Room | None, others: Iterable[User] = ()) -> None:
        session: Session = turn.session  # type: ignore[assignment]
        entry = Said(message)
        if message.kind != "TAGMSG":
            session.spoke_at = self.instant
            if room is not None and not room.remembered:
                self.remember(room)
            self._pending.append(message)
            self._wishes.append(tuple.__new__(Wish, (entry, session, turn.label, None)))
        echo = session.capabilities & cap.ECHO_MESSAGE
        if room is not None:
            if not echo:
                self.fanout.room(room, entry, session, session)
            elif turn.label is None:
                self.fanout.room(room, entry, session)
            else:  # the echo is the answer that bears the label
                self.fanout.room(room, entry, session, session)
                turn.add(entry)
            return
        for user in others:
            if user is not turn.user:
                self.fanout.user(user, entry, session)
        for other in self.fanout.sessions.get(turn.user, ()):
            if other is not session and turn.user not in others:
                self.fanout.session(other, entry)
        if turn.user in others or echo:
            turn.add(entry)

    def keep(self, record: Record, wish: Wish | None = None) -> None:
        """Have a record in the next commit, beside what is said; `wish`: whom to refuse if that fails."""
        self._pending.append(record)
        if wish is not None:
            self._wishes.append(wish)

    def owe(self, record: Record) -> None:
        """Have a record tried again with the next commit: the store is failing now."""
        self._owed.append(record)

    def remember(self, room: Room) -> None:
        """A room in which something was said outlives its members."""
        if not room.remembered:
            room.remembered = True
            self._pending.append(room.record())

    def open_stream(self, turn: Turn, reference: str, room: Room | None, user: User | None) -> OpenBatch:
        return streams.Stream(self, turn, reference, room, user)

    def hop_tags(self, user: User, buffer: str, tags: Tags) -> str:
        return hops.stamp(self.page, user, buffer, tags)

    def page(self, page: Page) -> list[Message]:
        return self._read(lambda: self.store.page(page))

    def targets(
        self,
        identity: str,
        rooms: Sequence[str],
        after_ms: int,
        before_ms: int,
        limit: int,
        newest_first: bool,
    ) -> list[TargetSeen]:
        return self._read(
            lambda: self.store.targets(identity, rooms, after_ms, before_ms, limit, newest_first)
        )

    def history_entry(self, target: str, messages: Sequence[Message]) -> Entry:
        return Playback(self.settings.name, self.ids.token(), target, messages)

    def _read(self, read: Callable[[], Read]) -> Read:
        self.commit()
        try:
            return read()
        except StoreError as error:
            self.log("store_unreadable", code=error.code, detail=str(error))
            raise NotStored(error.code) from error

    def tell(self, users: Iterable[User], entry: Entry, only: int = 0, skip: Any = None) -> None:
        for user in users:
            self.fanout.user(user, entry, only=only, skip=skip)

    def sessions(self, user: User) -> Sequence[Session]:
        return self.fanout.sessions.get(user, ())

    def capabilities_changed(self, session: Any) -> None:
        """Called before the bits change: what waits is put into the old form first."""
        if session.user is not None:
            self.commit()
            self.fanout.settle(session)

    def unregistered(self) -> int:
        return sum(session.user is None for session in self.connections)

    # --- the end of a session ---------------------------------------------------------------------

    def drop(self, session: Any, reason: str) -> None:
        """ERROR, QUIT to those who knew it, and the wire closes when its last words have gone."""
        if session.closing:
            return
        self.fanout.session(session, f"ERROR :Closing link: ({session.peer.address}) [{reason}]\r\n")
        session.closing = True
        self._depart(session, reason)
        self._closing.append(session)
        self.wake()

    def drop_user(self, user: User, reason: str) -> None:
        for session in list(self.sessions(user)):
            self.drop(session, reason)

    def _lose(self, session: Session, reason: str) -> None:
        if session not in self.connections:
            return
        if not session.closing:
            session.closing = True
            self._depart(session, reason)
            session.out.clear()
            session.wire.close()
        del self.connections[session]
        here = self._by_address[session.peer.address] - 1
        if here:
            self._by_address[session.peer.address] = here
        else:
            del self._by_address[session.peer.address]

    def _depart(self, session: Session, reason: str) -> None:
        session.held = None
        self._throttled.pop(session, None)
        for opened in list(session.batches.values()):
            opened.abandon(None, reason)
        session.batches = {}
        user = session.user
        if user is None:
            return
        if len(self.sessions(user)) > 1:
            for room in user.rooms:
                self.fanout.audience(room).pop(session, None)
            self.fanout.disconnect(user, session)
            return
        for change in self.network.apply(may.Leave(user.id, reason, self.now_ms // 1000)):
            announce.announce(self, change, None)
        self.fanout.disconnect(user, session)

    def drain(self, reason: str) -> None:
        """Say goodbye to everybody: the process is about to end. What was acknowledged is already stored."""
        self.now_ms, self.instant = self.clock.now_ms(), self.clock.monotonic()
        for session in list(self.connections):
            self.drop(session, reason)
        self._end_tick()

    def _sweep(self) -> None:
        self.now_ms, self.instant = self.clock.now_ms(), self.clock.monotonic()
        keepalive.sweep(self, self.instant)
        self._end_tick()
        self.scheduler.after(keepalive.SWEEP_SECONDS, self._sweep)


_LASTING = did.TopicChanged | did.RoomModesChanged


def _still_to_end(records: Sequence[Record]) -> list[Record]:
    """The ends, in a commit that failed, of streams whose beginnings were stored before."""
    begun = {record.id for record in records if isinstance(record, Message)}
    return [record for record in records if isinstance(record, StreamEnd) and record.message_id not in begun]


def _nothing() -> None:
    pass
