"""What happened, as the world saw it happen: who said what, and who was allowed to hear it at that moment.

What belongs here: facts, written down before the server's fan-out has anything to do with them, and worked
out
from the state of the network alone. What must not: judging (`hearing`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tertulia.protocol import capabilities as cap
from tertulia.protocol.history import Message, Piece, StreamEnd
from tertulia.protocol.line import parse
from tertulia.protocol.modes import RANKS
from tertulia.protocol.names import is_room
from tertulia.server.session import Session
from tertulia.state import changes as did
from tertulia.state.network import Network
from tertulia.state.room import Room
from tertulia.state.user import User

if TYPE_CHECKING:
    from tests.simulation.link import Link

UNIT = re.compile(r"u(\d+)\.")
"""Every word that a simulated member says carries the number of its utterance: `u12.hola`."""

Key = tuple[int, str, str]  # unit, target as relayed, kind


def unit_of(text: str) -> int | None:
    found = UNIT.search(text)
    return int(found[1]) if found else None


def squeezed(text: str) -> str:
    """Without white space: what is left when lines have been cut between words."""
    return "".join(text.split())


@dataclass(eq=False)
class Utterance:
    """One message, and to whom it may go."""

    message: Message
    unit: int | None
    speaker: Session
    room: Room | None
    listeners: dict[Session, int]  # to their capabilities at that moment
    bot: bool
    stream: bool = False
    twice: bool = False  # to oneself, with echo-message: as heard and as said
    end: StreamEnd | None = None
    readers: set[User] = field(default_factory=set)
    left: set[Session] = field(default_factory=set)  # who left the room while the stream was open

    @property
    def room_key(self) -> str | None:
        return self.room.key if self.room is not None else None

    @property
    def key(self) -> Key:
        return (self.unit or 0, self.message.target, self.message.kind)


class Journal:
    """Written by `watched.WatchedHub`."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.links: dict[Session, Link] = {}
        self.open: dict[int, Utterance] = {}  # said, and not yet seen through to the end; by message id
        self.opened: dict[int, tuple[User | None, bool, int]] = {}  # streams: to whom, a bot's?, capabilities
        self.refused: set[int] = set()  # the store's: ids of messages that it refused
        self.sequence = 0
        self.carried: dict[int, int] = {}  # unit to the place of its command among all commands
        self.speakers: dict[int, Session] = {}  # unit to who said it
        self.labels: dict[
            Session, dict[str, str]
        ] = {}  # labels that await their answer, to a batch reference
        self.waited: set[Session] = set()  # sessions whose lines had to wait for a password to be compared
        self.commands = 0
        self.said_count = 0

    # --- what the server did ------------------------------------------------------------------------------

    def carry_out(self, session: Session, text: object) -> None:
        self.sequence += 1
        if not isinstance(text, str):
            return
        self.commands += 1
        if any(word in text.upper() for word in ("OPER ", "AUTHENTICATE ", "NS ")):
            self.waited.add(session)
        for found in UNIT.findall(text):
            self.carried[int(found)] = self.sequence
            self.speakers.setdefault(int(found), session)
        line = parse(text)
        tags = line.tags or {}
        if line.command and "label" in tags and session.capabilities & _LABELLING == _LABELLING:
            opens = line.command == "BATCH" and line.params and line.params[0][:1] == "+"
            self.labelled(session, tags["label"], line.params[0][1:] if opens else "")

    def labelled(self, session: Session, label: str, reference: str = "") -> None:
        """A line with a label is carried out; `reference`: of the batch that it opens."""
        self.labels.setdefault(session, {})[label] = reference

    def say(self, speaker: Session | None, message: Message) -> None:
        """A message is about to be kept, or relayed where nobody keeps it. `speaker`: None when not told."""
        speaker = speaker or next(
            session
            for session in self.links
            if session.user and session.user.prefix == message.source and not session.closing
        )
        user = speaker.user
        assert user is not None
        stream = message.state == "open"
        room, users = self._meant(message)
        bot, echo = user.bot, bool(speaker.capabilities & cap.ECHO_MESSAGE)
        if stream:
            addressed, bot, bits = self.opened[message.id]
            echo = bits & _ECHOED_STREAM == _ECHOED_STREAM
            if room is None:  # whoever bears the nick by now
                users = [addressed] if addressed is not None else []
        if room is None or not is_room(message.target):
            listeners = self._sessions([*users, user])  # one's other connections hear it
        else:
            listeners = self._sessions(users)
        alone = users == [user] and room is None
        if not alone:
            listeners.pop(speaker, None)  # the echo has a rule of its own
        if echo:
            listeners[speaker] = speaker.capabilities
        if message.kind == "TAGMSG":
            listeners = {session: bits for session, bits in listeners.items() if bits & cap.MESSAGE_TAGS}
        unit = unit_of(message.text) or unit_of(message.tags)  # a stream's comes with its pieces
        twice = alone and not stream and echo
        utterance = Utterance(message, unit, speaker, room, listeners, bot, stream, twice)
        utterance.readers = {*users, user}
        self.open[message.id] = utterance
        self.said_count += 1
        if unit is not None and not stream:
            self.sequence += 1
            self.carried[unit] = self.sequence
            self.speakers.setdefault(unit, speaker)

    def _meant(self, message: Message) -> tuple[Room | None, list[User]]:
        """The room, if it is for a room; and who may hear it there, the speaker included."""
        target = message.target
        least = _SYMBOLS.get(target[0], 0)
        if is_room(target) or least:
            room = self.network.room(target[1:] if least else target)
            assert room is not None, f"{target} is not there"
            return room, [member for member, rank in room.members.items() if rank >= least]
        found = self.network.user(target)
        return None, [found] if found is not None else []

    def grow(self, piece: Piece) -> None:
        utterance = self.open.get(piece.message_id)
        if utterance is not None and utterance.unit is None:
            utterance.unit = unit_of(piece.text)

    def end_stream(self, end: StreamEnd) -> None:
        if end.message_id in self.open:
            self.open[end.message_id].end = end

    def changed(self, changes: Iterable[did.Change]) -> None:
        for change in changes:
            if isinstance(change, did.Parted | did.Kicked):
                self._left(change.user, [change.room])
            elif isinstance(change, did.Left):
                self._left(change.user, list(change.rooms))

    def refused_before(self, session: Session, place: int) -> int:
        """How many things this session said before a command of that place, in this tick, and the store
        refused."""
        return sum(
            1
            for message_id, spoken in self.open.items()
            if message_id in self.refused and spoken.speaker is session and not spoken.stream
            and spoken.message.kind != "TAGMSG"
            and spoken.unit and 0 < self.carried.get(spoken.unit, 0) < place
        )  # fmt: skip

    # --- within -------------------------------------------------------------------------------------------

    def _left(self, user: User, rooms: list[Room]) -> None:
        for utterance in self.open.values():
            if utterance.stream and utterance.room in rooms:
                utterance.left.update(session for session in utterance.listeners if session.user is user)

    def _sessions(self, users: list[User]) -> dict[Session, int]:
        """The connections of these users, found without the help of the fan-out."""
        wanted = set(users)
        return {
            session: session.capabilities
            for session in self.links
            if session.user in wanted and not session.closing
        }


_ECHOED_STREAM = cap.ECHO_MESSAGE | cap.STREAM | cap.BATCH | cap.MESSAGE_TAGS
_LABELLING = cap.LABELED_RESPONSE | cap.BATCH  # "This capability depends on ... batch"
_SYMBOLS = {rank.symbol: rank.bit for rank in RANKS}
