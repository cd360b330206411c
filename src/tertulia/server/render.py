"""Entries: what was said or done, put into the lines that a set of capabilities asks for.

What belongs here: the form of everything that is relayed. What must not: to whom, when, and in which order
(`fanout`). An entry is rendered once for each set of capabilities in a room, never once a member.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from tertulia.limits import LINE_BYTES, MULTILINE_BYTES, MULTILINE_LINES
from tertulia.protocol import capabilities as cap
from tertulia.protocol.history import Message
from tertulia.protocol.tags import escape
from tertulia.protocol.text import cut, parts_of
from tertulia.protocol.times import written
from tertulia.state.user import User

if TYPE_CHECKING:
    from tertulia.commands.turn import Entry
    from tertulia.server.session import Session
    from tertulia.server.streams import Stream

RENDER_MASK = (
    cap.MESSAGE_TAGS | cap.SERVER_TIME | cap.BATCH | cap.MULTILINE | cap.STREAM
    | cap.ACCOUNT_TAG | cap.ACCOUNT_NOTIFY | cap.EXTENDED_JOIN | cap.AWAY_NOTIFY
    | cap.SETNAME | cap.INVITE_NOTIFY | cap.REDACTION
)  # fmt: skip
"""The capabilities that change the form of what is relayed."""

_LONGEST_SAFE_CHARACTERS = (LINE_BYTES - 2) // 4  # no UTF-8 character has more than four bytes
_TAGGED = cap.MESSAGE_TAGS | cap.SERVER_TIME | cap.ACCOUNT_TAG
INCOMPLETE_MARK = " […]"
_MARK_BYTES = len(INCOMPLETE_MARK.encode())
END_STATES = ("stopped", "incomplete")  # a stream that is not whole, and the tag that says so


@lru_cache(maxsize=4096)
def time_tag(time_ms: int) -> str:
    """`time=2026-01-31T12:00:00.000Z`, of a wall clock in milliseconds."""
    return f"time={written(time_ms)}"


@lru_cache(maxsize=4096)
def account_tag(account: str) -> str:
    return f"account={escape(account)}"


class Said:
    """A message as an entry. `dropped`: the store refused it, so nobody hears it. `label`: the tag with which
    its speaker hears it where others hear it without, `@label=...`; see `quick`.
    """

    __slots__ = ("answer", "body", "dropped", "label", "message", "place", "session", "short")
    stream: Stream | None = None  # see `refusals.Wish`

    def __init__(
        self,
        message: Message,
        session: Session | None = None,
        answer: list[str | Entry] | None = None,
        place: int = 0,
        label: str = "",
    ) -> None:
        self.message = message
        self.session = session
        self.answer = answer
        self.place = place
        self.label = label
        self.dropped = False
        self.body = (
            f":{message.source} {message.kind} {message.target} :{message.text}\r\n"
            if message.kind != "TAGMSG"
            else f":{message.source} TAGMSG {message.target}\r\n"
        )

        self.short = len(self.body) <= _LONGEST_SAFE_CHARACTERS and not (
            message.kind == "TAGMSG" or message.cuts or message.state or "\n" in message.text
        )  # what most are: one line, whatever is negotiated

    def render(self, capabilities: int) -> str:
        if self.dropped:
            return ""
        message, body = self.message, self.body
        if not self.short:
            if message.kind == "TAGMSG" and not capabilities & cap.MESSAGE_TAGS:
                return ""
            if message.cuts or message.state or "\n" in message.text or len(body.encode()) > LINE_BYTES:
                return composed(message, capabilities)
        tags = message_tags(message, capabilities) if capabilities & _TAGGED else ""
        return f"@{tags} {body}" if tags else body


class Fate(Protocol):
    """What becomes of an entry at the commit."""

    dropped: bool  # the store refused it, so nobody hears it


class Shared:
    """A line that is the same for all who hear it: its bytes are made once."""

    __slots__ = ("data", "fate")

    def __init__(self, fate: Fate, line: str) -> None:
        self.fate = fate
        self.data = line.encode()

    def render(self, capabilities: int) -> str:
        return "" if self.fate.dropped else self.data.decode()


def message_tags(message: Message, capabilities: int) -> str:
    """The tags of a message for a session with these capabilities, without "@"; "" for none."""
    if capabilities & cap.MESSAGE_TAGS:
        tags = f"msgid={message.id:x}"
        if message.tags:
            tags = f"{tags};{message.tags}"
        if message.state in END_STATES:
            tags = f"{tags};tertulia.chat/{message.state}"
        if message.account is not None and capabilities & cap.ACCOUNT_TAG:
            tags = f"{account_tag(message.account)};{tags}"
        if capabilities & cap.SERVER_TIME:
            tags = f"{time_tag(message.time_ms)};{tags}"
        return tags
    return told_tags(message.time_ms, message.account, capabilities)


def told_tags(
    time_ms: int, account: str | None, capabilities: int, bot: bool = False, operator: bool = False
) -> str:
    """The tags of what somebody did, without "@"; "" for none. `account`: of who did it."""
    tags = time_tag(time_ms) if capabilities & cap.SERVER_TIME else ""
    if operator and capabilities & cap.MESSAGE_TAGS:
        tags = f"{tags};draft/oper" if tags else "draft/oper"
    if bot and capabilities & cap.MESSAGE_TAGS:
        tags = f"{tags};bot" if tags else "bot"
    if account is None or not capabilities & cap.ACCOUNT_TAG:
        return tags
    return f"{tags};{account_tag(account)}" if tags else account_tag(account)


def composed(message: Message, capabilities: int) -> str:
    """A message of several lines: one multiline batch (or several), or plain lines without the blank ones."""
    marked = message.state in END_STATES and not capabilities & cap.MESSAGE_TAGS
    room = line_room(message.source, message.kind, message.target) - (_MARK_BYTES if marked else 0)
    parts = [
        (piece, concat or number > 0)
        for part, concat in parts_of(message.text, message.cuts)
        for number, piece in enumerate(cut(part, room))
    ]
    if marked:
        parts[-1] = (parts[-1][0] + INCOMPLETE_MARK, parts[-1][1])
    if capabilities & cap.MULTILINE and capabilities & cap.BATCH:
        return multiline(message, parts, capabilities)
    return plain(message, parts, capabilities)


def plain(message: Message, parts: Sequence[tuple[str, bool]], capabilities: int) -> str:
    """ "Any tags that would have been added to the batch ... MUST be included on the first message line"."""
    tags = message_tags(message, capabilities)
    later = told_tags(message.time_ms, message.account, capabilities)
    lines = []
    for part, _ in parts:
        if part:
            head = f"@{tags} " if tags else ""
            lines.append(f"{head}:{message.source} {message.kind} {message.target} :{part}\r\n")
            tags = later  # "Servers MUST only include a message ID on the first message of a batch"
    return "".join(lines)


def multiline(message: Message, parts: Sequence[tuple[str, bool]], capabilities: int) -> str:
    """As many batches as max-bytes and max-lines ask for; only the first has the message's tags."""
    batches = []
    tags = message_tags(message, capabilities)
    for number, group in enumerate(_groups(parts)):
        reference = f"m{message.id:x}" if not number else f"m{message.id:x}x{number}"
        head = f"@{tags} " if tags else ""
        lines = [f"{head}:{message.source} BATCH +{reference} draft/multiline {message.target}\r\n"]
        for at, (part, concat) in enumerate(group):
            mark = ";draft/multiline-concat" if concat and at else ""
            lines.append(
                f"@batch={reference}{mark} :{message.source} {message.kind} {message.target} :{part}\r\n"
            )
        lines.append(f":{message.source} BATCH -{reference}\r\n")
        batches.append("".join(lines))
        tags = told_tags(message.time_ms, message.account, capabilities, bot="bot" in message.tags.split(";"))
    return "".join(batches)


