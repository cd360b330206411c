"""Fan-out by tick: what a room said in a tick becomes one buffer for each set of capabilities, and each
member gets one write.

What belongs here: who hears what, in which order, and when bytes are made. What must not: the form of lines
(`render`), permission, the store.

How order is kept without touching every member for every line:
- A room's entries gather in its open `Segment`; members hold no reference to it until it closes, at the
  latest when the tick is flushed.
- Something for one session alone first takes the session's share of the open segments of its rooms
  (`_catch_up`), so a reply never overtakes. The session's cursor remembers how far it has heard.
- A session that turns from one room to another closes the segment it spoke in, so that what one member hears
  from one other keeps its order.
- Who joins begins at the segment's end; who leaves takes their share first.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from tertulia.commands.turn import Entry
from tertulia.server.render import RENDER_MASK, Said, Shared
from tertulia.state.room import Room
from tertulia.state.user import User

if TYPE_CHECKING:
    from tertulia.server.session import Session


class Segment:
    """A stretch of what one room said, in order."""

    __slots__ = ("_counted", "_forms", "_own", "cursors", "entries", "open", "skips")

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.skips: list[Session | None] = []  # for each entry, the session that is not to hear it here
        self.cursors: dict[Session, int] = {}  # sessions that have heard a part already, or came later
        self.open = True
        self._own: dict[
            Session, list[tuple[int, int]]
        ] = {}  # the stretches that a session is to hear otherwise
        self._counted = 0  # how many entries `_own` knows
        self._forms: dict[int, Form] = {}  # by capabilities

    def data(self, session: Session, start: int, end: int) -> bytes:
        """The bytes of entries `start` to `end` for this session, without its own where it wants no echo."""
        if self._counted < len(self.entries):
            self._count()
            self._forms.clear()
        mask = session.capabilities & RENDER_MASK
        form = self._forms.get(mask)
        if form is None:
            form = self._forms[mask] = Form([entry.render(mask) for entry in self.entries])
        data, own = form.data, self._own.get(session)
        if own is None and end - start == self._counted:
            return data
        offsets = form.offsets
        if own is None:
            return data[offsets[start] : offsets[end]]
        pieces, at = [], start
        for first, behind in own:
            if behind > at and first < end:
                pieces.append(data[offsets[at] : offsets[max(first, at)]])
                pieces += self._labelled(form, max(first, at), min(behind, end))
                at = min(behind, end)
        pieces.append(data[offsets[at] : offsets[end]])
        return b"".join(pieces)

    def _labelled(self, form: Form, start: int, end: int) -> list[bytes]:
        """What their speaker hears of these entries: nothing, or the echo as the answer to its label."""
        found = []
        for at in range(start, end):
            entry = self.entries[at]
            if type(entry) is Said and entry.label and not entry.dropped:
                line = form.data[form.offsets[at] : form.offsets[at + 1]]
                found.append(entry.label.encode() + (b";" + line[1:] if line[:1] == b"@" else b" " + line))
        return found

    def _count(self) -> None:
        """Bring `_own` up to date: usually each speaker has said its lines in one go."""
        own = self._own
        for at in range(self._counted, len(self.skips)):
            session = self.skips[at]
            if session is None:
                continue
            stretches = own.get(session)
            if stretches is None:
                own[session] = [(at, at + 1)]
            elif stretches[-1][1] == at:
                stretches[-1] = (stretches[-1][0], at + 1)
            else:
                stretches.append((at, at + 1))
        self._counted = len(self.skips)

    def forget(self) -> None:
        """Let go of what has been written."""
        self.entries, self.skips = [], []
        self.cursors.clear()
        self._own.clear()
        self._forms.clear()


class Form:
    """All lines of a segment, as one set of capabilities is sent them, and where each begins."""

    __slots__ = ("data", "offsets")

    def __init__(self, lines: list[str]) -> None:
        self.data = "".join(lines).encode()
        self.offsets = list(accumulate(map(len, lines), initial=0))
        if len(self.data) != self.offsets[-1]:  # not all of it is ASCII
            self.offsets = list(accumulate([len(line.encode()) for line in lines], initial=0))


class Fanout:
    def __init__(self) -> None:
        self.sessions: dict[User, list[Session]] = {}
        self.connected = 0  # how many sessions have a user
        self._audience: dict[Room, dict[Session, None]] = {}
        self._open: dict[Room, Segment] = {}
        self._dirty: list[Session] = []
        self._farewells: dict[Room, None] = {}  # rooms in whose open segment somebody leaves the network
        self._closed: list[Segment] = []  # in this tick; emptied after it, since speakers still point at them

    # --- who listens ------------------------------------------------------------------------------

    def connect(self, user: User, session: Session) -> None:
        self.sessions.setdefault(user, []).append(session)
        self.connected += 1

    def disconnect(self, user: User, session: Session) -> None:
        left = self.sessions.get(user)
        if left is not None and session in left:
            left.remove(session)
            self.connected -= 1
            if not left:
                del self.sessions[user]

    def attach(self, user: User, session: Session) -> None:
        """One more session of somebody who is in rooms: it hears what is said from now on."""
        self.connect(user, session)
        for room in user.rooms:
            self._audience.setdefault(room, {})[session] = None
            segment = self._open.get(room)
            if segment is not None:
                segment.cursors[session] = len(segment.entries)

    def detach(self, user: User, session: Session) -> None:
        """A session of somebody who stays in the rooms hears nothing any more."""
        for room in user.rooms:
            audience = self._audience.get(room, {})
            audience.pop(session, None)
            if not audience:
                self._close(room)
                self._audience.pop(room, None)
        self.disconnect(user, session)

    def joined(self, user: User, room: Room) -> None:
        audience = self._audience.setdefault(room, {})
        segment = self._open.get(room)
        for session in self.sessions.get(user, ()):
            audience[session] = None
            if segment is not None:
                segment.cursors[session] = len(segment.entries)

    def parted(self, user: User, room: Room) -> None:
        """Call it after what the leaver is still to hear has been told."""
        audience = self._audience.get(room, {})
        segment = self._open.get(room)
        for session in self.sessions.get(user, ()):
            if segment is not None and session in audience:
                self._share(session, segment)
            audience.pop(session, None)
        if not audience:
            self._close(room)
            self._audience.pop(room, None)

    # --- what is said -----------------------------------------------------------------------------

    def room(self, room: Room, entry: Entry, speaker: Session | None, skip: Session | None = None) -> None:
        """To all who are in the room now. `skip` does not hear it here; `speaker` is whose order must be
        kept.
        """
        segment = self.segment(room, speaker)
        segment.entries.append(entry)
        segment.skips.append(skip)

    def farewell(self, room: Room, entry: Entry, leaver: Session) -> None:
        """To all in the only room of who leaves the network. See `take_name`."""
        self.room(room, entry, leaver, leaver)
        self._farewells[room] = None

    def take_name(self) -> None:
        """Somebody takes a name, maybe that of one who left in this tick: farewells are heard before whatever
        the new bearer does, in whichever room.
        """
        for room in self._farewells:
            self._close(room)
        self._farewells.clear()

    def segment(self, room: Room, speaker: Session | None) -> Segment:
        """The room's open segment, to which this speaker now adds: what it said elsewhere is closed first."""
        segment = self._open.get(room)
        if speaker is not None and speaker.spoke_in is not segment:
            self._turn_from(speaker)
            segment = self._open.get(room)
        if segment is None:
            segment = self._open[room] = Segment()
        if speaker is not None:
            speaker.spoke_in, speaker.spoke_room = segment, room
        return segment

    def session(self, session: Session, item: str | Entry, speaker: Session | None = None) -> None:
        """To one session, after all that it has heard before."""
        if speaker is not None and speaker.spoke_in is not None:
            self._turn_from(speaker)
        self._catch_up(session)
        if not session.out:
            self._dirty.append(session)
        session.out.append(item)

    def apart(self, room: Room, session: Session, item: Entry) -> None:
        """To one session of a room, after all that was said there; also when its user has left by now."""
        segment = self._open.get(room)
        if segment is not None and session in self._audience.get(room, ()):
            self._share(session, segment)
        self.session(session, item)

    def several(self, sessions: Iterable[Session], entry: Entry, speaker: Session) -> None:
        """To each of these sessions that is still there, as `session` does."""
        if speaker.spoke_in is not None:
            self._turn_from(speaker)
        behind = bool(self._open)
        for session in sessions:
            if session.closing:
                continue
            if behind:
                self._catch_up(session)
            if not session.out:
                self._dirty.append(session)
            session.out.append(entry)

    def user(
        self, user: User, entry: Entry, speaker: Session | None = None, only: int = 0, skip: Any = None
    ) -> None:
        for session in self.sessions.get(user, ()):
            if session is not skip and (not only or session.capabilities & only):
                self.session(session, entry, speaker)

    def neighbours(self, user: User, rooms: Iterable[Room]) -> dict[Session, None]:
        """Every session that shares one of these rooms with the user, the user's own included, once each."""
        found = dict.fromkeys(self.sessions.get(user, ()))
        for room in rooms:
            found.update(self._audience.get(room, {}))
        return found

    def audience(self, room: Room) -> dict[Session, None]:
        return self._audience.get(room, {})

    # --- the end of a tick ------------------------------------------------------------------------

    def settle(self, session: Session) -> None:
        """Give a session's lines the form of its present capabilities, before these change. Commit first."""
        self._catch_up(session)
        self._render(session)

    def flush(self) -> None:
        """Every session that has something to hear gets one write."""
        for room in list(self._open):
            self._close(room)
        self._farewells.clear()
        dirty, self._dirty = self._dirty, []
        for session in dirty:
            out = session.out
            if not out:
                continue
            data = (
                _bytes_of(session, out[0])
                if len(out) == 1
                else b"".join([_bytes_of(session, item) for item in out])
            )
            out.clear()
            if data:
                session.wire.write(data)
        for segment in self._closed:
            segment.forget()
        self._closed.clear()

    def _render(self, session: Session) -> None:
        if session.out:
            session.out[:] = [b"".join([_bytes_of(session, item) for item in session.out])]

    def _close(self, room: Room) -> None:
        segment = self._open.pop(room, None)
        if segment is None:
            return
        segment.open = False
        self._closed.append(segment)
        cursors, end, dirty = segment.cursors, len(segment.entries), self._dirty
        whole = (segment, 0, end)
        for session in self._audience.get(room, ()):
            out = session.out
            if not out:
                dirty.append(session)
            if not cursors or session not in cursors:
                out.append(whole)
            elif cursors[session] < end:
                out.append((segment, cursors[session], end))

    def _turn_from(self, speaker: Session) -> None:
        if speaker.spoke_in is not None and speaker.spoke_in.open:
            self._close(speaker.spoke_room)
        speaker.spoke_in = None

    def _catch_up(self, session: Session) -> None:
        user = session.user
        if not self._open or user is None:
            return
        if len(self._open) < len(user.rooms):
            shared = [room for room in self._open if room in user.rooms]
        else:
            shared = [room for room in user.rooms if room in self._open]
        for room in shared:
            if session in self._audience.get(room, ()):
                self._share(session, self._open[room])

    def _share(self, session: Session, segment: Segment) -> None:
        start, end = segment.cursors.get(session, 0), len(segment.entries)
        if start < end:
            if not session.out:
                self._dirty.append(session)
            session.out.append((segment, start, end))
            segment.cursors[session] = end


def _bytes_of(session: Session, item: Any) -> bytes:
    kind = type(item)
    if kind is tuple:
        segment, start, end = item
        data: bytes = segment.data(session, start, end)
        return data
    if kind is Shared:
        shared: bytes = b"" if item.fate.dropped else item.data
        return shared
    if kind is str:
        return bytes(item, "utf-8")
    if kind is bytes:
        return bytes(item)
    return bytes(item.render(session.capabilities), "utf-8")
