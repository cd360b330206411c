"""Sentences for every kind of problem, in both languages."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from tertulia.cli import language
from tertulia.cli.complaints import EXPECTED, SENTENCES, sentence
from tertulia.config import Problem

CONTEXT = {
    "min_length": 1,
    "least": 16,
    "ge": 1, "gt": 0, "le": 2, "max_length": 3, "expected": "'a' or 'b'", "reason": "because", "byte": 7,
    "provider": "local", "key": "model", "name": "NAME", "currency": "EUR", "path": "/a/b",
}  # fmt: skip


@pytest.mark.parametrize("kind", [*EXPECTED, *SENTENCES])
@pytest.mark.parametrize("spoken", get_args(language.Language))
def test_every_kind_has_a_sentence(kind: str, spoken: language.Language) -> None:
    language.choose(spoken)
    text = sentence(Problem(kind, "a.b", "file:1", "'given'", context=CONTEXT))
    assert text.startswith("file:1: a.b: ")
    assert not re.search(r"\{[a-z_]+\}", text)


@pytest.mark.parametrize("table", [EXPECTED, SENTENCES])
def test_both_languages_fill_in_the_same(table: dict[str, tuple[str, str]]) -> None:
    for english, spanish in table.values():
        assert set(re.findall(r"\{(\w+)\}", english)) == set(re.findall(r"\{(\w+)\}", spanish))


def test_a_sentence_says_where_what_and_what_was_meant() -> None:
    unknown = Problem("unknown", "server.nmae", "tertulia.toml:3", nearest="server.name")
    assert (
        sentence(unknown) == "tertulia.toml:3: server.nmae: there is no such key; did you mean server.name?"
    )
    wrong = Problem("int_parsing", "limits.connections", "$VARIABLE", "'many'")
    assert sentence(wrong) == "$VARIABLE: limits.connections: must be a whole number, not 'many'"


def test_choices_are_listed_in_the_language() -> None:
    language.choose("es")
    problem = Problem("literal_error", "a.b", "f:1", "'c'", context={"expected": "'a' or 'b'"})
    assert sentence(problem) == "f:1: a.b: debe ser uno de 'a' o 'b', no 'c'"


def test_a_kind_without_words_is_still_named() -> None:
    assert "must be date_parsing" in sentence(Problem("date_parsing", "a", "f:1"))


def test_a_warning_says_that_it_is_one() -> None:
    assert sentence(Problem("clear_passwords", where="f", warning=True)).startswith("warning: f: ")
