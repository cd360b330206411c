"""The mechanisms as their RFCs say: PLAIN (4616), EXTERNAL (4422), SCRAM-SHA-256 (5802, 7677)."""

from __future__ import annotations

from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.protocol import scram
from tertulia.protocol.sasl import (
    MECHANISMS,
    External,
    GivenCertificate,
    GivenPassword,
    Malformed,
    Plain,
    Proved,
    Scram,
    VerifierWanted,
)

PENCIL = scram.verifier("pencil", b64decode("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096)
FIRST = b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
FINAL = (
    b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
    b"p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
)


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (b"\0tim\0tanstaaftanstaaf", GivenPassword("tim", "tanstaaftanstaaf")),
        (b"tim\0tim\0x", GivenPassword("tim", "x")),
        (b"TIM\0tim\0x", GivenPassword("tim", "x")),
        ("\0begoña\0contraseña".encode(), GivenPassword("begoña", "contraseña")),
    ],
)
def test_plain(response: bytes, expected: GivenPassword) -> None:
    """ "message = [authzid] UTF8NUL authcid UTF8NUL passwd", and the example of RFC 4616, 4:
    "<NUL>tim<NUL>tanstaaftanstaaf" """
    assert Plain().receive(response) == expected


@pytest.mark.parametrize(
    "response",
    [b"", b"tim", b"\0tim", b"\0\0x", b"\0tim\0", b"Ursel\0Kurt\0xipj3plmq", b"\0a\0\xff", b"\0a\0b\0c"],
)
def test_plain_refuses(response: bytes) -> None:
    """ "the server will verify that ... the authentication identity ... is permitted to act as the (presented
    or derived) authorization identity" (RFC 4616, 2): nobody is permitted to act as another"""
    with pytest.raises(Malformed):
        Plain().receive(response)


def test_external() -> None:
    """ "initial-response = *( UTF8-char-no-nul )": empty or an authorization identity (RFC 4422, A.1)"""
    assert External().receive(b"") == GivenCertificate("")
    assert External().receive(b"ana") == GivenCertificate("ana")
    for response in (b"a\0b", b"\xff"):
        with pytest.raises(Malformed):
            External().receive(response)


def test_scram_as_in_the_rfc() -> None:
    """The exchange of RFC 7677, 3: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,
    s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096" and "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=" """
    mechanism = Scram()
    assert mechanism.receive(FIRST) == VerifierWanted("user")
    assert mechanism.challenge(PENCIL, SERVER_NONCE) == (
        b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    )
    assert mechanism.receive(FINAL) == b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
    assert mechanism.receive(b"") == Proved("user")


def test_scram_names_may_have_commas_and_equals_signs() -> None:
    """ "The characters ',' or '=' in usernames are sent as '=2C' and '=3D' respectively" (RFC 5802, 5.1)"""
    assert Scram().receive(b"y,a=a=2Cb=3Dc,n=a=2Cb=3Dc,r=x") == VerifierWanted("a,b=c")


@pytest.mark.parametrize(
    "response",
    [
        b"",
        b"n,,n=user",
        b"n,,r=x,n=user",
        b"n,,n=,r=x",
        b"n,,n=a=2Db,r=x",
        b"n,,m=ext,n=user,r=x",  # "this attribute is reserved for future extensibility"
        b"p=tls-unique,,n=user,r=x",  # channel binding, which is not offered
        b"n,a=other,n=user,r=x",
        b"n,,n=user,r=\xff",
        b"n,,n=user,r=a b",
        b"n,,n=user,r=" + b"x" * 257,
    ],
)
def test_scram_refuses_a_first_message(response: bytes) -> None:
    with pytest.raises(Malformed):
        Scram().receive(response)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"p=d", b"p=e"),  # another proof
        (b"c=biws", b"c=eSws"),  # "y,,": another header than was sent first
        (b"r=rOp", b"r=xOp"),  # another nonce
        (b",p=dHzb", b",q=dHzb"),
        (b"p=dHzb", b"p=dHzb*"),
        (b"c=biws", b"c=\xff"),
    ],
)
def test_scram_refuses_a_final_message(old: bytes, new: bytes) -> None:
    """ "If the ... proof is not valid" the server MUST fail (RFC 5802, 5)"""
    mechanism = Scram()
    mechanism.receive(FIRST)
    mechanism.challenge(PENCIL, SERVER_NONCE)
    with pytest.raises(Malformed):
        mechanism.receive(FINAL.replace(old, new))


def test_scram_ends_with_nothing() -> None:
    mechanism = Scram()
    mechanism.receive(FIRST)
    mechanism.challenge(PENCIL, SERVER_NONCE)
    mechanism.receive(FINAL)
    with pytest.raises(Malformed):
        mechanism.receive(b"more")


@given(
    st.sampled_from(sorted(MECHANISMS)),
    st.binary(max_size=80) | st.text("n=,ra\0yc", max_size=30).map(str.encode),
)
def test_anything_else_is_malformed(name: str, response: bytes) -> None:
    try:
        MECHANISMS[name]().receive(response)
    except Malformed:
        pass
