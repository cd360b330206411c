"""Keeping and ending a connection: PING, PONG, QUIT."""

from __future__ import annotations

from tertulia.commands.registry import command
from tertulia.commands.turn import Refuse, Turn
from tertulia.limits import KICK_CHARACTERS
from tertulia.protocol.text import one_line


@command("PING <token>", "Ask for a PONG.", "Pide un PONG.", before=True, cost=0.5)
async def ping(turn: Turn, params: list[str]) -> None:
    if not params or not params[0]:
        raise Refuse("ERR_NOORIGIN")
    turn.line("PONG", turn.world.settings.name, text=params[0])


@command("PONG <token>", "Answer a PING.", "Responde a un PING.", before=True, cost=0.5)
async def pong(turn: Turn, params: list[str]) -> None:
    """Any line proves that the client lives; the server has noted it already."""


@command("QUIT [<reason>]", "Leave.", "Vete.", before=True)
async def quit(turn: Turn, params: list[str]) -> None:
    reason = one_line(params[0], KICK_CHARACTERS) if params else ""
    turn.world.drop(turn.session, f"Quit: {reason}" if reason else "Client Quit")
