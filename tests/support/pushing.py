"""Devices that are pushed to, for tests: their keys, what they decrypt, and one who takes pushes in memory.

What belongs here: what several tests of Web Push need. Decryption is another library's, so that encrypting
and decrypting cannot be wrong in the same way.
"""

from __future__ import annotations

import secrets

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec

from tertulia.protocol.webpush import Push, Subscription, encoded
from tertulia.transports.push_crypto import point_of
from tests.support.town import Client, Town

ENDPOINT = "https://push.example.org/send/1"


class Device:
    """A browser or telephone with its keys."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.secret = secrets.token_bytes(16)
        self.p256dh, self.auth = encoded(point_of(self.private)), encoded(self.secret)

    @property
    def keys(self) -> str:
        return f"p256dh={self.p256dh};auth={self.auth}"

    def read(self, body: bytes) -> str:
        """What a push service brought."""
        found: bytes = http_ece.decrypt(
            body, private_key=self.private, auth_secret=self.secret, version="aes128gcm"
        )
        return found.decode()


class Hand:
    """`ports.Pusher` in memory."""

    key = "BKey"

    def __init__(self) -> None:
        self.pushed: list[Push] = []

    def takes(self, one: Subscription) -> bool:
        return one.endpoint.startswith("https://")

    def push(self, push: Push) -> None:
        self.pushed.append(push)

    def take(self) -> list[str]:
        """What was pushed since one last looked."""
        found, self.pushed = [push.payload.decode() for push in self.pushed], []
        return found


def with_hand(town: Town) -> Hand:
    hand = Hand()
    town.hub.pushes.service = hand
    return hand


def subscribe(client: Client, endpoint: str = ENDPOINT) -> list[str]:
    return client.say(f"WEBPUSH REGISTER {endpoint} {Device().keys}")
