"""The server's certificate: made on first use, read, and read again.

What belongs here: files to TLS contexts. What must not: connections.
"""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import os
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tertulia.transports.uri import DoorError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import GeneralName, SubjectAlternativeName
    from OpenSSL import SSL

log = logging.getLogger(__name__)

YEARS = 10  # nobody renews a certificate that clients pin by its fingerprint
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"  # TLS 1.2 with forward secrecy only; TLS 1.3 has no other


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """A certificate chain and its key, both PEM."""

    certificate: Path
    key: Path


def ensure_certificate(files: TlsFiles, server_name: str, now: datetime) -> bool:
    """Make a self-signed certificate where there is neither certificate nor key; True when one was made.

    Raises `DoorError` when only one of the two files is there, or when they cannot be written.
    """
    there = [path for path in (files.certificate, files.key) if path.exists()]
    if len(there) == 2:
        return False
    if there:
        missing = files.key if there == [files.certificate] else files.certificate
        raise DoorError(
            f"{there[0]} is there but {missing} is not; put both in place, or remove it to get a new pair",
            f"está {there[0]} pero falta {missing}; pon los dos, o quita el que hay para tener un par nuevo",
        )
    try:
        _make(files, server_name, now)
    except OSError as error:
        raise DoorError(
            f"cannot write the TLS certificate {error.filename}: {error.strerror}",
            f"no se puede escribir el certificado TLS {error.filename}: {error.strerror}",
        ) from error
    return True


def fingerprint_of(files: TlsFiles) -> str:
    """SHA-256 of the server's certificate in lower-case hexadecimal: what a careful client compares."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    certificate = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    return certificate.fingerprint(hashes.SHA256()).hex()


def irc_context(files: TlsFiles) -> SSL.Context:
    """TLS for IRC: a client's certificate is asked for, and accepted whoever signed it.

    Its owner proves to have the key (RFC 8446 4.4.3); who that is, is decided by fingerprint. The `ssl`
    module of Python cannot ask without verifying, hence pyOpenSSL. Raises `DoorError`.
    """
    from OpenSSL import SSL

    _warn_of_open_key(files)
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.set_cipher_list(CIPHERS.encode())
    # Renegotiation and compression are old attacks. Tickets would let a session outlive a changed
    # certificate.
    context.set_options(SSL.OP_NO_RENEGOTIATION | SSL.OP_NO_COMPRESSION | SSL.OP_NO_TICKET)
    context.set_mode(SSL.MODE_RELEASE_BUFFERS)  # an idle connection keeps no 34 KiB of buffers
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.set_session_id(b"tertulia")
    context.set_verify(SSL.VERIFY_PEER, lambda *_: True)
    try:
        context.use_certificate_chain_file(str(files.certificate))
        context.use_privatekey_file(str(files.key))
        context.check_privatekey()
    except (SSL.Error, OSError) as error:
        raise _unusable(files) from error
    return context


def web_context(files: TlsFiles) -> ssl.SSLContext:
    """TLS for browsers, which must not be asked for a certificate: they would ask their user. Raises
    `DoorError`.
    """
    _warn_of_open_key(files)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS)
    context.set_alpn_protocols(["http/1.1"])
    load_web_certificate(context, files)
    return context


def load_web_certificate(context: ssl.SSLContext, files: TlsFiles) -> None:
    """Give a living context a new certificate; on an error (`DoorError`) it keeps the old one."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(files.certificate, files.key)  # a rehearsal
        context.load_cert_chain(files.certificate, files.key)
    except OSError as error:  # ssl.SSLError is one
        raise _unusable(files) from error


def _unusable(files: TlsFiles) -> DoorError:
    for path in (files.certificate, files.key):
        try:
            path.read_bytes()
        except OSError as error:
            return DoorError(
                f"cannot read {path}: {error.strerror}", f"no se puede leer {path}: {error.strerror}"
            )
    both = f"{files.certificate}, {files.key}"
    return DoorError(
        f"{both}: they are not a PEM certificate and the key that belongs to it",
        f"{both}: no son un certificado PEM y la clave que le corresponde",
    )


def _warn_of_open_key(files: TlsFiles) -> None:
    with contextlib.suppress(OSError):
        if files.key.stat().st_mode & 0o077:
            log.warning("%s can be read by other users; chmod 600 it", files.key)


def _make(files: TlsFiles, server_name: str, now: datetime) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, server_name[:64])])  # RFC 5280: at most 64
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # clocks differ
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(_names(server_name), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files.key.parent.mkdir(parents=True, exist_ok=True)
    files.certificate.parent.mkdir(parents=True, exist_ok=True)
    _write(files.key, _pem(key), 0o600)
    _write(files.certificate, certificate.public_bytes(serialization.Encoding.PEM), 0o644)


def _names(server_name: str) -> SubjectAlternativeName:
    from cryptography import x509

    names: list[GeneralName] = []
    for name in dict.fromkeys((server_name, "localhost", "127.0.0.1", "::1")):
        try:
            names.append(x509.IPAddress(ipaddress.ip_address(name)))
        except ValueError:
            names.append(x509.DNSName(name))
    return x509.SubjectAlternativeName(names)


def _pem(key: EllipticCurvePrivateKey) -> bytes:
    from cryptography.hazmat.primitives import serialization

    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes, mode: int) -> None:
    """A whole file or none: written beside and moved into place."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    beside.replace(path)
