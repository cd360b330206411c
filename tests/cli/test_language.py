"""Which language the command line speaks."""

from __future__ import annotations

import pytest

from tertulia.cli import language
from tertulia.cli.language import from_arguments, from_environment, say, told
from tertulia.ports import StoreError


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


@pytest.mark.parametrize(
    ("error", "english", "spanish"),
    [
        (
            StoreError("full", "The disk is full.", "El disco está lleno."),
            "The disk is full.",
            "El disco está lleno.",
        ),
        (StoreError("failed", "Odd."), "Odd.", "Odd."),
        (FileNotFoundError(2, "No such file", "/nowhere"), "/nowhere: No such file", "/nowhere: no existe"),
        (OSError(5, "I/O error", "/there"), "/there: I/O error", "/there: I/O error"),
        (OSError("by itself"), "by itself", "by itself"),
    ],
)
def test_an_error_is_told(
    error: Exception, english: str, spanish: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "_chosen", "en")
    assert told(error) == english
    monkeypatch.setattr(language, "_chosen", "es")
    assert told(error) == spanish
