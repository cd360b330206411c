"""Framing: however the bytes are cut, the same lines come out, and nothing waits without bound."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tertulia.limits import CLIENT_TAG_BYTES, INPUT_BYTES, LINE_BYTES
from tertulia.protocol.framing import Framer, Refused

# Pieces of which hostile input is made; the long ones straddle every limit.
PIECES = st.sampled_from([
    b"PRIVMSG #a :hola\r\n", b"\n", b"\r\n", b"\r", b"PING x\n", b"\0", b"\xff\xfe", "ñ€😀".encode(),
    b"@a=b;c ",
    b"@", b" ", b"x" * 509, b"x" * 510, b"x" * 511, b"y" * 4094, b"z" * 5000,
]) | st.binary(max_size=20)  # fmt: skip
INPUT = st.lists(PIECES, max_size=12).map(b"".join)


def fed(chunks: list[bytes]) -> list[str | Refused]:
    framer = Framer()
    return [line for chunk in chunks for line in framer.feed(chunk)]


@given(INPUT)
@example(b"a\r\n\r\nb\r\n")
@example(b"\r\n")
@example(b"a\r\r\n")
@example(b"PING x\r\n" * 80)
@example(b"PING x\r\n" * 80 + b"x" * 510 + b"\r\n" + b"x" * 511 + b"\r\n")
@example(b"PING x\r\n" * 80 + "ñ".encode() * 256 + b"\r\n")
@example(b"PING x\r\n" * 80 + b"@" + b"t" * 600 + b" PING x\r\n")
def test_whole_and_byte_by_byte_are_the_same(data: bytes) -> None:
    assert fed([bytes([byte]) for byte in data]) == fed([data])


@given(INPUT, st.lists(st.integers(0, 3000), max_size=5))
def test_cut_anywhere_is_the_same(data: bytes, cuts: list[int]) -> None:
    places = sorted({0, *(min(cut, len(data)) for cut in cuts), len(data)})
    chunks = [data[start:end] for start, end in pairwise(places)]
    assert fed(chunks) == fed([data])


@given(INPUT)
def test_a_tail_waits_for_its_end(data: bytes) -> None:
    framer = Framer()
    before = framer.feed(data + b"\n" + b"tail")
    assert framer.feed(b" more") == []
    assert framer.feed(b"\r\nPING") == ["tail more"]
    assert before == fed([data + b"\n"])


@given(INPUT)
def test_nothing_waits_without_bound(data: bytes) -> None:
    framer = Framer()
    framer.feed(data)
    assert len(framer._partial) <= INPUT_BYTES


@given(
    st.lists(
        st.text(
            st.characters(exclude_characters="\0\r\n", exclude_categories=["Cs"]), min_size=1, max_size=90
        )
    )
)
def test_good_lines_come_out_as_they_went_in(texts: list[str]) -> None:
    assert fed(["".join(f"{text}\r\n" for text in texts).encode()]) == texts
    assert fed(["".join(f"{text}\n" for text in texts).encode()]) == texts


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"x" * 510 + b"\r\n", "x" * 510),
        (b"x" * 511 + b"\r\n", Refused.TOO_LONG),
        (b"@" + b"a" * (CLIENT_TAG_BYTES - 2) + b" " + b"x" * 510 + b"\r\n",
         "@" + "a" * (CLIENT_TAG_BYTES - 2) + " " + "x" * 510),
        (b"@" + b"a" * (CLIENT_TAG_BYTES - 1) + b" PING\r\n", Refused.TOO_LONG),
        (b"@a " + b"x" * 511 + b"\r\n", Refused.TOO_LONG),
        (b"a\0b\r\n", Refused.CONTROL),
        (b"a\rb\r\n", Refused.CONTROL),
        (b"caf\xe9\r\n", Refused.NOT_UTF8),
        (b"\xed\xa0\x80\r\n", Refused.NOT_UTF8),  # a lone surrogate
        ("café\r\n".encode(), "café"),
    ],
)  # fmt: skip
def test_limits_and_what_is_no_text(raw: bytes, line: str | Refused) -> None:
    """RFC 1459 2.3: "these messages shall not exceed 512 characters in length, counting all characters
    including
    the trailing CR-LF"; message-tags: "Clients MUST NOT send messages with tag data exceeding 4094 bytes".
    """
    assert fed([raw]) == [line]
    assert fed([raw, b"PING x\r\n"]) == [line, "PING x"]


def test_one_refusal_for_one_line_however_long() -> None:
    chunks = [b"x" * LINE_BYTES] * 100
    assert fed([*chunks, b"tail\r\nPING\r\n"]) == [Refused.TOO_LONG, "PING"]


def test_empty_lines_are_left_out() -> None:
    """RFC 1459 2.3.1: "empty messages are silently ignored, which permits use of the sequence CR-LF between
    messages without extra problems".
    """
    assert fed([b"\r\n\n\r\nA\r\n\r\nB\n\n"]) == ["A", "B"]
