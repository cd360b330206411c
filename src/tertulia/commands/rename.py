"""RENAME (IRCv3 channel-rename): another name for a room, with all that belongs to it.

What belongs here: the command, and where old names lead. What must not: who is told how (`server.announce`).
"""

from __future__ import annotations

from tertulia.commands import arguments
from tertulia.commands.registry import command
from tertulia.commands.turn import Refuse, Turn
from tertulia.limits import KICK_CHARACTERS, RENAME_SECONDS
from tertulia.policy.room import may_rename
from tertulia.protocol.capabilities import CHANNEL_RENAME
from tertulia.protocol.names import is_room, valid_room
from tertulia.state.conflict import Conflict
from tertulia.state.events import RenameRoom


@command("RENAME <room> <new name> [<reason>]", "Give a room another name; all of it goes along.",
         "Da otro nombre a una sala; todo lo suyo va con ella.", least=2, cost=4.0)  # fmt: skip
async def rename(turn: Turn, params: list[str]) -> None:
    name, now = params[1], turn.world.now_ms // 1000
    room = turn.network.room(params[0]) if is_room(params[0]) else None
    if room is None:
        raise Refuse("ERR_NOSUCHCHANNEL", arguments.shown(params[0]))
    arguments.allow(may_rename(room, turn.user), room.name)
    since = now - turn.network.names.renamed_at(room.name)
    if not valid_room(name) or name == room.name or since < RENAME_SECONDS:
        turn.fail("RENAME", "CANNOT_RENAME", room.name, arguments.shown(name), plainly=True)
        return
    reason = ""
    if len(params) > 2:
        reason = arguments.free_text(turn, params[2], KICK_CHARACTERS, "RENAME", room.name, name)
    try:
        await turn.world.propose(RenameRoom(room.key, name, turn.user.prefix, reason, now), turn)
    except Conflict:
        turn.fail("RENAME", "CHANNEL_NAME_IN_USE", room.name, name, plainly=True)


def led_to(turn: Turn, name: str, key: str) -> str | None:
    """Where a name leads that a room had before: told by FAIL to those who know RENAME, who then come by
    themselves ("if a server is using channel redirection"); the others are led there by 470."""
    lead = turn.network.names.leads.get(key)
    if lead is None or turn.network.room(lead.name) is None:
        return None
    if turn.session.capabilities & CHANNEL_RENAME:
        turn.fail("JOIN", "CHANNEL_RENAMED", arguments.shown(name), lead.name)
        return ""
    turn.numeric("ERR_LINKCHANNEL", arguments.shown(name), lead.name)
    return lead.name
