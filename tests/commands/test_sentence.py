"""What is said to a service, as words."""

from __future__ import annotations

import pytest

from tertulia.commands.sentence import Words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  a  b ", ["a", "b"]),
        ('PASSWORD "one two" three', ["PASSWORD", "one two", "three"]),
        (r'"a \"b\" \\ c" d', [r'a "b" \ c', "d"]),
        (r'"c:\dir"', [r"c:\dir"]),
        ('"never closed', ['"never', "closed"]),
        ('"a b"c d', ['"a', 'b"c', "d"]),
        ('say"it"', ['say"it"']),
        ("", []),
    ],
)
def test_words_and_their_quotes(text: str, words: list[str]) -> None:
    assert list(Words(text, quotes=True)) == words


def test_without_quotes_they_are_letters() -> None:
    assert list(Words('a "b c"')) == ["a", '"b', 'c"']


def test_the_rest_is_as_it_was_typed() -> None:
    words = Words('IDENTIFY ana  two  spaces "and quotes"', quotes=True)
    assert words.rest(2) == 'two  spaces "and quotes"' and words.rest(2, -1) == "two  spaces"
    assert words.rest(9) == "" and words.after(9) == []
    assert words.after(1) == ["ana", "two", "spaces", "and quotes"]
    assert Words('x "a  b"', quotes=True).rest(1) == "a  b"
