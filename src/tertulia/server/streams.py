"""Streams: one message that grows, relayed while it grows (docs/extensions/stream.md).

What belongs here: an open stream, its checks, and its three forms: the stream itself, one multiline batch at
the end, or plain lines as they become complete. What must not: who may open one (`commands.batch`).
Every piece is stored before it is relayed, like everything else; the end replaces the pieces by the whole
text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from tertulia import limits
from tertulia.commands import room_text
from tertulia.commands.arguments import shown
from tertulia.commands.message import buffer_of, identities, relayed_tags
from tertulia.commands.turn import Entry, Turn
from tertulia.policy.room import Denied
from tertulia.protocol import capabilities as cap
from tertulia.protocol.casemap import fold
from tertulia.protocol.history import Message, Piece, StreamEnd
from tertulia.protocol.line import Line
from tertulia.protocol.streaming import PlainLines
from tertulia.protocol.tags import Tags
from tertulia.protocol.text import cut
from tertulia.server.labels import label_tag, with_tag
from tertulia.server.render import (
    END_STATES,
    INCOMPLETE_MARK,
    RENDER_MASK,
    Said,
    Shared,
    line_room,
    message_tags,
    time_tag,
)
from tertulia.server.session import Session
from tertulia.state.room import Room
from tertulia.state.user import User

if TYPE_CHECKING:
    from tertulia.server.hub import Hub

CONCAT = "tertulia.chat/concat"
_WHOLE = cap.STREAM_WHOLE | cap.MULTILINE


class Gate:
    """Shared by all forms of one piece: a `refusals.Wish`; when the store refuses it, none is heard."""

    __slots__ = ("answer", "dropped", "place", "session", "stream")

    def __init__(self, session: Session | None = None, stream: Stream | None = None) -> None:
        self.dropped = False
        self.answer: list[str | Entry] | None = None
        self.session = session
        self.stream = stream
        self.place = len(session.out) if session is not None else 0


class Part(NamedTuple):
    """One line as the speaker sent it."""

    text: str
    concat: bool  # it continues the line before it
    gate: Gate


class Words:
    """A line of a stream that bears tags as an entry."""

    __slots__ = ("forms", "gate", "label", "line", "message")

    def __init__(
        self, gate: Gate, line: str, message: Message | None = None, label: str | None = None
    ) -> None:
        self.gate = gate
        self.line = line
        self.message = message  # whose tags the line bears, if any
        self.label = label
        self.forms: dict[int, str] = {}  # by capabilities

    def render(self, capabilities: int) -> str:
        if self.gate.dropped:
            return ""
        form = self.forms.get(capabilities & RENDER_MASK)
        if form is None:
            tags = message_tags(self.message, capabilities) if self.message is not None else ""
            form = f"@{tags} {self.line}\r\n" if tags else f"{self.line}\r\n"
            form = with_tag(form, label_tag(self.label)) if self.label else form
            self.forms[capabilities & RENDER_MASK] = form
        return form


class Gated:
    """The whole message, for those who are given it at the end."""

    __slots__ = ("forms", "gate", "whole")

    def __init__(self, gate: Gate, whole: Said) -> None:
        self.gate, self.whole = gate, whole
        self.forms: dict[int, str] = {}  # by capabilities: a room of models asks for the same again and again

    def render(self, capabilities: int) -> str:
        if self.gate.dropped:
            return ""
        form = self.forms.get(capabilities & RENDER_MASK)
        if form is None:
            form = self.forms[capabilities & RENDER_MASK] = self.whole.render(capabilities)
        return form


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


class Streams:
    """Those that are open; and of rooms those that have ended and whose end is not stored yet."""

    def __init__(self) -> None:
        self._by_id: dict[int, Stream] = {}
        self._open: dict[Room, dict[Stream, None]] = {}
        self._ending: list[Stream] = []

    def opened(self, stream: Stream) -> None:
        self._by_id[stream.message.id] = stream
        if stream.room is not None:
            self._open.setdefault(stream.room, {})[stream] = None

    def growing(self, message_id: int) -> Stream | None:
        """The one that is this message, once there is text."""
        found = self._by_id.get(message_id)
        return found if found is not None and found.opening is not None else None

    def of(self, room: Room) -> list[Stream]:
        return list(self._open.get(room, ()))

    def over(self, stream: Stream) -> None:
        self._by_id.pop(stream.message.id, None)
        room = stream.room
        if room is None:
            return
        open_here = self._open.get(room, {})
        open_here.pop(stream, None)
        if not open_here:
            self._open.pop(room, None)

    def ending(self, stream: Stream) -> None:
        self._ending.append(stream)

    def settled(self) -> None:
        """Every end is stored, or was refused and told."""
        self._ending.clear()

    def left(self, room: Room, user: User) -> None:
        """Somebody left the room: "Who leaves is sent nothing more", not even after coming back, nor the end
        of what ended just before, if the store refuses it and it has to be told otherwise."""
        for stream in [*self._open.get(room, ()), *self._ending]:
            if stream.room is room:
                for session in stream.hub.sessions(user):
                    stream.recipients.pop(session, None)
                stream.growing = None

    def __bool__(self) -> bool:
        return bool(self._open or self._ending)


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
        self.parts: list[Part] = []
        self.size = self.lines = 0
        self.opening: Gate | None = None  # of the message itself, once there is text
        self.kept = room is None or room.kept  # from its beginning to its end
        self.over = False  # closed; what still comes is ignored
        self.recipients: dict[Session, str] = {}  # to the form that each is served in
        self.growing: list[Session] | None = None  # those of them that hear each piece; None: look again
        self.plainly: list[Session] = []  # those that hear whole lines
        self.message = _message(hub, turn, room, user)
        self.relay_reference = f"s{self.message.id:x}"
        self.piece_room = line_room(self.message.source, "PRIVMSG", self.message.target)
        self.before = f" :{self.message.source} PRIVMSG {self.message.target} :"
        self.plain, self.plain_started = self._plain_lines(), False
        self.echoed = (
            bool(self.session.capabilities & cap.ECHO_MESSAGE) and _form(self.session, True) == "stream"
        )
        self.label = turn.label if self.echoed else None
        if self.label is not None:
            turn.label = None  # answered by the echo of the opening
        hub.streams.opened(self)

    # --- OpenBatch --------------------------------------------------------------------------------

    def line(self, turn: Turn, line: Line) -> None:
        if self.over:
            return
        text = line.params[1] if len(line.params) > 1 else ""
        concat = line.tags is not None and CONCAT in line.tags
        size = len(text) if text.isascii() else len(text.encode())
        wrong = self._wrong(line, text, size, concat)
        if wrong:
            code, *context = wrong
            self._answer_label(turn)
            turn.fail("BATCH", code, self.reference, *context)
            self._finish("incomplete", "")
            return
        if self.room is not None:
            said, text = text, room_text.plain(self.room, text)
            if said and concat and not text:
                return
            if text is not said:
                size = len(text.encode())
        self.parts.append(Part(text, concat, Gate(self.session, self)))
        self.size += size + (not concat)
        self.lines += not concat
        if self.opening is not None:
            self._relay(len(self.parts))
        elif text:  # blank lines wait for it: "hold the opening back until the first line with text is there"
            self._begin(self.parts[-1].gate)
            for number in range(1, len(self.parts) + 1):
                self._relay(number)

    def close(self, turn: Turn, tags: Tags | None) -> None:
        if self.over:
            return
        state = next(
            (state for state in END_STATES if tags is not None and f"tertulia.chat/{state}" in tags), ""
        )
        self._answer_label(turn)
        self._finish(state, relayed_tags(turn, None))

    def abandon(self, turn: Turn | None, reason: str) -> None:
        if self.over:
            return
        answer = turn or self.hub.turn(self.session)
        self._answer_label(answer)
        if turn is not None:
            turn.fail("BATCH", "TIMEOUT", self.reference)
        elif answer.label is not None and not self.session.closing:
            self.hub.answer(answer)
        self._finish("incomplete", "")

    # --- what happens around it -------------------------------------------------------------------

    def silence(self, denied: Denied) -> None:
        """The speaker may no longer speak there."""
        self._finish("incomplete", "")
        turn = self.hub.turn(self.session)
        self._answer_label(turn)
        turn.numeric(denied.numeric, self.message.target, reason=denied.reason)
        self.hub.answer(turn)

    def take_back(self, by: User, session: Session) -> None:
        """It is to be deleted: it ends, and what nobody has heard of it nobody hears."""
        self._finish("stopped", "", unsaid=True)
        if session is not self.session and not self.session.closing:
            turn = self.hub.turn(self.session)
            turn.fail("BATCH", "STREAM_STOPPED", self.reference, by.nick, nick=by.nick)
            self.hub.answer(turn)

    def store_failed(self) -> str | None:
        """A part of it, or its end, could not be stored: nobody hears that, and the stream breaks off
        before it. The label of its opening, if that is still to be answered.
        """
        if self.opening is None or self.opening.dropped:  # there never was a message
            self.parts = []
            self._over()
            label, self.label = self.label, None
            return label
        self.parts = [part for part in self.parts if not part.gate.dropped]
        self.plain, self.plain_started = self._plain_lines(), False
        for part in self.parts:  # to where the plain lines stood after the last part that was kept
            self.plain_started = bool(self.plain.feed(part.text, part.concat)) or self.plain_started
        self._finish("incomplete", "", owed=True)
        return None

    # --- within -----------------------------------------------------------------------------------

    def _wrong(self, line: Line, text: str, size: int, concat: bool) -> list[str]:
        if line.command != "PRIVMSG" or not line.params or (concat and not (self.parts and text)):
            return ["STREAM_INVALID"]
        if line.params[0] != self.message.target and fold(line.params[0]) != fold(self.message.target):
            return ["STREAM_INVALID_TARGET", shown(line.params[0])]
        if self.size + size + 1 > limits.STREAM_BYTES:
            return ["STREAM_MAX_BYTES", str(limits.STREAM_BYTES)]
        if self.lines + (not concat) > limits.STREAM_LINES:
            return ["STREAM_MAX_LINES", str(limits.STREAM_LINES)]
        return []

    def _keep(self, record: Message | Piece | StreamEnd, gate: Gate) -> None:
        if self.kept:
            self.hub.keep(record, gate)

    def _answer_label(self, turn: Turn) -> None:
        """Without an opening there is no echo that could bear the label: this answer does."""
        if self.opening is None and self.label is not None:
            turn.label, self.label = self.label, None

    def _begin(self, gate: Gate) -> None:
        """The first text is there: the message exists, and its recipients are known."""
        self.hub.counts.said += 1
        self.opening = gate
        if self.room is not None:
            self.hub.remember(self.room)
            listening = list(self.hub.fanout.audience(self.room))
            if self.speaker not in self.room.members:
                listening.append(self.session)  # who speaks from outside is owed its echo as well
        else:
            users = dict.fromkeys([self.user or self.speaker, self.speaker])
            listening = [session for user in users for session in self.hub.sessions(user)]
        for session in listening:
            if session is not self.session or self.user is self.speaker:
                self.recipients[session] = _form(session, session is self.session)
            elif self.echoed:
                self.recipients[session] = "echo"
        self._keep(self.message, gate)
        head = (
            f":{self.message.source} BATCH +{self.relay_reference} tertulia.chat/stream {self.message.target}"
        )
        told = Words(gate, head, self.message)
        for session, form in self._listening():
            if form == "stream" or form == "echo":
                mine = session is self.session and self.label is not None
                self._send(session, Words(gate, head, self.message, self.label) if mine else told)

    def _relay(self, number: int) -> None:
        text, concat, gate = self.parts[number - 1]
        self._keep(Piece(self.message.id, number, text, concat), gate)
        if self.growing is None:
            self.growing = [session for session, form in self.recipients.items() if form == "stream"]
            self.plainly = [session for session, form in self.recipients.items() if form == "plain"]
        if self.growing:
            mark = f";{CONCAT}" if concat else ""
            for piece in cut(text, self.piece_room):
                line = f"@batch={self.relay_reference}{mark}{self.before}{piece}\r\n"
                self.hub.fanout.several(self.growing, Shared(gate, line), self.session)
                mark = f";{CONCAT}"
        if self.plainly:
            for line in self.plain.feed(text, concat):
                self.hub.fanout.several(self.plainly, self._plain_line(gate, line), self.session)

    def _plain_lines(self) -> PlainLines:
        return PlainLines(self.piece_room - len(INCOMPLETE_MARK.encode()))

    def _plain_line(self, gate: Gate, line: str) -> Words | Timed:
        words = f":{self.message.source} PRIVMSG {self.message.target} :{line}"
        if self.plain_started:
            return Timed(gate, words, self.hub.now_ms)
        self.plain_started = True
        return Words(gate, words, self.message)

    def _over(self) -> None:
        self.over = True
        self.hub.streams.over(self)

    def _finish(self, state: str, tags: str, owed: bool = False, unsaid: bool = False) -> None:
        """The end: the whole text is stored in the place of its pieces, and each form gets its ending.
        `owed`: the store is failing now, so the end is kept with the next commit. `unsaid`: the message is
        deleted at once, so nobody is given text that they have not had."""
        self._over()
        if self.opening is None:
            return  # "a stream that is closed before any text was sent never was a message"
        text = "".join(
            part.text if part.concat or not at else f"\n{part.text}" for at, part in enumerate(self.parts)
        )
        every = ";".join(filter(None, [self.message.tags, tags]))
        whole = Said(self.message._replace(text=text, tags=every, state=state))
        end, gate = StreamEnd(self.message.id, text, "", every, state), Gate(self.session, self)
        if self.hub.pushes and not owed and not unsaid:
            self.hub.pushes.note(whole.message)
        if owed:
            self.hub.owe(end)
        else:
            self._keep(end, gate)
            if self.kept:
                self.hub.streams.ending(self)
        end_tags = ";".join(filter(None, [tags, f"tertulia.chat/{state}" if state else ""]))
        closing = f":{self.message.source} BATCH -{self.relay_reference}"
        closed = Words(gate, f"@{end_tags} {closing}" if end_tags else closing)
        endings: dict[str, Sequence[Entry]] = {
            "stream": [closed], "echo": [closed], "plain": self._plain_end(gate, state, unsaid),
            "multiline": [] if unsaid else [Gated(gate, whole)],
        }  # fmt: skip
        for session, form in self._listening():
            for entry in endings[form]:
                self._send(session, entry)

    def _plain_end(self, gate: Gate, state: str, unsaid: bool) -> list[Words | Timed]:
        """What is left of the plain lines, marked when it is not the whole."""
        rest = self.plain.end() if not unsaid else [""] if self.plain_started else []
        if state and not (unsaid and not rest):
            rest = [*rest[:-1], (rest[-1] if rest else "") + INCOMPLETE_MARK]
        return [self._plain_line(gate, line.lstrip()) for line in rest]

    def _listening(self) -> list[tuple[Session, str]]:
        """The recipients that are still there."""
        return [(session, form) for session, form in self.recipients.items() if not session.closing]

    def _send(self, session: Session, entry: Entry) -> None:
        self.hub.fanout.session(session, entry, self.session)


def _message(hub: Hub, turn: Turn, room: Room | None, user: User | None) -> Message:
    """The message that will grow, still without text."""
    target = room.name if room is not None else user.nick if user is not None else "*"
    sender, recipient = identities(turn.user, user)
    buffer = buffer_of(turn.user, room, user)
    return Message(
        hub.ids.message(hub.now_ms), hub.now_ms, buffer, "PRIVMSG", turn.user.prefix, target, "",
        turn.user.account, sender, recipient, relayed_tags(turn, buffer), "", "open",
    )  # fmt: skip


def _form(session: Session, own: bool = False) -> str:
    """How a session is given a stream; `own`: one that it speaks itself."""
    if session.capabilities & cap.BATCH and session.capabilities & cap.MESSAGE_TAGS:
        if session.capabilities & cap.STREAM and (own or session.capabilities & _WHOLE != _WHOLE):
            return "stream"
        if session.capabilities & cap.MULTILINE:
            return "multiline"
    return "plain"
