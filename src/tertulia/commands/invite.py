"""INVITE: let somebody into a room."""

from __future__ import annotations

from tertulia.commands import arguments
from tertulia.commands.registry import command
from tertulia.commands.turn import Refuse, Turn
from tertulia.policy.room import may_change_modes, may_invite
from tertulia.state.events import Invite


@command("INVITE [<nick> <room>]", "Invite somebody; alone, list where you are invited.",
         "Invita a alguien; sola, dice adónde te han invitado.", cost=2.0)  # fmt: skip
async def invite(turn: Turn, params: list[str]) -> None:
    if not params:
        for key in sorted(turn.user.invited):
            room = turn.network.rooms.get(key)
            if room is not None:
                turn.plain_numeric("RPL_INVITELIST", room.name)
        turn.numeric("RPL_ENDOFINVITELIST")
        return
    if len(params) < 2:
        raise Refuse("ERR_NEEDMOREPARAMS", "INVITE", syntax="INVITE <nick> <room>")
    target = arguments.user(turn, params[0])
    room = arguments.own_room(turn, params[1])
    arguments.allow(may_invite(room, turn.user, target.bot), room.name)
    if target in room.members:
        raise Refuse("ERR_USERONCHANNEL", target.nick, room.name)
    opens = may_change_modes(room, turn.user) is None
    await turn.world.propose(Invite(turn.user.prefix, target.id, room.key, opens), turn)
    turn.plain_numeric("RPL_INVITING", target.nick, room.name)
    if target.away is not None:
        turn.numeric("RPL_AWAY", target.nick, target.away)
