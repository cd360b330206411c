"""What is told of a command line that cannot be understood: Typer's own words are among the known."""

from __future__ import annotations

import pytest
from typer.exceptions import TyperException
from typer.main import get_command

from tertulia.cli import language
from tertulia.cli.app import app
from tertulia.cli.misuse import complain


@pytest.fixture(autouse=True)
def spanish(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_chosen", "es")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("nada", "No existe la orden «nada».\nAyuda: tertulia --help\n"),
        ("acounts", "No existe la orden «acounts». ¿Quizá accounts, agents?\nAyuda: tertulia --help\n"),
        ("serve --dat", "No existe la opción --dat. ¿Quizá --data?\nAyuda: tertulia serve --help\n"),
        ("serve --zzz", "No existe la opción --zzz.\nAyuda: tertulia serve --help\n"),
        ("serve x", "Sobra: x.\nAyuda: tertulia serve --help\n"),
        ("serve --data", "La opción --data necesita un valor.\nAyuda: tertulia --help\n"),
        ("serve --log-json=3", "La opción --log-json no lleva ningún valor.\nAyuda: tertulia --help\n"),
    ],
)
def test_it_is_told_in_spanish(arguments: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(TyperException) as error:
        get_command(app)(arguments.split(), prog_name="tertulia", standalone_mode=False)
    assert complain(error.value) == 2
    assert capsys.readouterr().err == told


def test_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(TyperException) as error:
        get_command(app)(["accounts", "delete"], prog_name="tertulia", standalone_mode=False)
    complain(error.value)
    assert capsys.readouterr().err.startswith("Falta ")


def test_in_english_they_are_typer_s(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(language, "_chosen", "en")
    with pytest.raises(TyperException) as error:
        get_command(app)(["serve", "--zzz"], prog_name="tertulia", standalone_mode=False)
    complain(error.value)
    assert capsys.readouterr().err == "No such option: --zzz\nSee tertulia serve --help\n"
