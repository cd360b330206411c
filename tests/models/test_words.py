"""Two languages, and guessing which."""

from __future__ import annotations

import string

import pytest

from tertulia.models import words


@pytest.mark.parametrize(
    ("text", "tongue"),
    [
        ("lola: ¿qué es un socket?", "es"),
        ("lola: que es un socket", "es"),
        ("lola: what is a socket?", "en"),
        ("explain this to me please", "en"),
        ("hola", "es"),
        ("hello", "en"),
        ("TCP", "en"),
        ("", "en"),
        ("año", "es"),
    ],
)
def test_guessing_a_language(text: str, tongue: str) -> None:
    assert words.language(text) == tongue


def test_when_nothing_tells_the_caller_says() -> None:
    assert words.language("TCP", otherwise="es") == "es"


@pytest.mark.parametrize("name", sorted(words._TEXTS))
def test_both_languages_say_the_same_things(name: str) -> None:
    english, spanish = (
        {field for _, field, _, _ in string.Formatter().parse(text) if field} for text in words._TEXTS[name]
    )
    assert english == spanish or name == "away.failed"
    assert words._TEXTS[name][0] != words._TEXTS[name][1] or name in ("model", "reminder")
