"""Certificates: made once, kept private, and refused in words when they are no good."""

from __future__ import annotations

import ipaddress
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from tertulia.transports.certificates import (
    TlsFiles,
    ensure_certificate,
    fingerprint_of,
    irc_context,
    web_context,
)
from tertulia.transports.uri import DoorError
from tests.transports.harness import NOW


@pytest.fixture
def files(tmp_path: Path) -> TlsFiles:
    return TlsFiles(tmp_path / "tls" / "cert.pem", tmp_path / "tls" / "key.pem")


def test_made_on_first_use_and_kept(files: TlsFiles) -> None:
    assert ensure_certificate(files, "casa.example", NOW)
    fingerprint = fingerprint_of(files)
    assert not ensure_certificate(files, "casa.example", NOW)
    assert fingerprint_of(files) == fingerprint and len(fingerprint) == 64


def test_what_it_says(files: TlsFiles) -> None:
    ensure_certificate(files, "casa.example", NOW)
    certificate = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["casa.example", "localhost"]
    addresses = names.get_values_for_type(x509.IPAddress)
    assert addresses == [ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1")]
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1"
    assert certificate.not_valid_before_utc < NOW
    assert certificate.not_valid_after_utc > NOW + timedelta(days=3649)


def test_a_server_may_be_named_by_its_address(files: TlsFiles) -> None:
    ensure_certificate(files, "192.0.2.7", NOW)
    certificate = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert ipaddress.ip_address("192.0.2.7") in names.get_values_for_type(x509.IPAddress)


def test_the_key_is_private(files: TlsFiles) -> None:
    ensure_certificate(files, "casa.example", NOW)
    assert files.key.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("missing", ["certificate", "key"])
def test_half_a_pair_is_not_replaced(files: TlsFiles, missing: str) -> None:
    ensure_certificate(files, "casa.example", NOW)
    getattr(files, missing).unlink()
    with pytest.raises(DoorError, match=f"{getattr(files, missing).name} is not"):
        ensure_certificate(files, "casa.example", NOW)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DoorError, match=r"cannot write the TLS certificate .*file"):
        ensure_certificate(TlsFiles(tmp_path / "file" / "c", tmp_path / "file" / "k"), "casa.example", NOW)


@pytest.mark.parametrize("make", [irc_context, web_context])
def test_a_key_of_another_certificate(files: TlsFiles, tmp_path: Path, make: object) -> None:
    ensure_certificate(files, "casa.example", NOW)
    other = TlsFiles(tmp_path / "c", tmp_path / "k")
    ensure_certificate(other, "casa.example", NOW)
    with pytest.raises(DoorError, match="are not a PEM certificate and the key that belongs to it"):
        make(TlsFiles(files.certificate, other.key))  # type: ignore[operator]


@pytest.mark.parametrize("make", [irc_context, web_context])
def test_a_file_that_is_not_there(files: TlsFiles, make: object) -> None:
    with pytest.raises(DoorError, match=r"cannot read .*cert.pem: No such file"):
        make(files)  # type: ignore[operator]


def test_a_key_that_others_can_read_is_told(files: TlsFiles, caplog: pytest.LogCaptureFixture) -> None:
    ensure_certificate(files, "casa.example", NOW)
    files.key.chmod(0o644)
    with caplog.at_level(logging.WARNING):
        irc_context(files)
    assert "chmod 600" in caplog.text
