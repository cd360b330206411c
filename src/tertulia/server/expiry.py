"""Masks that end by themselves, once their time has come.

What belongs here: finding them, and taking them off their lists as anybody would. What must not: how they
come there (`commands.room_bans`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia.commands import room_desk
from tertulia.commands.turn import NotStored
from tertulia.protocol.modes import ModeChange
from tertulia.state.events import SetRoomModes
from tertulia.state.room import LISTS, Room

if TYPE_CHECKING:
    from tertulia.server.hub import Hub


def sweep(hub: Hub) -> None:
    """Take off what has ended. What the store does not take now is tried again at the next sweep."""
    now = hub.now_ms // 1000
    for room in list(hub.network.timed):
        timed = _timed(room) if hub.network.rooms.get(room.key) is room else {}
        over = [change for change, until in timed.items() if until <= now]
        if over:
            by = room_desk.prefix(hub.settings.name)
            coroutine = hub.propose(SetRoomModes(room.key, by, now, tuple(over)))
            try:
                coroutine.send(None)
            except StopIteration:
                pass
            except NotStored:
                continue
        if len(over) == len(timed):
            hub.network.timed.pop(room, None)


def _timed(room: Room) -> dict[ModeChange, int]:
    """What takes each mask away that ends, and when that is due."""
    return {ModeChange(False, letter, mask.mask): mask.until
            for letter in LISTS for mask in room.masks(letter).values() if mask.until}  # fmt: skip
