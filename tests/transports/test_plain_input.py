"""Keystrokes to lines, however they are cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.limits import PLAIN_LINE_BYTES
from tertulia.transports.plain_input import PlainInput, clean_typed, decode

IAC, SB, SE = 255, 250, 240
WILL, WONT, DO, DONT = 251, 252, 253, 254
NAWS = 31  # RFC 1073: the size of the window, which PuTTY offers


@pytest.mark.parametrize(
    ("keys", "lines"),
    [
        (b"hola\n", ["hola"]),
        (b"hola\r\n", ["hola"]),
        (b"hola\r", ["hola"]),
        (b"hola\r\0", ["hola"]),  # RFC 854: "CR NUL" where only a carriage return is meant
        (b"uno\rdos\r\ntres\n", ["uno", "dos", "tres"]),
        (b"\n\n", ["", ""]),
        (b"\r\r\n", ["", ""]),
        ("¿qué tal, niño? 😀\n".encode(), ["¿qué tal, niño? 😀"]),
        ("mañana\n".encode("cp1252"), ["mañana"]),
        (b"holq\x08a\n", ["hola"]),
        (b"holq\x7fa\n", ["hola"]),
        ("niñ\x08ño\n".encode(), ["niño"]),  # one character, two bytes
        (b"\x08\x08a\n", ["a"]),
        (b"ho\x1b[D\x1b[1;5Cla\x1bOA\n", ["hola"]),
        (b"a\tb\x07\0c\n", ["a bc"]),
        (bytes((IAC, WILL, NAWS)) + b"hola\r\n", ["hola"]),
        (b"ho" + bytes((IAC, SB, NAWS, 0, 80, 0, 24, IAC, SE)) + b"la\n", ["hola"]),
        (b"ho" + bytes((IAC, 241)) + b"la\n", ["hola"]),  # NOP
    ],
)
@pytest.mark.parametrize("cut", ["whole", "byte by byte", "with a tail"])
def test_lines(keys: bytes, lines: list[str], cut: str) -> None:
    typed = PlainInput()
    if cut == "byte by byte":
        found = [line for byte in keys for line in typed.feed(bytes((byte,)))]
    elif cut == "whole":
        found = typed.feed(keys)
    else:
        found = typed.feed(keys + b"tail")
        assert typed.rest() == ["tail"]
    assert found == lines
    assert typed.rest() == []


@pytest.mark.parametrize(
    ("offer", "answer"),
    [(WILL, DONT), (DO, WONT), (WONT, None), (DONT, None)],
)
def test_every_offer_is_declined(offer: int, answer: int | None) -> None:
    """RFC 854: "the party receiving the request [...] respond with WONT/DONT"; an acknowledgement gets no
    answer.
    """
    typed = PlainInput()
    typed.feed(bytes((IAC, offer, NAWS)))
    assert typed.replies == (b"" if answer is None else bytes((IAC, answer, NAWS)))


def test_a_negotiation_without_an_end_holds_nothing() -> None:
    typed = PlainInput()
    typed.feed(bytes((IAC, SB)) + b"x" * 100_000)
    assert len(typed._command) < 10
    assert typed.feed(bytes((IAC, SE)) + b"hola\n") == ["hola"]


def test_a_line_without_an_end_is_cut_between_words() -> None:
    typed = PlainInput()
    lines = typed.feed(b"palabra " * 10_000)
    assert len(lines) == 10_000 * 8 // PLAIN_LINE_BYTES
    assert all(len(line) <= PLAIN_LINE_BYTES and line.startswith("palabra") for line in lines)


def test_a_word_without_an_end_is_cut_between_characters() -> None:
    typed = PlainInput()
    lines = typed.feed(("x" + "ñ" * PLAIN_LINE_BYTES).encode()) + typed.rest()
    assert "".join(lines) == "x" + "ñ" * PLAIN_LINE_BYTES


@given(st.lists(st.binary(max_size=40)))
def test_any_bytes_in_any_cuts_give_the_same(chunks: list[bytes]) -> None:
    whole, cut = PlainInput(), PlainInput()
    lines = whole.feed(b"".join(chunks)) + whole.rest()
    assert [line for chunk in chunks for line in cut.feed(chunk)] + cut.rest() == lines
    assert whole.replies == cut.replies
    assert not any(character < " " for line in lines for character in line)


@given(st.text())
def test_text_survives_its_encoding(text: str) -> None:
    assert decode(text.encode(errors="replace")) == text.encode(errors="replace").decode()


def test_controls_are_no_text() -> None:
    assert clean_typed("a\x01b\x1bc") == "abc"
