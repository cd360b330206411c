"""KNOCK: ask a room's operators to be let in."""

from __future__ import annotations

from tertulia.commands import arguments
from tertulia.commands.oper import Line
from tertulia.commands.registry import command
from tertulia.commands.turn import Refuse, Turn
from tertulia.policy.room import is_banned, may_join
from tertulia.protocol.modes import HALF_OPERATOR
from tertulia.protocol.numerics import NUMERICS


@command("KNOCK <room> [<reason>]", "Ask to be let in where you may not enter.",
         "Pide que te dejen entrar donde no puedes.", least=1, cost=8.0)  # fmt: skip
async def knock(turn: Turn, params: list[str]) -> None:
    """Who is banned is refused: the operators have answered that one already."""
    room = arguments.room(turn, params[0])
    if turn.user in room.members:
        raise Refuse("ERR_KNOCKONCHAN", room.name)
    if may_join(room, turn.user, None) is None:
        raise Refuse("ERR_CHANOPEN", room.name)
    if is_banned(room, turn.user):
        raise Refuse("ERR_CANNOTSENDTOCHAN", room.name, reason="+b")
    keepers = [user for user, rank in room.members.items() if rank >= HALF_OPERATOR]
    for user in keepers:
        row = NUMERICS["RPL_KNOCK"]
        head = f":{turn.world.settings.name} {row.number} {user.nick} {room.name} {turn.user.prefix}"
        text = row.es if turn.world.settings.language == "es" else row.en
        turn.world.tell([user], Line(f"{head} :{text}\r\n"))
    turn.numeric("RPL_KNOCKDLVR", room.name)
