"""KICK: put members out of a room."""

from __future__ import annotations

from tertulia import limits
from tertulia.commands import arguments, audit
from tertulia.commands.registry import command
from tertulia.commands.turn import Refuse, Turn
from tertulia.limits import KICK_CHARACTERS
from tertulia.policy.room import may_kick
from tertulia.state.events import KickMember


@command(
    "KICK <room> <nick>{,<nick>} [<reason>]",
    "Put somebody out of a room.",
    "Echa a alguien de una sala.",
    least=2,
)
async def kick(turn: Turn, params: list[str]) -> None:
    room = arguments.kept_room(turn, params[0])
    comment = params[2] if len(params) > 2 and params[2] else turn.user.nick
    several = arguments.items(params[1])
    for nick in several[: limits.TARGETS_PER_COMMAND]:
        try:
            target = arguments.user(turn, nick)
            arguments.allow(may_kick(room, turn.user, target), room.name)
            arguments.member(turn, room, nick)
        except Refuse as refusal:
            turn.numeric(refusal.numeric, *refusal.params, **refusal.fields)
            continue
        reason = arguments.free_text(turn, comment, KICK_CHARACTERS, "KICK", room.name, target.nick)
        audit.overrode(turn, room, f"KICK {target.nick}: {reason}")
        await turn.world.propose(KickMember(target.id, room.key, turn.user.prefix, reason), turn)
    if len(several) > limits.TARGETS_PER_COMMAND:
        raise Refuse("ERR_TOOMANYTARGETS", arguments.shown(several[limits.TARGETS_PER_COMMAND]),
                     limit=limits.TARGETS_PER_COMMAND)  # fmt: skip
