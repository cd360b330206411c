"""The table of numerics: both languages, the same fields, and texts that can be filled in."""

from __future__ import annotations

import re
import string

import pytest

from tertulia.protocol.numerics import NUMERICS, STANDARD_REPLIES, words
from tertulia.protocol.reasons import STORE_REASONS

TEXTS = [(name, row.en, row.es) for name, row in NUMERICS.items() if row.en is not None] + [
    (code, reply.en, reply.es) for code, reply in STANDARD_REPLIES.items()
]


def fields(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


@pytest.mark.parametrize("name", NUMERICS)
def test_three_digits_and_both_languages_or_neither(name: str) -> None:
    row = NUMERICS[name]
    assert re.fullmatch("[0-9]{3}", row.number)
    assert (row.en is None) == (row.es is None)
    assert name.startswith(
        "ERR_" if "400" <= row.number < "600" or row.number in ("696", "982") else ("RPL_", "ERR_")
    )


def test_no_number_is_taken_twice() -> None:
    numbers = [row.number for row in NUMERICS.values()]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize(("name", "english", "spanish"), TEXTS, ids=[name for name, _, _ in TEXTS])
def test_texts_can_be_filled_in(name: str, english: str, spanish: str) -> None:
    """A brace that is meant as a brace is written twice in a text with fields."""
    assert fields(english) == fields(spanish)
    for text in (english, spanish):
        filled = text.format(**dict.fromkeys(fields(text), "x"))
        assert filled and not set(filled) & set("\r\n\0")
        assert len(filled.encode()) < 300
        if not fields(text):
            assert filled == text  # it is sent as it is, so it must not need to be filled in


def test_reasons_of_the_store_in_both_languages() -> None:
    assert set(STORE_REASONS) == {"full", "locked", "corrupt", "denied", "failed"}
    assert all(len(pair) == 2 and all(pair) for pair in STORE_REASONS.values())


def test_words() -> None:
    assert words(("one {n}", "uno {n}"), "es", n=1) == "uno 1"
    assert words(("one", "uno"), "en") == "one"
    assert words(("one", "uno"), "fr") == "one"
