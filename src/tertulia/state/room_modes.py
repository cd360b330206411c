"""One change of a room's modes, carried out: ranks, lists, flags, and what has a parameter.

What belongs here: what each kind of mode does to a room. What must not: who may change it (`policy.room`).
"""

from __future__ import annotations

from collections.abc import Callable

from tertulia import limits
from tertulia.protocol.casemap import fold
from tertulia.protocol.history import Mask
from tertulia.protocol.modes import KEPT_AS_SETTINGS, RANK_BITS, ROOM_MODES, Kind, ModeChange
from tertulia.state import events as may
from tertulia.state.room import Room
from tertulia.state.user import User

Find = Callable[[str], User | None]
"""Who has a nick."""


def set_mode(find: Find, room: Room, change: ModeChange, event: may.SetRoomModes) -> ModeChange | None:
    """The change as it took effect; None when it changed nothing."""
    kind = ROOM_MODES[change.letter].kind
    if kind is Kind.PREFIX:
        return _set_rank(find, room, change)
    if kind is Kind.LIST:
        return _set_mask(room, change, event)
    if kind is Kind.FLAG:
        if change.add is (change.letter in room.flags):
            return None
        room.flags = room.flags | {change.letter} if change.add else room.flags - {change.letter}
        return change
    return _set_key_or_limit(room, change)


def _set_rank(find: Find, room: Room, change: ModeChange) -> ModeChange | None:
    user = find(change.param or "")
    if user is None or user not in room.members:
        return None
    bit, held = RANK_BITS[change.letter], room.members[user]
    if change.add is bool(held & bit):
        return None
    room.members[user] = held | bit if change.add else held & ~bit
    return ModeChange(change.add, change.letter, user.nick)


def _set_mask(room: Room, change: ModeChange, event: may.SetRoomModes) -> ModeChange | None:
    masks, mask = room.masks(change.letter), change.param or ""
    key = fold(mask)
    if change.add is (key in masks):
        return None
    if not change.add:
        return ModeChange(False, change.letter, masks.pop(key).mask)
    if len(masks) >= limits.MASKS_PER_LIST:
        return None
    masks[key] = Mask(mask, event.by, event.at, event.until, event.reason)
    return change


def _set_key_or_limit(room: Room, change: ModeChange) -> ModeChange | None:
    if change.letter == "k":
        if change.add:
            if change.param == room.password:
                return None
            room.password = change.param or ""
            return change
        if not room.password:
            return None
        room.password = ""
        return ModeChange(False, "k", "*")  # the key is nobody's business once it is gone
    if change.letter in KEPT_AS_SETTINGS:
        return _set_setting(room, change)
    limit = int(change.param or 0) if change.add else 0
    if limit == room.limit:
        return None
    room.limit = limit
    return change


def _set_setting(room: Room, change: ModeChange) -> ModeChange | None:
    param = change.param or ""
    if change.add:
        if room.settings.get(change.letter) == param:
            return None
        room.settings[change.letter] = param
        return change
    return ModeChange(False, change.letter) if room.settings.pop(change.letter, "") else None
