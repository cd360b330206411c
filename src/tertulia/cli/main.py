"""The entry point of `tertulia`: chooses the language, then hands over to the table of subcommands.

What belongs here: what must happen before the help texts are made, and how it all ends. What must not:
subcommands (`app.py`).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.exceptions import TyperException
from typer.main import get_command

from tertulia.cli import language


def main() -> None:
    """Run the command line and leave with its exit code."""
    language.choose(language.from_arguments(sys.argv[1:]) or language.from_environment())
    from tertulia.cli.app import app  # its help texts are made on import, in the language just chosen

    command = get_command(app)
    if _may_show_help(command, sys.argv[1:]):
        from tertulia.cli.app_help import arrange

        arrange(command)
    try:
        code = command(prog_name="tertulia", standalone_mode=False)
    except TyperException as error:
        from tertulia.cli.misuse import complain

        code = complain(error)
    except typer.Abort:
        code = 1
    sys.exit(code)


def _may_show_help(command: Any, arguments: Sequence[str]) -> bool:
    """It is asked for, or nothing else is."""
    for argument in arguments:
        command = getattr(command, "commands", {}).get(argument, command)
    return "--help" in arguments or hasattr(command, "commands")
