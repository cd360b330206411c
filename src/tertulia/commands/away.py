"""AWAY, USERHOST and ISON: presence."""

from __future__ import annotations

from collections.abc import Sequence

from tertulia.commands import arguments
from tertulia.commands.registry import command
from tertulia.commands.turn import Refuse, Session, Turn
from tertulia.limits import AWAY_CHARACTERS
from tertulia.protocol.capabilities import PRE_AWAY
from tertulia.state.events import SetAway

UNSAID = "*"  # pre-away: "the user is not present for an unspecified reason"
USERHOST_NICKS = 5  # RFC 1459 5.7: "up to 5 nicknames"


@command("AWAY [<message>]", "Say that you are away; alone, that you are back.",
         "Di que estás ausente; sola, que has vuelto.", before=True, cost=1.5)  # fmt: skip
async def away(turn: Turn, params: list[str]) -> None:
    if turn.session.user is None:
        _before_registration(turn, params)
        return
    message = arguments.free_text(turn, params[0], AWAY_CHARACTERS, "AWAY") if params and params[0] else ""
    turn.session.away = message
    await _tell(turn)
    turn.numeric("RPL_NOWAWAY" if message else "RPL_UNAWAY")


async def _tell(turn: Turn) -> None:
    away = away_of(turn.world.sessions(turn.user), turn.session)
    await turn.world.propose(SetAway(turn.user.id, away), turn)


def away_of(sessions: Sequence[Session], latest: Session | None = None) -> str | None:
    """What is told of somebody with these connections: away when all of them are, in the words of the
    latest; None when somebody is at one. pre-away: "an away message of `*` should be treated as though the
    connection did not exist at all"."""
    counted = [one for one in sessions if one.away != UNSAID]
    if any(not one.away for one in counted):
        return None
    if latest is not None and latest in counted:
        return latest.away
    return counted[-1].away if counted else UNSAID


def _before_registration(turn: Turn, params: list[str]) -> None:
    """ "servers MUST accept the `AWAY` command before connection registration has completed" (pre-away)."""
    if not turn.session.capabilities & PRE_AWAY:
        raise Refuse("ERR_NOTREGISTERED")
    turn.session.away = params[0][:AWAY_CHARACTERS] if params else ""
    turn.numeric("RPL_NOWAWAY" if turn.session.away else "RPL_UNAWAY")


async def away_from_the_start(turn: Turn) -> None:
    """What was said of this connection before there was a user, once there is one; and whether somebody who
    was away is here again.
    """
    if not turn.session.away and turn.user.away is None:
        return
    if turn.session.away:
        turn.session.away = arguments.free_text(turn, turn.session.away, AWAY_CHARACTERS, "AWAY")
    await _tell(turn)


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
