"""Text cut to fit lines: nothing is lost, nothing is too long, and no character is cut in two."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tertulia.protocol.text import ZERO_WIDTH_JOINER, cut, lines_and_cuts, one_line, packed, parts_of

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
TROUBLE = st.text(st.sampled_from("a é€😀\u0301\u200d\ufe0f\U0001f3fd👩漢"), max_size=200)
LINES = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=20)
PARTS = st.lists(st.tuples(LINES, st.booleans()), min_size=1, max_size=8)


@given(TEXT | TROUBLE, st.integers(4, 60))
@example("", 4)
@example("😀" * 10, 4)
@example("a" + "\u0301" * 50, 10)
@example("👩\u200d👩\u200d👧" * 5, 12)
def test_cut_loses_nothing_and_fits(text: str, limit: int) -> None:
    pieces = cut(text, limit)
    assert "".join(pieces) == text
    assert all(len(piece.encode()) <= limit for piece in pieces)
    assert all(pieces) or pieces == [""]


CLUSTERS = st.sampled_from(["a", "é", "€", "漢", "e\u0301", "👍\U0001f3fd", "☺\ufe0f", "👩\u200d👩\u200d👧"])


@given(st.lists(CLUSTERS, max_size=60).map("".join), st.integers(40, 80))
def test_marks_and_joiners_stay_with_what_they_belong_to(text: str, limit: int) -> None:
    assert all(piece[0] not in "\u0301\ufe0f\U0001f3fd\u200d" for piece in cut(text, limit)[1:])
    assert all(piece[-1] != ZERO_WIDTH_JOINER for piece in cut(text, limit) if piece)


def test_cut_between_words() -> None:
    """multiline: "split long lines between words where possible and leave the space character at the end
    of the
    line".
    """
    assert cut("uno dos cuatro seis", 10) == ["uno dos ", "cuatro ", "seis"]
    assert cut("unodostrescuatro", 10) == ["unodostres", "cuatro"]
    assert cut("a bcdefghijklmno", 10) == ["a bcdefghi", "jklmno"]  # the space is too far back


def test_cut_not_inside_a_family() -> None:
    family = "👩\u200d👩\u200d👧"
    assert cut(f"xx{family}", 20)[0] == f"xx{family}"
    assert cut("e\u0301" * 10, 11)[0] == "e\u0301" * 3


@given(PARTS)
def test_parts_come_back(parts: list[tuple[str, bool]]) -> None:
    text, cuts = lines_and_cuts(parts)
    (first, _), *rest = parts
    assert parts_of(text, cuts) == [(first, False), *rest]


@given(st.text(st.sampled_from("ab\n"), max_size=30))
def test_without_cuts_a_part_is_a_line(text: str) -> None:
    parts = parts_of(text, "")
    assert [part for part, _ in parts] == text.split("\n")
    assert lines_and_cuts(parts)[0] == text


def test_the_combined_message() -> None:
    """multiline: "joined by a single line feed (`\\n`) byte unless the `draft/multiline-concat` message
    tag is sent,
    in which case that line's message is directly joined"; its example.
    """
    parts = [("hello", False), ("how is ", False), ("everyone?", True)]
    assert lines_and_cuts(parts) == ("hello\nhow is everyone?", "n5,n7,c9")


@pytest.mark.parametrize(
    ("text", "limit", "line"),
    [("a\r\nb\0c", 99, "a  bc"), ("añb", 2, "añ"), ("", 5, ""), ("\n", 5, " ")],
)
def test_free_text_becomes_one_line(text: str, limit: int, line: str) -> None:
    assert one_line(text, limit) == line


@given(st.lists(st.text("abcé€", min_size=1, max_size=10), max_size=30), st.integers(30, 60))
def test_packed_loses_nothing_and_fits(words: list[str], limit: int) -> None:
    texts = packed(words, limit, ",")
    assert [word for text in texts for word in text.split(",")] == words
    assert all(len(text.encode()) <= limit for text in texts)
