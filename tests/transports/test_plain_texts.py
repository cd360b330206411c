"""The plain door's sentences: both languages say the same, with the same blanks."""

from __future__ import annotations

from string import Formatter

import pytest

from tertulia.transports.plain_texts import HELP, LANGUAGES, NAME_REFUSALS, REFUSALS, TEXTS, say


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_have_the_same_blanks(key: str) -> None:
    text = TEXTS[key]
    assert text.es and text.en
    assert blanks(text.es) == blanks(text.en)


def test_every_refusal_has_a_sentence() -> None:
    assert {*REFUSALS.values(), *NAME_REFUSALS.values(), "refused"} <= TEXTS.keys()
    assert all(blanks(TEXTS[key].es) <= {"what", "why"} for key in REFUSALS.values())


def test_help_exists_in_each_language() -> None:
    assert tuple(HELP) == LANGUAGES
    assert len(HELP["es"]) == len(HELP["en"])
    assert all(len(line) < 80 for lines in HELP.values() for line in lines)


def test_while_the_language_is_unknown_both_are_said() -> None:
    assert say(None, "ask") == "¿Cómo te llamas? / What is your name?"
    assert say("es", "ask") == "¿Cómo te llamas?"
    assert say("en", "ask") == "What is your name?"
