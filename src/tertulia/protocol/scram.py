"""What is stored of a password for SCRAM-SHA-256, and the sums of RFC 5802 and 7677: pure functions.

What belongs here: keys, proofs and signatures, and the text form of a verifier. What must not: the messages
(`sasl.py`), where it is kept, salts drawn by chance.
"""

from __future__ import annotations

import hashlib
import hmac
import stringprep
import unicodedata
from base64 import b64decode, b64encode
from typing import NamedTuple

ITERATIONS = 100_000
"""RFC 7677, 4: "the hash iteration-count ... SHOULD be at least 4096". Who has stolen the database guesses
against the weaker of this and argon2id; a telephone computes so many in about a tenth of a second."""

SALT_BYTES = 16
NAME = "SCRAM-SHA-256"


class Verifier(NamedTuple):
    """What the server needs to know; the password cannot be read out of it."""

    iterations: int
    salt: bytes
    stored_key: bytes
    server_key: bytes


def verifier(password: str, salt: bytes, iterations: int = ITERATIONS) -> Verifier:
    """ "SaltedPassword := Hi(Normalize(password), salt, i)", and the two keys made of it (RFC 5802, 3).

    Raises ValueError when the password has characters that a password may not have. Takes a while.
    """
    salted = hashlib.pbkdf2_hmac("sha256", prepared(password).encode(), salt, iterations)
    stored = hashlib.sha256(_hmac(salted, b"Client Key")).digest()
    return Verifier(iterations, salt, stored, _hmac(salted, b"Server Key"))


def write(one: Verifier) -> str:
    """As RFC 5803, 3 writes it: `SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey`."""
    salt, stored, server = (b64encode(part).decode() for part in one[1:])
    return f"{NAME}${one.iterations}:{salt}${stored}:{server}"


def read(text: str) -> Verifier:
    """The inverse of `write`. Raises ValueError."""
    name, costs, keys = text.split("$")
    iterations, _, salt = costs.partition(":")
    stored, _, server = keys.partition(":")
    if name != NAME:
        raise ValueError(f"not {NAME}")
    return Verifier(int(iterations), b64decode(salt), b64decode(stored), b64decode(server))


def proves(one: Verifier, words: bytes, proof: bytes) -> bool:
    """Whether a ClientProof shows that its maker knows the password. `words`: the AuthMessage."""
    signature = _hmac(one.stored_key, words)
    if len(proof) != len(signature):
        return False
    client_key = bytes(a ^ b for a, b in zip(proof, signature, strict=True))
    return hmac.compare_digest(hashlib.sha256(client_key).digest(), one.stored_key)


def signature(one: Verifier, words: bytes) -> bytes:
    """The ServerSignature: that the server knows the password as well."""
    return _hmac(one.server_key, words)


def prepared(text: str) -> str:
    """SASLprep (RFC 4013): one password for all ways to type it. Raises ValueError for what is prohibited."""
    mapped = "".join(
        " " if stringprep.in_table_c12(one) else one for one in text if not stringprep.in_table_b1(one)
    )
    found = unicodedata.normalize("NFKC", mapped)
    if any(forbidden(one) for one in found for forbidden in _PROHIBITED):
        raise ValueError("a prohibited character")
    if any(map(stringprep.in_table_d1, found)):
        ends = (found[0], found[-1])
        if any(map(stringprep.in_table_d2, found)) or not all(map(stringprep.in_table_d1, ends)):
            raise ValueError("two directions of writing")
    return found


_PROHIBITED = (
    stringprep.in_table_c12,
    stringprep.in_table_c21_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
)


def _hmac(key: bytes, words: bytes) -> bytes:
    return hmac.digest(key, words, "sha256")
