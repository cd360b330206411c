"""What is remembered, as values: messages, pieces of a growing one, rooms, and the pages one asks for.

What belongs here: the shapes shared by CHATHISTORY, the store and the models' view. What must not: SQL,
sockets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from tertulia.protocol.casemap import fold
from tertulia.protocol.rooms import Access
from tertulia.protocol.words import Phrase, are_said

Kind = Literal["PRIVMSG", "NOTICE", "TAGMSG"]


class Message(NamedTuple):
    """One message, as it is stored and said. A named tuple: it is made once for every line that is spoken."""

    id: int  # its place in the log, and its msgid (see `msgid`)
    time_ms: int  # server-time
    buffer: str  # folded room name, or `conversation(...)` of two identities
    kind: str  # PRIVMSG, NOTICE
    source: str  # nick!user@host at that time
    target: str  # as it was addressed: a room or a nick
    text: str  # lines joined by "\n"; see `cuts`
    account: str | None = None
    sender: str | None = None  # identity of who said it; private conversations only
    recipient: str | None = None  # identity of who was meant; private conversations only
    tags: str = (
        ""  # what travels with it, already escaped: client-only tags, provenance, "draft/bot"-like flags
    )
    cuts: str = ""  # how multiline composed it; see `text.lines_and_cuts`
    state: str = (
        ""  # "": whole; "open": a stream still growing; "stopped"; "incomplete": its speaker vanished
    )


class Piece(NamedTuple):
    """A part of an open stream, in order. `concat`: it continues the line before it."""

    message_id: int
    number: int
    text: str
    concat: bool


class StreamEnd(NamedTuple):
    """The end of a stream: the whole text replaces its pieces."""

    message_id: int
    text: str
    cuts: str
    tags: str
    state: str  # "", "stopped" or "incomplete"


class Redaction(NamedTuple):
    """A message taken back: nothing of it stays in the store. One that is not there is no error.

    `buffer`: where a reaction was, which is kept among the happenings.
    """

    message_id: int
    buffer: str = ""


class Happening(NamedTuple):
    """What was done in a room, or a reaction anywhere: kept beside the messages, for who asks for both."""

    buffer: str
    id: int  # its place among the messages; one deed in several rooms has one place
    kind: str  # JOIN, PART, QUIT, KICK, MODE, TOPIC, NICK, TAGMSG
    source: str
    target: str  # the room, or as a reaction was addressed
    text: str = ""  # what follows: a reason, a topic, a new nick, modes as they are written
    account: str | None = None
    tags: str = ""  # as of a `Message`

    def as_message(self) -> Message:
        return Message(
            self.id, self.id >> ID_TIME_SHIFT, self.buffer, self.kind, self.source, self.target, self.text,
            self.account, tags=self.tags,
        )  # fmt: skip


class Forgetting(NamedTuple):
    """What is to be deleted because it is old: at most `limit` of it at a time, the oldest first."""

    before: int  # only ids smaller than this
    buffer: str = ""  # "": all of them
    happenings: bool = False  # what was done, instead of what was said
    limit: int = 50


class RoomMoved(NamedTuple):
    """A room has another name: what was kept of it under `key` is kept under the record's. Its messages stay
    where they are, see `state.room.Room.buffer`."""

    key: str
    record: RoomRecord


class TargetSeen(NamedTuple):
    """One row of CHATHISTORY TARGETS."""

    buffer: str
    name: str  # how the asker knows it: the room, or the other one's nick
    latest_ms: int


@dataclass(frozen=True, slots=True)
class Mask:
    """An entry of a ban, exception or invitation list."""

    mask: str
    set_by: str
    set_at: int  # seconds since 1970
    until: int = 0  # seconds since 1970 when it ends by itself; 0: never
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RoomRecord:
    """What a room remembers when nobody is there."""

    key: str  # folded name
    name: str
    created_at: int  # seconds since 1970
    topic: str = ""
    topic_by: str = ""
    topic_at: int = 0
    flags: str = ""  # mode letters without a parameter, sorted: "nt"
    password: str = ""  # mode k
    limit: int = 0  # mode l; 0: none
    bans: tuple[Mask, ...] = ()
    exceptions: tuple[Mask, ...] = ()
    invitations: tuple[Mask, ...] = ()
    founder: str = ""  # folded name of the account that it belongs to; "": of nobody, it is not registered
    registered_at: int = 0  # seconds since 1970: since when it belongs to the founder
    access: tuple[Access, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()  # by name, sorted; see `protocol.rooms.SETTINGS`


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of history. Bounds are exclusive. `newest_first` says which end counts when there are too
    many.

    A bound is an id; times are turned into ids by the store (every id carries its own time, see `id_floor`).
    """

    buffers: tuple[
        str, ...
    ]  # several only for a private conversation whose other side has several identities
    after: int = 0  # only ids greater than this
    before: int = 1 << 62  # only ids smaller than this
    limit: int = 100
    newest_first: bool = True
    events: bool = False  # happenings as well


