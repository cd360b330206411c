"""Options that all subcommands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from tertulia.cli import language
from tertulia.cli.language import say


def _speak(wanted: str | None) -> None:
    if wanted not in (None, "en", "es"):
        raise typer.BadParameter(say("en or es", "en o es"))
    if wanted is not None:
        language.choose("es" if wanted == "es" else "en")


Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        metavar=say("FILE", "FICHERO"),
        help=say(
            "Configuration in TOML (default: $TERTULIA_CONFIG, then tertulia.toml here, then none).",
            "Configuración en TOML (si falta: $TERTULIA_CONFIG, luego tertulia.toml aquí, luego ninguna).",
        ),
    ),
]
Speak = Annotated[
    str | None,
    typer.Option(
        "--language",
        metavar="en|es",
        callback=_speak,
        is_eager=True,
        expose_value=True,
        help=say(
            "Language of messages (default: from LANG).", "Idioma de los mensajes (si falta: según LANG)."
        ),
    ),
]
SETTINGS: dict[str, Any] = {
    "no_args_is_help": True,
    "add_completion": False,
    "pretty_exceptions_enable": False,  # they print local variables, and passwords are among them
}
Json = Annotated[bool, typer.Option("--json", help=say("For programs.", "Para programas."))]
