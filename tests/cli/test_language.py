"""Which language the command line speaks."""

from __future__ import annotations

import pytest

from tertulia.cli import language
from tertulia.cli.language import from_arguments, from_environment, say


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "en"),
        ({"LANG": "es_ES.UTF-8"}, "es"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "es_MX", "LC_ALL": "en_GB"}, "en"),
        ({"LANG": "en_GB", "LC_MESSAGES": "es_AR"}, "es"),
        ({"LC_ALL": "", "LANG": "es"}, "es"),
    ],
)
def test_the_environment_chooses(environ: dict[str, str], expected: str) -> None:
    assert from_environment(environ) == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--language", "es", "check"], "es"),
        (["check", "--language=es"], "es"),
        (["check", "--language", "en"], "en"),
        (["check", "--language"], "en"),
        (["check"], None),
    ],
)
def test_an_argument_chooses(arguments: list[str], expected: str | None) -> None:
    assert from_arguments(arguments) == expected


def test_one_of_two_texts_is_said() -> None:
    assert say("yes", "sí") == "yes"
    language.choose("es")
    assert say("yes", "sí") == "sí"