def _groups(parts: Sequence[tuple[str, bool]]) -> list[list[tuple[str, bool]]]:
    groups: list[list[tuple[str, bool]]] = [[]]
    size = 0
    for part, concat in parts:
        added = len(part.encode())
        line_feed = 0 if concat or not groups[-1] else 1
        if groups[-1] and (size + line_feed + added > MULTILINE_BYTES or len(groups[-1]) >= MULTILINE_LINES):
            groups.append([])
            size = line_feed = 0
        groups[-1].append((part, concat))
        size += line_feed + added
    return groups


def line_room(source: str, kind: str, target: str) -> int:
    """How many bytes of text fit one relayed line."""
    return LINE_BYTES - len(f":{source} {kind} {target} :\r\n".encode())


class Told:
    """An event's line in variants: the first whose capability the session has; the last may ask for none
    (0).
    """

    __slots__ = ("account", "bot", "operator", "time_ms", "variants")

    def __init__(
        self, time_ms: int, *variants: tuple[int, str], by: User | None = None, account: str | None = None
    ) -> None:
        """`by`: whose deed it is; `account`: if that is no longer the one of who did it."""
        self.time_ms = time_ms
        self.variants = variants
        self.account = by.account if by is not None else account
        self.bot = by is not None and by.bot
        self.operator = by is not None and by.operator is not None

    def render(self, capabilities: int) -> str:
        for needed, line in self.variants:
            if capabilities & needed == needed:
                tags = told_tags(self.time_ms, self.account, capabilities, self.bot, self.operator)
                return f"@{tags} {line}\r\n" if tags else f"{line}\r\n"
        return ""
