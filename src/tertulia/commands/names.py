"""NAMES: who is in a room."""

from __future__ import annotations

from tertulia import limits
from tertulia.commands import arguments
from tertulia.commands.registry import command
from tertulia.commands.turn import Refuse, Turn
from tertulia.limits import LINE_BYTES
from tertulia.policy.auditorium import may_see_audience
from tertulia.policy.room import may_see
from tertulia.protocol import capabilities as cap
from tertulia.protocol.modes import symbols
from tertulia.protocol.numerics import NUMERICS
from tertulia.state.room import Room


@command("NAMES <room>{,<room>}", "Say who is in a room.", "Di quién está en una sala.", cost=2.0)
async def names(turn: Turn, params: list[str]) -> None:
    if not params:
        turn.numeric("RPL_ENDOFNAMES", "*")
        return
    several = arguments.items(params[0])
    for name in several[: limits.TARGETS_PER_COMMAND]:
        room = turn.network.room(name)
        if room is not None and may_see(room, turn.user):
            names_numerics(turn, room)
        else:
            turn.numeric("RPL_ENDOFNAMES", arguments.shown(name))
    if len(several) > limits.TARGETS_PER_COMMAND:
        raise Refuse(
            "ERR_TOOMANYTARGETS",
            arguments.shown(several[limits.TARGETS_PER_COMMAND]),
            limit=limits.TARGETS_PER_COMMAND,
        )


def names_numerics(turn: Turn, room: Room) -> None:
    """RPL_NAMREPLY lines as full as they may be, and RPL_ENDOFNAMES."""
    bits = turn.session.capabilities
    every, full = bool(bits & cap.MULTI_PREFIX), bool(bits & cap.USERHOST_IN_NAMES)
    inside = turn.user in room.members
    behind = "u" in room.flags and not may_see_audience(room, turn.user)
    kind = "@" if room.secret else "="
    head = f":{turn.world.settings.name} {NUMERICS['RPL_NAMREPLY'].number} {turn.me} {kind} {room.name} :"
    space = LINE_BYTES - 2 - len(head.encode())
    line: list[str] = []
    used = 0
    reader = turn.user.agent
    for user, rank in room.members.items():
        if reader is not None and "members" not in reader.rights and user is not turn.user:
            continue
        if (not inside and user.invisible) or (behind and not rank and user is not turn.user):
            continue
        word = user.prefix if full else user.nick
        if rank:
            word = symbols(rank, every) + word
        size = len(word) + 1 if word.isascii() else len(word.encode()) + 1
        if used + size > space + 1:
            turn.items.append(f"{head}{' '.join(line)}\r\n")
            line, used = [], 0
        line.append(word)
        used += size
    if line:
        turn.items.append(f"{head}{' '.join(line)}\r\n")
    turn.numeric("RPL_ENDOFNAMES", room.name)
