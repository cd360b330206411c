"""Web Push (draft/webpush): a device's subscription as a value, and the grammar of its keys.

What belongs here: shapes shared by commands, server, stores and the one who sends, and what is written on the
wire. What must not: encryption and sending (`transports.push`), what is pushed (`server.pushes`).
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NamedTuple

from tertulia.protocol import capabilities as cap
from tertulia.protocol.tags import parse_tags

POINT_BYTES = 65  # of an uncompressed point of P-256
SECRET_BYTES = 16  # RFC 8291, 3.2: "an authentication secret of 16 octets"


class Subscription(NamedTuple):
    """Where one device of an account is reached. The endpoint is its key: whoever registers it has it."""

    account: str  # folded name
    endpoint: str  # https URL
    p256dh: str  # the device's public key: URL-safe base64 without padding, as the next one
    auth: str
    capabilities: str  # names, separated by spaces: the form of what is pushed
    renewed_at: int  # seconds since 1970

    @property
    def bits(self) -> int:
        """ "The messages follow the same capabilities ... as when the client registered"."""
        found = 0
        for name in self.capabilities.split():
            found |= cap.BY_NAME[name].bit if name in cap.BY_NAME else 0
        return found


class SubscriptionGone(NamedTuple):
    """A device that is not to be reached any more."""

    endpoint: str


class Push(NamedTuple):
    """One line on its way to one device."""

    to: Subscription
    payload: bytes  # one IRC message without CRLF
    urgency: str  # RFC 8030, 5.3: "high", "normal", "low", "very-low"
    ttl: int  # seconds for which the push service keeps it


def keys_of(text: str) -> tuple[str, str] | None:
    """`p256dh` and `auth` of "a string encoded in the message-tag format"; None when either is not there, or
    is no key."""
    tags = parse_tags(text)
    point, secret = tags.get("p256dh") or "", tags.get("auth") or ""
    if len(decoded(point)) != POINT_BYTES or decoded(point)[0] != 4 or len(decoded(secret)) != SECRET_BYTES:
        return None
    return point.rstrip("="), secret.rstrip("=")


def decoded(text: str) -> bytes:
    """URL-safe base64 with or without padding; b"" when it is none."""
    bare = text.rstrip("=")
    if not bare.isascii() or any(letter in bare for letter in "+/"):
        return b""
    try:
        return urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except (binascii.Error, ValueError):
        return b""


def encoded(data: bytes) -> str:
    """URL-safe base64 without padding, as RFC 7515 and RFC 8291 write it."""
    return urlsafe_b64encode(data).decode().rstrip("=")
