"""HELP: made from the table of commands, so that it is never out of date."""

from __future__ import annotations

from tertulia.commands import arguments
from tertulia.commands.registry import COMMANDS, command
from tertulia.commands.turn import Refuse, Turn


@command(
    "HELP [<command>]", "List the commands, or explain one.", "Lista las órdenes, o explica una.", cost=2.0
)
async def help_(turn: Turn, params: list[str]) -> None:
    _help(turn, params[0].upper() if params else "")


@command("HELPOP [<command>]", "The same as HELP.", "Lo mismo que HELP.", cost=2.0)
async def helpop(turn: Turn, params: list[str]) -> None:
    _help(turn, params[0].upper() if params else "")


def _help(turn: Turn, subject: str) -> None:
    if subject in ("", "*", "INDEX"):
        spanish = turn.session.language == "es"
        lines = [
            f"{each.syntax}  --  {each.help_es if spanish else each.help_en}"
            for _, each in sorted(COMMANDS.items())
        ]
        subject = "*"
    else:
        found = COMMANDS.get(subject)
        if found is None:
            raise Refuse("ERR_HELPNOTFOUND", arguments.shown(subject))
        lines = [found.syntax, found.help_es if turn.session.language == "es" else found.help_en]
    first, *rest = lines
    turn.numeric("RPL_HELPSTART", subject, first)
    for line in rest:
        turn.numeric("RPL_HELPTXT", subject, line)
    turn.numeric("RPL_ENDOFHELP", subject)
