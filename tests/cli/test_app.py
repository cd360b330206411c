"""The table of subcommands, as typer's own runner calls it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

import tertulia
from tertulia.cli.app import app

RUNNER = CliRunner()


def test_the_version_is_told() -> None:
    result = RUNNER.invoke(app, ["--version"])
    assert (result.exit_code, result.output) == (0, f"tertulia {tertulia.__version__}\n")


@pytest.mark.parametrize(
    "command", [[], ["serve"], ["check"], ["models"], ["models", "pull"], ["history", "export"]]
)
def test_every_command_has_help(command: list[str]) -> None:
    result = RUNNER.invoke(app, [*command, "--help"])
    assert result.exit_code == 0
    assert "Usage" in result.output


def test_an_unknown_command_is_a_mistake_of_use() -> None:
    assert RUNNER.invoke(app, ["sevre"]).exit_code == 2


def test_an_unknown_language_is_a_mistake_of_use() -> None:
    assert RUNNER.invoke(app, ["check", "--language", "fr"]).exit_code == 2


def test_check_is_silent_when_all_is_well(folder: Path) -> None:
    (folder / "good.toml").write_text('[server]\nname = "chat.example"\n', encoding="utf-8")
    result = RUNNER.invoke(app, ["check", "--config", "good.toml"])
    assert (result.exit_code, result.output) == (0, "")


def test_check_speaks_the_language_asked_for(folder: Path) -> None:
    (folder / "bad.toml").write_text("[server]\nnmae = 1\n", encoding="utf-8")
    result = RUNNER.invoke(app, ["check", "--config", "bad.toml", "--language", "es"])
    assert result.exit_code == 1
    assert "bad.toml:2: server.nmae: no existe esa clave; ¿querías decir server.name?" in result.output


def test_a_configuration_that_is_not_there_is_told_in_words(folder: Path) -> None:
    result = RUNNER.invoke(app, ["check", "--config", "none.toml", "--language", "es"])
    assert (result.exit_code, result.output) == (1, "none.toml: no se puede leer: no existe\n")


def test_serve_refuses_what_check_refuses(folder: Path) -> None:
    (folder / "bad.toml").write_text("[server]\nnmae = 1\n", encoding="utf-8")
    result = RUNNER.invoke(app, ["serve", "--config", "bad.toml"])
    assert result.exit_code == 1
    assert "did you mean server.name?" in result.output


def test_export_without_a_database_says_so() -> None:
    result = RUNNER.invoke(app, ["history", "export"])
    assert result.exit_code == 1
    assert "tertulia.db" in result.output


def test_export_wants_times_that_are_times() -> None:
    result = RUNNER.invoke(app, ["history", "export", "--since", "yesterday"])
    assert result.exit_code == 1
    assert "'yesterday' is not a time" in result.output
