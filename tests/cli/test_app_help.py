"""The help page, in processes of its own: its words are chosen when the program starts."""

from __future__ import annotations

import os
import subprocess
import sys

from typer.main import get_command

from tertulia.cli.app import app
from tertulia.cli.app_help import PANELS


def told(*arguments: str, language: str) -> str:
    environment = {**os.environ, "LC_ALL": language, "COLUMNS": "100"}
    command = [sys.executable, "-m", "tertulia", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    return done.stdout


def test_every_subcommand_stands_under_a_heading() -> None:
    arranged = [name for _, names in PANELS for name in names]
    assert sorted(arranged) == sorted(vars(get_command(app))["commands"])


def test_the_first_is_the_one_that_opens_the_server() -> None:
    page = told("--help", language="C.UTF-8")
    at = [page.index(f" {word} ") for word in ("Begin", "serve", "check", "A running server", "rooms")]
    assert at == sorted(at)


def test_in_spanish_nothing_of_it_is_english() -> None:
    page = told("--help", language="es_ES.UTF-8") + told("accounts", language="es_ES.UTF-8")
    assert "Para empezar" in page
    assert "Órdenes" in page
    assert "Muestra esta ayuda y termina." in page
    assert not [word for word in ("Options", "Commands", "Show ", "ARGS", "COMMAND") if word in page]