SPOKEN = ("PRIVMSG", "NOTICE")
"""The kinds of messages that have words."""


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for among what they may read. Bounds are as in a `Page`."""

    buffers: tuple[str, ...]
    identity: str = ""  # whose private talk is looked through as well; "": nobody's
    phrases: tuple[Phrase, ...] = ()  # all of them
    nick: str = ""  # folded, of who said it; "": anybody
    after: int = 0
    before: int = 1 << 62
    limit: int = 100
    newest_first: bool = True  # which end counts when there are too many
    floors: Mapping[str, int] = field(default_factory=dict)  # of buffers: the id up to which nothing is found


MESSAGE_BYTES, LINE_BYTES, TEXT_BYTES = 200, 250, 300  # tags of a message; prefix of a line; text in one


def weight_of(message: Message) -> int:
    """About how many bytes a message becomes when it is replayed, whatever the reader negotiated."""
    text = len(message.text.encode())
    lines = 1 + max(message.text.count("\n") + message.cuts.count(","), text // TEXT_BYTES)
    return text + len(message.tags) + MESSAGE_BYTES + lines * LINE_BYTES


def fitting(messages: Sequence[Message], newest_first: bool, room_bytes: int) -> list[Message]:
    """As many of them as weigh no more than this, from the end that was asked for; one at the least."""
    kept: list[Message] = []
    for message in reversed(messages) if newest_first else messages:
        room_bytes -= weight_of(message)
        if kept and room_bytes < 0:
            break
        kept.append(message)
    return kept[::-1] if newest_first else kept


def is_found(search: Search, message: Message) -> bool:
    """Whether a message is what the search asks for, its place among the others apart."""
    if message.buffer not in search.buffers and (
        not search.identity or search.identity not in (message.sender, message.recipient)
    ):
        return False
    if message.id <= search.floors.get(message.buffer, 0):
        return False
    if message.kind not in SPOKEN or message.state == "open":
        return False
    if search.nick and fold(message.source.partition("!")[0]) != search.nick:
        return False
    return are_said(search.phrases, message.text)


def msgid(message_id: int) -> str:
    """The msgid tag of a message: its place in the log, in hexadecimal."""
    return f"{message_id:x}"


def parse_msgid(text: str) -> int | None:
    """The place in the log that a msgid names; None when it is not one of ours."""
    try:
        value = int(text, 16)
    except ValueError:
        return None
    return value if 0 <= value < 1 << 62 and text == f"{value:x}" else None


ID_TIME_SHIFT = 18
"""An id is the time in milliseconds, shifted by this, plus a count: 262,144 messages a millisecond."""


class Own(NamedTuple):
    """What an account said, and the private talk that it had."""

    account: str  # its name as it stands on messages
    identity: str
    after: int  # an id: only later messages
    rows: int  # how many messages are looked at, whoever said them


def id_floor(time_ms: int) -> int:
    """The smallest id of this millisecond."""
    return max(0, time_ms) << ID_TIME_SHIFT


def conversation(one: str, other: str) -> str:
    """The buffer of a private conversation: the same for both sides. Never begins with "#"."""
    first, second = sorted((one, other))
    return f"{first} {second}"
