"""What a notification is wrapped in: encrypted for one device (RFC 8291), signed by this server (RFC 8292).

What belongs here: bytes to bytes, and the server's key in its file. What must not: sockets, queues
(`push.py`). The primitives are `cryptography`'s; the order in which the RFCs use them is all there is here.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from struct import pack
from typing import TYPE_CHECKING

from tertulia.protocol.webpush import SECRET_BYTES, decoded, encoded

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

RECORD_BYTES = 4_096  # RFC 8188: the size of the only record there is
SALT_BYTES = 16
TOKEN_SECONDS = 12 * 3_600  # RFC 8292, 2: "MUST NOT be more than 24 hours from the time of the request"


def own_key(path: Path) -> EllipticCurvePrivateKey:
    """The server's key, made at first use and readable by nobody else. Raises OSError, ValueError."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    if not path.exists():
        made = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        part = path.with_name(f"{path.name}.part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(made)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError(f"{path} is no key of P-256")
    return key


def point_of(key: EllipticCurvePrivateKey) -> bytes:
    """The public half, as an uncompressed point."""
    from cryptography.hazmat.primitives import serialization

    return key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def is_point(p256dh: str) -> bool:
    """Whether a device's public key lies on the curve."""
    from cryptography.hazmat.primitives.asymmetric import ec

    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(p256dh))
    except ValueError:
        return False
    return True


def encrypted(
    payload: bytes,
    p256dh: str,
    auth: str,
    ephemeral: EllipticCurvePrivateKey | None = None,
    salt: bytes = b"",
) -> bytes:
    """The body of a push (aes128gcm). `ephemeral` and `salt` are new for each; a test passes those of
    the RFC.

    RFC 8291, 3.4 gives the derivation, RFC 8188, 2 the record: one, whose end is marked by a byte 2.
    """
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    own = ephemeral or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(SALT_BYTES)
    theirs, here, secret = decoded(p256dh), point_of(own), decoded(auth)
    assert len(secret) == SECRET_BYTES, "checked when it was registered"
    peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
    shared = own.exchange(ec.ECDH(), peer)
    material = _derived(shared, secret, b"WebPush: info\0" + theirs + here, 32)
    key = _derived(material, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(material, salt, b"Content-Encoding: nonce\0", 12)
    sealed = AESGCM(key).encrypt(nonce, payload + b"\x02", None)
    return salt + pack(">IB", RECORD_BYTES, len(here)) + here + sealed


def _derived(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), length, salt, info).derive(material)


def authorization(key: EllipticCurvePrivateKey, origin: str, contact: str, now: int) -> str:
    """The header of that name. RFC 8292, 2: an ES256 token with `aud`, `exp` and `sub`; 3: its form.

    `origin`: scheme and authority of the endpoint; `now`: seconds since 1970."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA256

    claims = {"aud": origin, "exp": now + TOKEN_SECONDS, "sub": contact}
    head = ".".join(encoded(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(key.sign(head.encode(), ec.ECDSA(SHA256())))
    signature = encoded(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={head}.{signature}, k={encoded(point_of(key))}"
