"""Cause and hops: what led to what a bot-flagged member says (docs/extensions/stream.md, "What led to it").

The count is read from the log itself: every message of a bot carries its hops, so nothing has to be
remembered here.
"""

from __future__ import annotations

from collections.abc import Callable

from tertulia.protocol.history import Message, Page, parse_msgid
from tertulia.protocol.line import nick_of
from tertulia.protocol.tags import Tags, parse_tags
from tertulia.state.user import User

CAUSE, HOPS = "tertulia.chat/cause", "tertulia.chat/hops"
NAMED = (CAUSE, "+reply", "+draft/reply")
LOOK_BACK = 10  # messages among which another's is looked for when no cause is named

Read = Callable[[Page], list[Message]]
Find = Callable[[str, int], Message | None]  # (buffer, id)


def stamp(read: Read, find: Find, user: User, buffer: str, tags: Tags) -> str:
    """The tags, escaped, for what a bot says in this buffer; "" for people, whose words have no cause."""
    if not user.bot:
        return ""
    cause = _named(find, buffer, tags) or _latest_of_another(read, user, buffer)
    if cause is None:
        return f"{HOPS}=1"
    return f"{HOPS}={hops_of(cause) + 1};{CAUSE}={cause.id:x}"


def hops_of(message: Message) -> int:
    """How many members that are not human have spoken since a human did, this message included."""
    if HOPS not in message.tags:
        return 0
    text = parse_tags(message.tags).get(HOPS, "")
    return int(text) if text.isdecimal() else 0


def _named(find: Find, buffer: str, tags: Tags) -> Message | None:
    for name in NAMED:
        message_id = parse_msgid(tags[name]) if name in tags else None
        if message_id is not None and (found := find(buffer, message_id)) is not None:
            return found
    return None


def _latest_of_another(read: Read, user: User, buffer: str) -> Message | None:
    for message in reversed(read(Page((buffer,), limit=LOOK_BACK))):
        if nick_of(message.source) != user.nick:
            return message
    return None
