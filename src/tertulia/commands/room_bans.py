"""Keeping people out of a room, or quiet: BAN, MUTE, KICK, AKICK, and TBAN.

What belongs here: whom a name means, for how long and why. What must not: matching (`state.masks`), and how
it ends (`server.expiry`).
"""

from __future__ import annotations

from datetime import UTC, datetime

from tertulia import limits
from tertulia.commands import arguments
from tertulia.commands import room_desk as desk
from tertulia.commands.answering import Said
from tertulia.commands.registry import command
from tertulia.commands.turn import Handler, Refuse, Turn
from tertulia.policy.room import may_change_modes
from tertulia.protocol import durations, extbans
from tertulia.protocol.casemap import fold
from tertulia.protocol.modes import HALF_OPERATOR, ModeChange, highest
from tertulia.protocol.names import complete_mask
from tertulia.protocol.text import one_line
from tertulia.state.events import Invite, KickMember, SetRoomModes
from tertulia.state.masks import mask_of, matches
from tertulia.state.room import Room
from tertulia.state.user import User


def banning(mute: bool) -> Handler:
    """`BAN <room> <who> [<duration>] [<reason>]`, or the same to silence."""

    async def verb(turn: Turn, params: list[str]) -> None:
        room, rank = _operated(turn, params[0])
        if len(params) < 2:
            raise Said("syntax")
        length = durations.seconds(params[2]) if len(params) > 2 else None
        reason = _text(turn, params[3 if length else 2 :])
        mask = _mask(turn, params[1])
        if mute:
            mask = complete_mask(f"{extbans.MUTE}{mask}")
        await _ban(turn, room, mask, length, reason)
        if not mute and not mask.startswith(extbans.MUTE):
            await _kick_fitting(turn, room, mask, rank, reason)

    return verb


def lifting(mute: bool) -> Handler:
    async def verb(turn: Turn, params: list[str]) -> None:
        room, _ = _operated(turn, params[0])
        wanted = _mask(turn, params[1]) if len(params) > 1 else _mask(turn, turn.user.nick)
        keys = {fold(complete_mask(f"{extbans.MUTE}{wanted}")) if mute else fold(wanted)}
        user = turn.network.user(params[1]) if len(params) > 1 else turn.user
        if user is not None:  # every entry that fits somebody who is here
            keys |= {key for key, mask in room.bans.items()
                     if mask.mask.startswith(extbans.MUTE) is mute and matches(mask.mask, user)}  # fmt: skip
        found = [room.bans[key].mask for key in room.bans if key in keys]
        if not found:
            raise Said("not banned", who=arguments.shown(params[-1]), room=room.name)
        await _modes(turn, room, *(ModeChange(False, "b", mask) for mask in found))

    return verb


async def akick(turn: Turn, params: list[str]) -> None:
    """The list of bans with their ends and reasons; ADD and DEL are BAN and UNBAN."""
    action = fold(params[1]) if len(params) > 1 else "list"
    if action in ("add", "añadir"):
        await banning(False)(turn, [params[0], *params[2:]])
    elif action in ("del", "borrar"):
        await lifting(False)(turn, [params[0], *params[2:]])
    else:
        room, _ = _operated(turn, params[0])
        for mask in room.bans.values():
            until = f"{datetime.fromtimestamp(mask.until, UTC):%Y-%m-%d %H:%M} UTC" if mask.until else "-"
            by = mask.set_by.partition("!")[0]
            desk.answer(turn, "ban", mask=mask.mask, by=by, until=until, reason=mask.reason or "-")
        desk.answer(turn, "bans", count=len(room.bans), room=room.name)


async def kick(turn: Turn, params: list[str]) -> None:
    room, rank = _operated(turn, params[0])
    target = turn.network.user(params[1]) if len(params) > 1 else None
    if target is None or target not in room.members:
        raise Said("not there", nick=arguments.shown(params[-1]), room=room.name)
    if highest(room.members[target]) > rank:
        raise Said("not enough", room=room.name)
    await _kick(turn, room, target, _text(turn, params[2:]))


async def invite(turn: Turn, params: list[str]) -> None:
    """Oneself, into a room that one operates by its list."""
    room, _ = _operated(turn, params[0])
    await turn.world.propose(Invite(desk.prefix(turn.world.settings.name), turn.user.id, room.key), turn)


@command("TBAN <room> <duration> <mask>", "Ban for a while: 30m, 2h, 1d.", "Veta por un rato: 30m, 2h, 1d.",
         least=3)  # fmt: skip
async def tban(turn: Turn, params: list[str]) -> None:
    room = arguments.room(turn, params[0])
    arguments.allow(may_change_modes(room, turn.user), room.name)
    length = durations.seconds(params[1])
    if length is None:
        raise Refuse("ERR_INVALIDMODEPARAM", room.name, "b", arguments.shown(params[1]))
    mask = complete_mask(one_line(params[2], limits.MASK_BYTES, limits.MASK_BYTES).lstrip(":"))
    try:
        await _ban(turn, room, mask, length, "", turn.user.prefix)
    except Said:
        raise Refuse("ERR_BANLISTFULL", room.name, "b", limit=limits.MASKS_PER_LIST) from None


# --- shared ---------------------------------------------------------------------------------------


def _operated(turn: Turn, name: str) -> tuple[Room, int]:
    """A room that the asker operates, there or by its list, and with which rank."""
    room = desk.any_room(turn, name)
    rank = max(desk.standing(turn, room), highest(room.members.get(turn.user, 0)))
    if rank < HALF_OPERATOR:
        raise Said("not enough", room=room.name)
    return room, rank


def _mask(turn: Turn, who: str) -> str:
    """Somebody who is here by account, else by host; anything else as it is written."""
    user = turn.network.user(who)
    if user is None:
        return complete_mask(one_line(who, limits.MASK_BYTES, limits.MASK_BYTES).lstrip(":") or "*")
    return mask_of(user)


async def _ban(
    turn: Turn, room: Room, mask: str, length: int | None, reason: str, by: str | None = None
) -> None:
    if len(room.bans) >= limits.MASKS_PER_LIST and fold(mask) not in room.bans:
        raise Said("list full", limit=limits.MASKS_PER_LIST)
    if fold(mask) in room.bans:  # another end, another reason
        await _modes(turn, room, ModeChange(False, "b", room.bans[fold(mask)].mask))
    now = turn.world.now_ms // 1000
    until = now + min(length, limits.BAN_SECONDS) if length else 0
    change = (ModeChange(True, "b", mask),)
    by = by or turn.user.prefix
    await turn.world.propose(SetRoomModes(room.key, by, now, change, until, reason), turn)


async def _kick_fitting(turn: Turn, room: Room, mask: str, rank: int, reason: str) -> None:
    for user in [one for one in room.members if matches(mask, one)]:
        if user is not turn.user and highest(room.members[user]) < max(rank, HALF_OPERATOR + 1):
            await _kick(turn, room, user, reason)


async def _kick(turn: Turn, room: Room, user: User, reason: str) -> None:
    words = arguments.free_text(turn, reason or turn.user.nick, limits.KICK_CHARACTERS, "KICK", room.name,
                                user.nick)  # fmt: skip
    await turn.world.propose(KickMember(user.id, room.key, turn.user.prefix, words), turn)


async def _modes(turn: Turn, room: Room, *changes: ModeChange) -> None:
    await turn.world.propose(
        SetRoomModes(room.key, turn.user.prefix, turn.world.now_ms // 1000, changes), turn
    )


def _text(turn: Turn, words: list[str]) -> str:
    return one_line(" ".join(words), limits.SETTING_BYTES, limits.SETTING_BYTES)
