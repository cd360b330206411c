"""Capabilities: name, specification, value, what each needs: one table.

What belongs here: what can be negotiated, as bits, and the arithmetic of CAP REQ. What must not: what they
do to what is said (`server.render`). A new capability is a row here and, if it changes what is relayed, a
case there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from tertulia import limits
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
ACCOUNT_NOTIFY = _bit(19)
SASL = _bit(20)
ACCOUNT_REGISTRATION = _bit(21)
READ_MARKER = _bit(22)
PERSISTENCE = _bit(23)
SEARCH = _bit(26)
CHANNEL_RENAME = _bit(24)
DRAFT_WEBPUSH = _bit(30)
SOJU_WEBPUSH = _bit(31)
WEBPUSH = DRAFT_WEBPUSH | SOJU_WEBPUSH
METADATA_2 = _bit(27)
METADATA_3 = _bit(28)
METADATA = METADATA_2 | METADATA_3
EXTENDED_MONITOR = _bit(32)
NO_IMPLICIT_NAMES = _bit(33)
EXTENDED_ISUPPORT = _bit(34)
REDACTION = _bit(35)
PRE_AWAY = _bit(36)
OPER_TAG = _bit(37)
AUTHTOKEN = _bit(29)
STREAM_WHOLE = _bit(38)

METADATA_LIMITS = (
    f"before-connect,maxsub={limits.METADATA_SUBSCRIPTIONS},"
    f"max-subs={limits.METADATA_SUBSCRIPTIONS},max-keys={limits.METADATA_KEYS},"
    f"maxkey={limits.METADATA_KEYS},max-value-bytes={limits.METADATA_VALUE_BYTES},"
    f"max-key-bytes={limits.METADATA_KEY_BYTES}"
)
"""With the names of the published draft, and of its later text."""

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
    Capability(SASL, "sasl", "sasl-3.2.md", "PLAIN,EXTERNAL,SCRAM-SHA-256"),
    Capability(ACCOUNT_REGISTRATION, "draft/account-registration", "account-registration.md"),
    Capability(ACCOUNT_NOTIFY, "account-notify", "account-notify.md"),
    Capability(ACCOUNT_TAG, "account-tag", "account-tag.md"),
    Capability(CAP_NOTIFY, "cap-notify", "capability-negotiation.md"),
    Capability(SETNAME, "setname", "setname.md"),
    Capability(INVITE_NOTIFY, "invite-notify", "invite-notify.md"),
    Capability(CHGHOST, "chghost", "chghost.md"),
    Capability(EXTENDED_MONITOR, "extended-monitor", "extended-monitor.md"),
    Capability(NO_IMPLICIT_NAMES, "no-implicit-names", "no-implicit-names.md"),
    Capability(EXTENDED_ISUPPORT, "draft/extended-isupport", "extended-isupport.md"),
    Capability(STANDARD_REPLIES, "standard-replies", "standard-replies.md"),
    Capability(CHANNEL_RENAME, "draft/channel-rename", "channel-rename.md"),
    Capability(REDACTION, "draft/message-redaction", "message-redaction.md"),
    Capability(PRE_AWAY, "draft/pre-away", "pre-away.md"),
    Capability(OPER_TAG, "draft/oper", "oper-tag.md"),
    Capability(READ_MARKER, "draft/read-marker", "read-marker.md"),
    Capability(
        AUTHTOKEN,
        "draft/authtoken",
        "https://github.com/skizzerz/ircv3-specifications/blob/authtoken/extensions/authtoken.md",
        "client-batch",
    ),
    Capability(PERSISTENCE, "draft/persistence", "https://github.com/ircv3/ircv3-specifications/pull/503"),
    Capability(CHATHISTORY, "draft/chathistory", "chathistory.md"),
    Capability(EVENT_PLAYBACK, "draft/event-playback", "chathistory.md"),
    Capability(METADATA_2, "draft/metadata-2", "metadata.md", METADATA_LIMITS),
    Capability(METADATA_3, "draft/metadata-3", "metadata.md", METADATA_LIMITS),
    Capability(
        SEARCH, "soju.im/search", "https://codeberg.org/emersion/soju/src/branch/master/doc/ext/search.md"
    ),
    Capability(DRAFT_WEBPUSH, "draft/webpush", "https://github.com/ircv3/ircv3-specifications/pull/471"),
    Capability(
        SOJU_WEBPUSH,
        "soju.im/webpush",
        "https://codeberg.org/emersion/soju/src/branch/master/doc/ext/webpush.md",
    ),
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
    Capability(STREAM_WHOLE, "tertulia.chat/stream-whole", "docs/extensions/stream.md"),
)

LATER = frozenset(
    {
        "draft/account-registration", "draft/extended-isupport", "draft/authtoken", "draft/persistence",
        "tertulia.chat/stream-whole", "draft/channel-rename", "draft/event-playback", "soju.im/search",
        "draft/metadata-2", "draft/metadata-3",
        "draft/webpush", "soju.im/webpush",
    }
)  # fmt: skip
"""What only clients of version 302 are told of: who knows these is one; for others all must fit a line."""

FIXED = frozenset({"cap-notify"})
"""What an operator cannot switch off: version 302 implies it."""

BY_NAME: dict[str, Capability] = {capability.name: capability for capability in CAPABILITIES}

# Without tags there is no place for a time, a label, a batch or an account; "labeled-response" needs "batch"
# as well.
TAGGING = MESSAGE_TAGS | SERVER_TIME | BATCH | LABELED_RESPONSE | ACCOUNT_TAG | MULTILINE | STREAM
"""Any of these lets a client receive tags."""


def names(bits: int) -> list[str]:
    return [capability.name for capability in CAPABILITIES if capability.bit & bits]


def offered(version: int, hidden: Iterable[str] = (), values: Mapping[str, str] | None = None) -> list[str]:
    """The items of CAP LS for a client of this version (302 sees values). `values`: those that depend on the
    settings."""
    found = []
    for capability in CAPABILITIES:
        value = (values or {}).get(capability.name, capability.value) if version >= 302 else ""
        if capability.name not in hidden and (version >= 302 or capability.name not in LATER):
            found.append(f"{capability.name}={value}" if value else capability.name)
    return found


def request(bits: int, wanted: str, hidden: Collection[str] = ()) -> int | None:
    """The bits after `CAP REQ :wanted`, or None when any name is unknown: "the server MUST ... accept or
    reject the whole set". A name with "-" is switched off; one that is hidden cannot be switched on."""
    for item in wanted.split():
        capability = BY_NAME.get(item.removeprefix("-"))
        if capability is None or item in hidden:
            return None
        bits = bits & ~capability.bit if item[0] == "-" else bits | capability.bit
    return bits
