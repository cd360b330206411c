"""The help pages: which subcommands stand together, and the words that Typer says by itself, in Spanish.

What belongs here: order, headings, Typer's own words. What must not: the help of each
command (`app.py` and its like).
"""

from __future__ import annotations

from typing import Any

import typer
from typer import rich_utils

from tertulia.cli.language import chosen, say

PANELS = (
    (("Begin", "Para empezar"), ("serve", "check", "doctor", "password")),
    (("A running server", "Un servidor en marcha"),
     ("rooms", "members", "announce", "rehash", "kill", "bans", "defcon", "audit")),
    (("What is kept", "Lo que se guarda"), ("accounts", "history", "store")),
    (("Models and agents", "Modelos y agentes"), ("models", "usage", "agents", "mcp")),
)  # fmt: skip
TITLES = {
    "ARGUMENTS_PANEL_TITLE": "Argumentos",
    "OPTIONS_PANEL_TITLE": "Opciones",
    "COMMANDS_PANEL_TITLE": "Órdenes",
    "REQUIRED_LONG_STRING": "[obligatorio]",
    "DEFAULT_STRING": "[si falta: {}]",
}


def arrange(root: Any) -> None:
    """Put the subcommands in order and under headings. `root`: what `get_command` makes of `app`."""
    order = [name for _, names in PANELS for name in names]
    root.commands = {name: root.commands[name] for name in sorted(root.commands, key=order.index)}
    for heading, names in PANELS:
        for name in names:
            root.commands[name].rich_help_panel = say(*heading)
    if chosen() == "es":
        for constant, words in TITLES.items():
            setattr(rich_utils, constant, words)
        _in_spanish(root)


def _in_spanish(command: Any) -> None:
    command.options_metavar = "[OPCIONES]"
    command.get_help_option(typer.Context(command)).help = "Muestra esta ayuda y termina."
    under = getattr(command, "commands", {})
    if under:
        command.subcommand_metavar = "ORDEN [ARGUMENTOS]..."
    for one in under.values():
        _in_spanish(one)
