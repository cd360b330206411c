"""Capabilities: name, specification, value, what each needs: one table.

What belongs here: what can be negotiated, as bits, and the arithmetic of CAP REQ. What must not: what they
do to what is said (`server.render`). A new capability is a row here and, if it changes what is relayed, a
case there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tertulia.limits import MULTILINE_BYTES, MULTILINE_LINES, STREAM_BYTES, STREAM_LINES


class Capability(NamedTuple):
    bit: int
    name: str
    specification: str  # file in ircv3-specifications/extensions, or a page of ours
    value: str = ""  # shown to those who ask with CAP LS 302


def _bit(number: int) -> int:
    return 1 << number


MESSAGE_TAGS = _bit(0)
SERVER_TIME = _bit(1)
BATCH = _bit(2)
ECHO_MESSAGE = _bit(3)
LABELED_RESPONSE = _bit(4)
MULTI_PREFIX = _bit(5)
USERHOST_IN_NAMES = _bit(6)
EXTENDED_JOIN = _bit(7)
AWAY_NOTIFY = _bit(8)
CAP_NOTIFY = _bit(9)
CHATHISTORY = _bit(10)
MULTILINE = _bit(11)
STREAM = _bit(12)
ACCOUNT_TAG = _bit(13)
SETNAME = _bit(14)
INVITE_NOTIFY = _bit(15)
STANDARD_REPLIES = _bit(16)
CHGHOST = _bit(17)
EVENT_PLAYBACK = _bit(18)

CAPABILITIES: tuple[Capability, ...] = (
    Capability(MESSAGE_TAGS, "message-tags", "message-tags.md"),
    Capability(SERVER_TIME, "server-time", "server-time.md"),
    Capability(BATCH, "batch", "batch.md"),
    Capability(ECHO_MESSAGE, "echo-message", "echo-message.md"),
    Capability(LABELED_RESPONSE, "labeled-response", "labeled-response.md"),
    Capability(MULTI_PREFIX, "multi-prefix", "multi-prefix.md"),
    Capability(USERHOST_IN_NAMES, "userhost-in-names", "userhost-in-names.md"),
    Capability(EXTENDED_JOIN, "extended-join", "extended-join.md"),
    Capability(AWAY_NOTIFY, "away-notify", "away-notify.md"),
    Capability(CAP_NOTIFY, "cap-notify", "capability-negotiation.md"),
    Capability(SETNAME, "setname", "setname.md"),
    Capability(INVITE_NOTIFY, "invite-notify", "invite-notify.md"),
    Capability(STANDARD_REPLIES, "standard-replies", "standard-replies.md"),
    Capability(CHATHISTORY, "draft/chathistory", "chathistory.md"),
    Capability(
        MULTILINE,
        "draft/multiline",
        "multiline.md",
        f"max-bytes={MULTILINE_BYTES},max-lines={MULTILINE_LINES}",
    ),
    Capability(
        STREAM,
        "tertulia.chat/stream",
        "docs/extensions/stream.md",
        f"max-bytes={STREAM_BYTES},max-lines={STREAM_LINES}",
    ),
)

BY_NAME: dict[str, Capability] = {capability.name: capability for capability in CAPABILITIES}

# Without tags there is no place for a time, a label, a batch or an account; "labeled-response" needs "batch"
# as well.
TAGGING = MESSAGE_TAGS | SERVER_TIME | BATCH | LABELED_RESPONSE | ACCOUNT_TAG | MULTILINE | STREAM
"""Any of these lets a client receive tags."""


def names(bits: int) -> list[str]:
    return [capability.name for capability in CAPABILITIES if capability.bit & bits]


def offered(version: int, hidden: Iterable[str] = ()) -> list[str]:
    """The items of CAP LS for a client of this version (302 sees values)."""
    return [
        f"{capability.name}={capability.value}" if capability.value and version >= 302 else capability.name
        for capability in CAPABILITIES
        if capability.name not in hidden
    ]


def request(bits: int, wanted: str) -> int | None:
    """The bits after `CAP REQ :wanted`, or None when any name is unknown: "the server MUST ... accept or
    reject the whole set". A name with "-" is switched off."""
    for item in wanted.split():
        capability = BY_NAME.get(item.removeprefix("-"))
        if capability is None:
            return None
        bits = bits & ~capability.bit if item[0] == "-" else bits | capability.bit
    return bits
