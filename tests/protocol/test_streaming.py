"""A growing text cut into plain lines: nothing of it is lost but white space where it was cut."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tertulia.protocol.streaming import SHORTEST_BYTES, PlainLines
from tertulia.protocol.text import lines_and_cuts

WORDS = st.text(st.sampled_from("abc é😀.!?:; \t\x02漢"), max_size=60)
PIECES = st.lists(st.tuples(WORDS, st.booleans()), min_size=1, max_size=12)


def all_lines(pieces: list[tuple[str, bool]], room: int) -> list[str]:
    plain = PlainLines(room)
    return [line for text, concat in pieces for line in plain.feed(text, concat)] + plain.end()


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(PIECES, st.integers(8, 120))
@example([("a" + " " * 300 + "b", False)], 20)
@example([("", False), ("", False), ("x", True)], 20)
def test_lines_are_the_text(pieces: list[tuple[str, bool]], room: int) -> None:
    lines = all_lines(pieces, room)
    assert squeezed("".join(lines)) == squeezed(lines_and_cuts(pieces)[0])
    assert all(len(line.encode()) <= room for line in lines)
    assert all(line.strip() for line in lines)  # "Blank lines are left out"


@given(PIECES, st.integers(60, 200))
def test_in_what_pieces_a_line_came_changes_only_where_it_is_cut(
    pieces: list[tuple[str, bool]], room: int
) -> None:
    whole = [(line, False) for line in lines_and_cuts(pieces)[0].split("\n")]
    assert squeezed("".join(all_lines(whole, room))) == squeezed("".join(all_lines(pieces, room)))


def test_a_line_end_ends_a_line() -> None:
    plain = PlainLines(400)
    assert plain.feed("uno", False) == []
    assert plain.feed(" dos", True) == []
    assert plain.feed("tres", False) == ["uno dos"]
    assert plain.end() == ["tres"]
    assert plain.end() == []


def test_a_whole_sentence_does_not_wait() -> None:
    """ "It MAY send whole sentences of an unfinished line earlier.\""""
    plain = PlainLines(400)
    sentence = "Un socket es un extremo de una conversación entre dos programas. "
    assert plain.feed(sentence + "Y adem", False) == [sentence.rstrip()]
    assert plain.feed("ás.", True) == []
    assert plain.end() == ["Y además."]


@pytest.mark.parametrize("text", ["1. ", "Sr. ", "¡Sí! ", "e.g. "])
def test_a_short_sentence_waits_for_the_next(text: str) -> None:
    assert len(text.encode()) < SHORTEST_BYTES
    assert PlainLines(400).feed(text, False) == []


def test_cut_after_a_sentence_then_a_space_then_anywhere() -> None:
    """ "cut: after the last sentence end ..., else after the last space, else between two characters"."""
    sentence = "x" * 60 + ". "
    assert PlainLines(80).feed(sentence + "y" * 30, False) == [sentence.rstrip()]
    assert PlainLines(80).feed("x" * 60 + " " + "y" * 30, False) == ["x" * 60]
    assert PlainLines(80).feed("x" * 100, False) == ["x" * 80]


def test_indentation_is_kept() -> None:
    plain = PlainLines(400)
    plain.feed("def f():", False)
    assert plain.feed("    return 1", False) == ["def f():"]
    assert plain.end() == ["    return 1"]
