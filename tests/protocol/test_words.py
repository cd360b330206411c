"""Words: folded and cut alike for what is kept and what is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.limits import SEARCH_WORDS
from tertulia.protocol.words import WORD_CHARACTERS, Phrase, are_said, asked_for, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("What is a Socket?", ["what", "is", "a", "socket"]),
        ("¿Qué té? ¡Cañón!", ["que", "te", "canon"]),
        ("Que\u0301 te\u0301", ["que", "te"]),  # decomposed
        ("Straße ﬁn", ["strasse", "fin"]),
        ("don't a_b 3.14", ["don", "t", "a", "b", "3", "14"]),
        ("дом Ёлка", ["дом", "елка"]),
        ("東京 tower", ["東", "京", "tower"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("\x0304,01red\x03 \x02bold\x02 \x04ff0000hex", ["red", "bold", "hex"]),
        ("\x01ACTION waves\x01", ["action", "waves"]),
        ("🫖 …", []),
        ("x" * 200, ["x" * WORD_CHARACTERS]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_what_is_asked_for() -> None:
    assert asked_for('té "Qué es" sock* don\'t …') == (
        Phrase(("te",)), Phrase(("que", "es")), Phrase(("sock",), True), Phrase(("don", "t"))
    )  # fmt: skip
    assert asked_for('"not closed') == (Phrase(("not", "closed")),)
    assert asked_for("🫖") == ()
    assert len(asked_for("word " * 100)) == SEARCH_WORDS


@pytest.mark.parametrize(
    ("asked", "text", "said"),
    [
        ("socket", "What is a SOCKET?", True),
        ("sock", "What is a socket?", False),
        ("sock*", "What is a socket?", True),
        ("ocket*", "What is a socket?", False),
        ("is what", "what it is", True),
        ('"is what"', "what it is", False),
        ('"it is"', "what it is", True),
        ('"is it"', "it is", False),
        ('"what i*"', "what it is", True),
        ('"what s*"', "what it is", False),
        ("what nobody", "what it is", False),
        ("東京", "新東京駅", True),
        ("京東", "新東京駅", False),
        ("", "anything", True),
    ],
)
def test_whether_it_is_said(asked: str, text: str, said: bool) -> None:
    assert are_said(asked_for(asked), text) is said


@given(st.text())
def test_every_text_is_found_by_its_own_words(text: str) -> None:
    words = words_of(text)
    assert all(are_said([Phrase((word,))], text) for word in words)
    assert are_said([Phrase(tuple(words))] if words else [], text)
    assert all("§" not in word and " " not in word and '"' not in word for word in words)
