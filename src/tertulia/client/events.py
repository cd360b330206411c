"""What a client is told: one page of records, made by `session` from lines.

What belongs here: frozen values. What must not: behaviour beyond a question about the value's own fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

NO_TAGS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Registered:
    """The server has let us in, and has said what it supports."""

    nick: str
    capabilities: frozenset[str]
    isupport: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Refused:
    """The server will not have us under this name or password."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """Something said, whole: a line, a multiline batch joined, or a TAGMSG without text."""

    kind: str  # PRIVMSG, NOTICE, TAGMSG
    source: str  # nick!user@host, or a server's name
    target: str
    text: str
    tags: Mapping[str, str] = field(default_factory=lambda: NO_TAGS)

    @property
    def nick(self) -> str:
        return self.source.partition("!")[0]

    @property
    def msgid(self) -> str | None:
        return self.tags.get("msgid")

    @property
    def bot(self) -> bool:
        return "bot" in self.tags or "draft/bot" in self.tags

    @property
    def replied_to(self) -> str | None:
        return self.tags.get("+reply") or self.tags.get("+draft/reply")


@dataclass(frozen=True, slots=True)
class StreamOpened:
    """Somebody has begun to say something that grows (docs/extensions/stream.md)."""

    reference: str
    source: str
    target: str
    tags: Mapping[str, str]

    @property
    def nick(self) -> str:
        return self.source.partition("!")[0]


@dataclass(frozen=True, slots=True)
class StreamPiece:
    reference: str
    text: str
    concat: bool


@dataclass(frozen=True, slots=True)
class StreamClosed:
    """The whole of it, as a message with the tags of both ends."""

    reference: str
    message: Message
    end: Literal["", "stopped", "incomplete"]


@dataclass(frozen=True, slots=True)
class History:
    """An answer to CHATHISTORY or SEARCH: messages in the order the server gave."""

    target: str
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Redacted:
    """A message was taken back (draft/message-redaction)."""

    target: str
    msgid: str
    by: str


@dataclass(frozen=True, slots=True)
class Joined:
    nick: str
    room: str
    account: str | None = None
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """PART, KICK; QUIT has `room` None: all rooms."""

    nick: str
    room: str | None
    reason: str
    kicked_by: str | None = None


@dataclass(frozen=True, slots=True)
class NickChanged:
    old: str
    new: str
    source: str = ""  # as it was: nick!user@host


@dataclass(frozen=True, slots=True)
class AccountChanged:
    """Somebody in a room of ours logged in, or out."""

    nick: str
    account: str | None
    source: str = ""


@dataclass(frozen=True, slots=True)
class AwayChanged:
    nick: str
    text: str  # "" when back


@dataclass(frozen=True, slots=True)
class TopicChanged:
    room: str
    text: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class ModeChanged:
    target: str
    by: str
    changes: tuple[tuple[str, str, str | None], ...]  # ("+" or "-", letter, parameter)


@dataclass(frozen=True, slots=True)
class Names:
    """Everybody in a room, with the prefixes they have there ("@+")."""

    room: str
    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Invited:
    nick: str
    room: str
    by: str


@dataclass(frozen=True, slots=True)
class Reply:
    """FAIL, WARN or NOTE: a standard reply."""

    kind: str
    command: str
    code: str
    context: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Pong:
    """All that was said before our PING has been dealt with."""

    token: str


@dataclass(frozen=True, slots=True)
class Inbox:
    """INBOX: what became of a claim (docs/extensions/inbox.md)."""

    params: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Numeric:
    """Any numeric that has no record of its own. Parameters are those after our nick."""

    code: str
    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """The connection is over: the server's ERROR, or what the shell saw."""

    reason: str
    again_in_seconds: float | None = None


Event = (
    Registered | Refused | Message | StreamOpened | StreamPiece | StreamClosed | History | Redacted | Joined
    | Left | NickChanged | AwayChanged | TopicChanged | ModeChanged | Names | Invited | Reply | Numeric
    | Closed | Pong | Inbox | AccountChanged
)  # fmt: skip
