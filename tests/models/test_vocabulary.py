"""The table of `!` words: whole, in both languages, and each does something."""

from __future__ import annotations

from tertulia.models.deeds.table import DEEDS
from tertulia.models.vocabulary import BY_NAME, KNOWN, VOCABULARY, shown
from tests.house.tree import ROOT


def test_every_word_has_its_deed() -> None:
    assert set(DEEDS) == set(BY_NAME)


def test_no_word_means_two_things() -> None:
    typed = [alias for word in VOCABULARY for alias in word.words + word.spanish]
    assert len(typed) == len(set(typed)) == len(KNOWN)
    assert all(alias == alias.lower() and " " not in alias for alias in typed)


def test_all_is_said_in_both_languages() -> None:
    for word in VOCABULARY:
        assert all(word.help), word.words
        assert bool(word.usage[0]) == bool(word.usage[1]), word.words


def test_it_is_shown_as_one_would_type_it() -> None:
    assert shown("quiet", "es").startswith("!silencio [22:00")
    assert shown("prompt", "es") == "!prompt [texto | off]"
    assert shown("stop", "en") == "!stop"


def test_the_page_speaks_of_every_word() -> None:
    page = (ROOT / "docs" / "models.md").read_text(encoding="utf-8")
    assert [word.words[0] for word in VOCABULARY if f"!{word.words[0]}" not in page] == []
