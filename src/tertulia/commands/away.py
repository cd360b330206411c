"""AWAY, USERHOST and ISON: presence."""

from __future__ import annotations

from tertulia.commands import arguments
from tertulia.commands.registry import command
from tertulia.commands.turn import Refuse, Turn
from tertulia.limits import AWAY_CHARACTERS
from tertulia.protocol.capabilities import PRE_AWAY
from tertulia.state.events import SetAway

USERHOST_NICKS = 5  # RFC 1459 5.7: "up to 5 nicknames"


@command("AWAY [<message>]", "Say that you are away; alone, that you are back.",
         "Di que estás ausente; sola, que has vuelto.", before=True, cost=1.5)  # fmt: skip
async def away(turn: Turn, params: list[str]) -> None:
    if turn.session.user is None:
        _before_registration(turn, params)
        return
    message = arguments.free_text(turn, params[0], AWAY_CHARACTERS, "AWAY") if params and params[0] else None
    await turn.world.propose(SetAway(turn.user.id, message), turn)
    turn.numeric("RPL_UNAWAY" if message is None else "RPL_NOWAWAY")


def _before_registration(turn: Turn, params: list[str]) -> None:
    """ "servers MUST accept the `AWAY` command before connection registration has completed" (pre-away)."""
    if not turn.session.capabilities & PRE_AWAY:
        raise Refuse("ERR_NOTREGISTERED")
    turn.session.away_wanted = params[0][:AWAY_CHARACTERS] if params else ""
    turn.numeric("RPL_NOWAWAY" if turn.session.away_wanted else "RPL_UNAWAY")


async def away_from_the_start(turn: Turn) -> None:
    """What was said of oneself before there was a user, once there is one."""
    if turn.session.away_wanted:
        message = arguments.free_text(turn, turn.session.away_wanted, AWAY_CHARACTERS, "AWAY")
        turn.session.away_wanted = ""
        await turn.world.propose(SetAway(turn.user.id, message), turn)


@command("USERHOST <nick>{ <nick>}", "Show the addresses of up to five users.",
         "Muestra las direcciones de hasta cinco usuarios.", least=1)  # fmt: skip
async def userhost(turn: Turn, params: list[str]) -> None:
    words = []
    for nick in params[:USERHOST_NICKS]:
        user = turn.network.user(nick)
        if user is not None:
            operator, presence = "*" if user.operator else "", "-" if user.away is not None else "+"
            words.append(f"{user.nick}{operator}={presence}{user.username}@{user.host}")
    turn.words("RPL_USERHOST", words)


@command("ISON <nick>{ <nick>}", "Say which of these are here.", "Di cuáles de estos están.", least=1)
async def ison(turn: Turn, params: list[str]) -> None:
    found = [turn.network.user(nick) for word in params for nick in word.split(" ") if nick]
    turn.words("RPL_ISON", [user.nick for user in found if user is not None])
