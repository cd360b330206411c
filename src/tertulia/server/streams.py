"""Streams: one message that grows, relayed while it grows (docs/extensions/stream.md).

What belongs here: an open stream, its checks, and its three forms: the stream itself, one multiline batch at
the end, or plain lines as they become complete. What must not: who may open one (`commands.batch`).
Every piece is stored before it is relayed, like everything else; the end replaces the pieces by the whole
text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia import limits
from tertulia.commands.message import buffer_of, identities, relayed_tags
from tertulia.commands.turn import Turn
from tertulia.protocol import capabilities as cap
from tertulia.protocol.casemap import fold
from tertulia.protocol.history import Message, Piece, StreamEnd
from tertulia.protocol.line import Line
from tertulia.protocol.streaming import PlainLines
from tertulia.protocol.tags import Tags
from tertulia.protocol.text import cut
from tertulia.server.labels import with_tag
from tertulia.server.refusals import Wish
from tertulia.server.render import END_STATES, INCOMPLETE_MARK, Said, line_room, message_tags, time_tag
from tertulia.server.session import Session
from tertulia.state.room import Room
from tertulia.state.user import User

if TYPE_CHECKING:
    from tertulia.server.hub import Hub

CONCAT = "tertulia.chat/concat"


class Gate:
    """Shared by all forms of one piece: when the store refuses it, none of them is heard."""

    __slots__ = ("dropped",)

    def __init__(self) -> None:
        self.dropped = False


class Words:
    """A line of a stream as an entry: the same for everybody, but for the tags of the first."""

    __slots__ = ("gate", "label", "line", "message")

    def __init__(
        self, gate: Gate, line: str, message: Message | None = None, label: str | None = None
    ) -> None:
        self.gate = gate
        self.line = line
        self.message = message  # whose tags the line bears, if any
        self.label = label

    def render(self, capabilities: int) -> str:
        if self.gate.dropped:
            return ""
        tags = message_tags(self.message, capabilities) if self.message is not None else ""
        line = f"@{tags} {self.line}\r\n" if tags else f"{self.line}\r\n"
        return with_tag(line, f"label={self.label}") if self.label else line


class Timed:
    """A further plain line: it has the time, and no msgid."""

    __slots__ = ("gate", "line", "time_ms")

    def __init__(self, gate: Gate, line: str, time_ms: int) -> None:
        self.gate, self.line, self.time_ms = gate, line, time_ms

    def render(self, capabilities: int) -> str:
        if self.gate.dropped:
            return ""
        return (
            f"@{time_tag(self.time_ms)} {self.line}\r\n"
            if capabilities & cap.SERVER_TIME
            else f"{self.line}\r\n"
        )


class Stream:
    """One open stream. It is an `OpenBatch` of its speaker's session."""

    lifetime = float(limits.STREAM_SECONDS)

    def __init__(self, hub: Hub, turn: Turn, reference: str, room: Room | None, user: User | None) -> None:
        self.hub = hub
        self.session: Session = turn.session  # type: ignore[assignment]
        self.speaker = turn.user
        self.reference = reference
        self.room, self.user = room, user
        self.opened = hub.instant
        self.parts: list[tuple[str, bool]] = []
        self.size = self.lines = 0
        self.unkept = 0  # pieces of a commit that failed
        self.over = False  # closed by the server; what still comes is ignored
        self.recipients: dict[Session, str] = {}  # to the form that each is served in
        target = room.name if room is not None else user.nick if user is not None else "*"
        sender, recipient = identities(turn.user, user)
        buffer = buffer_of(turn.user, room, user)
        tags = relayed_tags(turn, buffer)
        self.message = Message(
            hub.ids.message(hub.now_ms), hub.now_ms, buffer, "PRIVMSG", turn.user.prefix, target, "",
            turn.user.account, sender, recipient, tags, "", "open",
        )  # fmt: skip
        self.relay_reference = f"s{self.message.id:x}"
        self.plain = PlainLines(
            line_room(self.message.source, "PRIVMSG", target) - len(INCOMPLETE_MARK.encode())
        )
        self.plain_started = False
        self.label = turn.label if self.session.capabilities & cap.ECHO_MESSAGE else None
        if self.label is not None:
            turn.label = None  # answered by the echo of the opening

    # --- OpenBatch --------------------------------------------------------------------------------

    def line(self, turn: Turn, line: Line) -> None:
        if self.over:
            return
        text = line.params[1] if len(line.params) > 1 else ""
        concat = line.tags is not None and CONCAT in line.tags
        wrong = self._wrong(line, text, concat)
        if wrong:
            code, *context = wrong
            turn.fail("BATCH", code, self.reference, *context)
            self._finish("incomplete", "")
            return
        self.parts.append((text, concat))
        self.size += len(text.encode()) + (not concat)
        self.lines += not concat
        self._relay(text, concat)

    def close(self, turn: Turn, tags: Tags | None) -> None:
        if self.over:
            return
        state = next(
            (state for state in END_STATES if tags is not None and f"tertulia.chat/{state}" in tags), ""
        )
        self._finish(state, relayed_tags(turn, None))

    def abandon(self, turn: Turn | None, reason: str) -> None:
        if self.over:
            return
        self._finish("incomplete", "")
        if turn is not None:
            turn.fail("BATCH", "TIMEOUT", self.reference)

    def store_failed(self) -> None:
        """The last `unkept` pieces could not be stored: nobody hears them, and the stream ends before
        them.
        """
        if not self.over:
            del self.parts[-self.unkept :]
            self._finish("incomplete", "", owed=True)

    # --- within -----------------------------------------------------------------------------------

    def _wrong(self, line: Line, text: str, concat: bool) -> list[str]:
        if line.command != "PRIVMSG" or not line.params or (concat and not (self.parts and text)):
            return ["STREAM_INVALID"]
        if fold(line.params[0]) != fold(self.message.target):
            return ["STREAM_INVALID_TARGET", line.params[0][:64].replace(" ", "_")]
        if self.size + len(text.encode()) + 1 > limits.STREAM_BYTES:
            return ["STREAM_MAX_BYTES", str(limits.STREAM_BYTES)]
        if self.lines + (not concat) > limits.STREAM_LINES:
            return ["STREAM_MAX_LINES", str(limits.STREAM_LINES)]
        return []

    def _begin(self) -> None:
        """The first text is there: the message exists, and its recipients are known."""
        if self.room is not None:
            self.hub.remember(self.room)
            listening = list(self.hub.fanout.audience(self.room))
        else:
            users = {self.user, self.speaker} if self.user is not None else {self.speaker}
            listening = [session for user in users for session in self.hub.sessions(user)]
        for session in listening:
            if session is not self.session:
                self.recipients[session] = _form(session)
            elif self.user is self.speaker or session.capabilities & cap.ECHO_MESSAGE:
                self.recipients[session] = "echo"
        gate = Gate()
        self.hub.keep(self.message, Wish(gate, self.session, None, None))
        head = (
            f":{self.message.source} BATCH +{self.relay_reference} tertulia.chat/stream {self.message.target}"
        )
        for session, form in self._listening():
            if form == "stream":
                self._send(session, Words(gate, head, self.message))
            elif form == "echo":
                self._send(session, Words(gate, head, self.message, self.label))

    def _relay(self, text: str, concat: bool) -> None:
        if len(self.parts) == 1:
            self._begin()
        gate = Gate()
        number = len(self.parts)
        self.hub.keep(Piece(self.message.id, number, text, concat), Wish(gate, self.session, None, self))
        source, target, reference = self.message.source, self.message.target, self.relay_reference
        pieces = cut(text, line_room(source, "PRIVMSG", target))
        marks = [f";{CONCAT}" if concat or at else "" for at in range(len(pieces))]
        grown = [
            Words(gate, f"@batch={reference}{mark} :{source} PRIVMSG {target} :{piece}")
            for piece, mark in zip(pieces, marks, strict=True)
        ]
        plain = [self._plain_line(gate, line) for line in self.plain.feed(text, concat)]
        for session, form in self._listening():
            for entry in grown if form == "stream" else plain if form == "plain" else ():
                self._send(session, entry)

    def _plain_line(self, gate: Gate, line: str) -> Words | Timed:
        words = f":{self.message.source} PRIVMSG {self.message.target} :{line}"
        if self.plain_started:
            return Timed(gate, words, self.hub.now_ms)
        self.plain_started = True
        return Words(gate, words, self.message._replace(state=""))

    def _finish(self, state: str, tags: str, owed: bool = False) -> None:
        """The end: the whole text is stored in the place of its pieces, and each form gets its ending."""
        self.over = True
        if not self.parts:
            return  # "a stream that is closed before any text was sent never was a message"
        text = "".join(
            part if concat or not at else f"\n{part}" for at, (part, concat) in enumerate(self.parts)
        )
        every = ";".join(filter(None, [self.message.tags, tags]))
        whole = self.message._replace(text=text, cuts="", tags=every, state=state)
        end = StreamEnd(whole.id, text, "", every, state)
        if owed:
            self.hub.owe(end)
        else:
            self.hub.keep(end)
        gate = Gate()
        end_tags = ";".join(filter(None, [tags, f"tertulia.chat/{state}" if state else ""]))
        closing = f":{whole.source} BATCH -{self.relay_reference}"
        closing = f"@{end_tags} {closing}" if end_tags else closing
        rest = self.plain.end()
        if state:
            rest = [*rest[:-1], (rest[-1] if rest else "") + INCOMPLETE_MARK]
        plain = [self._plain_line(gate, line.lstrip()) for line in rest]
        for session, form in self._listening():
            if form in ("stream", "echo"):
                self._send(session, Words(gate, closing))
            elif form == "multiline":
                self._send(session, Said(whole))
            else:
                for entry in plain:
                    self._send(session, entry)

    def _listening(self) -> list[tuple[Session, str]]:
        """The recipients that are still there: who left the room is sent nothing more."""
        audience = self.hub.fanout.audience(self.room) if self.room is not None else None
        return [
            (session, form)
            for session, form in self.recipients.items()
            if not session.closing and (audience is None or session in audience)
        ]

    def _send(self, session: Session, entry: Words | Timed | Said) -> None:
        self.hub.fanout.session(session, entry, self.session)


def _form(session: Session) -> str:
    if session.capabilities & cap.BATCH and session.capabilities & cap.MESSAGE_TAGS:
        if session.capabilities & cap.STREAM:
            return "stream"
        if session.capabilities & cap.MULTILINE:
            return "multiline"
    return "plain"
