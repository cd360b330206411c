"""Keeping and ending a connection: PING, PONG, QUIT."""

from __future__ import annotations

from tertulia.commands.registry import command
from tertulia.commands.turn import Refuse, Turn
from tertulia.limits import KICK_CHARACTERS, LINE_BYTES, QUIT_BYTES
from tertulia.protocol.text import cut, one_line


@command("PING <token>", "Ask for a PONG.", "Pide un PONG.", before=True, cost=0.5)
async def ping(turn: Turn, params: list[str]) -> None:
    if not params or not params[0]:
        raise Refuse("ERR_NOORIGIN")
    room = LINE_BYTES - len(f":{turn.world.settings.name} PONG {turn.world.settings.name} :\r\n".encode())
    turn.line("PONG", turn.world.settings.name, text=cut(params[0], room)[0])


@command("PONG <token>", "Answer a PING.", "Responde a un PING.", before=True, cost=0.5)
async def pong(turn: Turn, params: list[str]) -> None:
    """Any line proves that the client lives; the server has noted it already."""


@command("QUIT [<reason>]", "Leave.", "Vete.", before=True)
async def quit(turn: Turn, params: list[str]) -> None:
    reason = one_line(params[0], KICK_CHARACTERS, QUIT_BYTES) if params else ""
    if turn.label is not None:  # nothing may follow ERROR
        turn.world.answer(turn)
        turn.label = None
    turn.world.drop(turn.session, f"Quit: {reason}")  # "This applies even if <reason> is empty"
