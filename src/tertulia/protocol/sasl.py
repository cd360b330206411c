"""SASL mechanisms, each a small state machine without I/O: responses in, what is to be done out.

What belongs here: PLAIN (RFC 4616), EXTERNAL (RFC 4422, appendix A) and SCRAM-SHA-256 (RFC 5802, 7677), as
the messages that go to and fro. What must not: AUTHENTICATE and its chunks (`commands.sasl`), accounts.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from typing import NamedTuple, Protocol

from tertulia.protocol import scram
from tertulia.protocol.casemap import fold


class Malformed(Exception):
    """A response that the mechanism does not allow, or a proof that does not prove."""


class GivenPassword(NamedTuple):
    """The client says this password; whether it opens the account is to be checked."""

    name: str
    password: str


class GivenCertificate(NamedTuple):
    """The client means its certificate; "": whichever account it opens."""

    name: str


class VerifierWanted(NamedTuple):
    """Go on with `Scram.challenge`, given the verifier of this account."""

    name: str


class Proved(NamedTuple):
    """The client has shown that it knows the password of this account."""

    name: str


Outcome = bytes | GivenPassword | GivenCertificate | VerifierWanted | Proved
"""Bytes are the next challenge."""


class Mechanism(Protocol):
    def receive(self, response: bytes) -> Outcome:
        """The client's next response. Raises `Malformed`."""


class Plain:
    """ "message = [authzid] UTF8NUL authcid UTF8NUL passwd" (RFC 4616, 2)."""

    def receive(self, response: bytes) -> Outcome:
        parts = _text(response).split("\0")
        if len(parts) != 3 or not parts[1] or not parts[2]:
            raise Malformed
        authzid, name, password = parts
        if not _same_account(authzid, name):
            raise Malformed  # nobody here may act for somebody else
        return GivenPassword(name, password)


class External:
    """The response is empty or the name of the account (RFC 4422, A.1)."""

    def receive(self, response: bytes) -> Outcome:
        name = _text(response)
        if "\0" in name:
            raise Malformed
        return GivenCertificate(name)


class Scram:
    """SCRAM-SHA-256 from the server's side, without channel binding (RFC 5802, 5 and 7)."""

    def __init__(self) -> None:
        self._next: Callable[[bytes], Outcome] = self._first
        self._name = self._gs2 = self._bare = self._nonce = self._server_first = ""
        self._verifier: scram.Verifier

    def receive(self, response: bytes) -> Outcome:
        return self._next(response)

    def challenge(self, verifier: scram.Verifier, nonce: str) -> bytes:
        """The server's first message. `nonce`: the server's part, printable and without a comma."""
        self._verifier = verifier
        self._nonce += nonce
        salt = b64encode(verifier.salt).decode()
        self._server_first = f"r={self._nonce},s={salt},i={verifier.iterations}"
        self._next = self._final
        return self._server_first.encode()

    def _first(self, response: bytes) -> Outcome:
        found = _CLIENT_FIRST.fullmatch(_text(response))
        if found is None:
            raise Malformed
        self._gs2, self._bare, self._nonce = found["gs2"], found["bare"], found["nonce"]
        self._name = _saslname(found["name"])
        if not _same_account(_saslname(found["authzid"] or ""), self._name):
            raise Malformed
        return VerifierWanted(self._name)

    def _final(self, response: bytes) -> Outcome:
        text = _text(response)
        found = _CLIENT_FINAL.fullmatch(text)
        if found is None or found["nonce"] != self._nonce or _base64(found["binding"]) != self._gs2.encode():
            raise Malformed
        words = f"{self._bare},{self._server_first},{found['bare']}".encode()
        if not scram.proves(self._verifier, words, _base64(found["proof"])):
            raise Malformed
        self._next = self._end
        return b"v=" + b64encode(scram.signature(self._verifier, words))

    def _end(self, response: bytes) -> Outcome:
        """ "the client ... has verified" the server's signature, and has nothing more to say."""
        if response:
            raise Malformed
        return Proved(self._name)


MECHANISMS: dict[str, Callable[[], Mechanism]] = {"PLAIN": Plain, "EXTERNAL": External, scram.NAME: Scram}

# RFC 5802, 7: "n" (no channel binding) or "y" (the client thinks we have none, rightly); "m=" is for
# extensions that must be understood, and has no place here.
_CLIENT_FIRST = re.compile(
    r"(?P<gs2>[ny],(?:a=(?P<authzid>[^,]+))?,)"
    r"(?P<bare>n=(?P<name>[^,]+),r=(?P<nonce>[!-+\--~]{1,256})(?:,[^\0]*)?)"
)
_CLIENT_FINAL = re.compile(
    r"(?P<bare>c=(?P<binding>[^,]+),r=(?P<nonce>[!-+\--~]+)(?:,[^\0]*)?),p=(?P<proof>[^,]+)"
)


def _same_account(authzid: str, name: str) -> bool:
    """Nobody is meant besides who shows a password. `name` may say on which device: `ana@phone`."""
    return not authzid or fold(authzid.partition("@")[0]) == fold(name.partition("@")[0])


def _text(response: bytes) -> str:
    try:
        return response.decode()
    except UnicodeDecodeError:
        raise Malformed from None


def _saslname(text: str) -> str:
    """ "the characters ',' or '=' in usernames are sent as '=2C' and '=3D' respectively. If the server
    receives a username that contains '=' not followed by either '2C' or '3D', then the server MUST fail"."""
    if re.search(r"=(?!2C|3D)", text):
        raise Malformed
    return text.replace("=2C", ",").replace("=3D", "=")


def _base64(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (NotBase64, ValueError):
        raise Malformed from None
