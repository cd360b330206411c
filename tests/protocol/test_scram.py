"""The sums of SCRAM-SHA-256, with the example of RFC 7677, 3, and SASLprep (RFC 4013)."""

from __future__ import annotations

from base64 import b64decode, b64encode

import pytest

from tertulia.protocol import scram

SALT = b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")
AUTH_MESSAGE = (
    b"n=user,r=rOprNGfwEbeRWgbNEkqO,"
    b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
    b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
)
PROOF = b64decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")


def test_the_example_of_the_rfc() -> None:
    """ "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=" and "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
    for the user "user" with the password "pencil" (RFC 7677, 3)"""
    known = scram.verifier("pencil", SALT, 4096)
    assert scram.proves(known, AUTH_MESSAGE, PROOF)
    assert b64encode(scram.signature(known, AUTH_MESSAGE)) == b"6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="


def test_what_does_not_prove() -> None:
    other = scram.verifier("pencils", SALT, 4096)
    known = scram.verifier("pencil", SALT, 4096)
    assert not scram.proves(other, AUTH_MESSAGE, PROOF)
    assert not scram.proves(known, AUTH_MESSAGE + b"x", PROOF)
    assert not scram.proves(known, AUTH_MESSAGE, PROOF[:-1])
    assert not scram.proves(known, AUTH_MESSAGE, b"")


def test_a_verifier_is_written_and_read() -> None:
    """ "SCRAM-SHA-1$<iter>:<salt>$<StoredKey>:<ServerKey>" in form (RFC 5803, 3)"""
    known = scram.verifier("pencil", SALT, 4096)
    assert scram.read(scram.write(known)) == known
    assert scram.write(known).startswith("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$")
    for broken in ("", "SCRAM-SHA-1$4096:eA==$eA==:eA==", "SCRAM-SHA-256$x:eA==$eA==:eA=="):
        with pytest.raises(ValueError):
            scram.read(broken)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("I\u00adX", "IX"), ("user", "user"), ("USER", "USER"), ("\u00aa", "a"), ("\u2168", "IX"),
     ("a\u00a0b", "a b")],
)  # fmt: skip
def test_saslprep(text: str, expected: str) -> None:
    """ "I<U+00AD>X" gives "IX: SOFT HYPHEN mapped to nothing", "<U+00AA>" gives "a: output is NFKC"
    (RFC 4013, 3)"""
    assert scram.prepared(text) == expected


@pytest.mark.parametrize("text", ["\x07", "\u06271", "a\x00b"])
def test_saslprep_prohibits(text: str) -> None:
    """ "<U+0007>: Error - prohibited character", "<U+0627><U+0031>: Error - bidirectional check"
    (RFC 4013, 3)"""
    with pytest.raises(ValueError):
        scram.prepared(text)


def test_a_password_of_both_normal_forms_is_one() -> None:
    one, other = (scram.verifier(text, SALT, 1) for text in ("contrase\u00f1a", "contrasen\u0303a"))
    assert one == other
