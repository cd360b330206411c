"""Rooms with another name: what `network.apply` does, and where the old names lead.

What belongs here: the names of rooms, and under which their talk is kept. What must not: who may rename
(`policy.room`).
"""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

from tertulia.limits import RENAMES_REMEMBERED
from tertulia.protocol.casemap import fold
from tertulia.protocol.history import RoomMoved
from tertulia.state.changes import RoomRenamed
from tertulia.state.events import RenameRoom
from tertulia.state.room import Room
from tertulia.state.user import User


class Lead(NamedTuple):
    name: str  # what the room is called now
    at: int  # since when, seconds since 1970


class Names:
    """Which names have changed, until the server ends or many others have; and whose talk is kept under
    another name than the room's."""

    def __init__(self) -> None:
        self.leads: OrderedDict[str, Lead] = OrderedDict()  # by folded old name
        self.moved: dict[str, Room] = {}  # by `Room.buffer`

    def note(self, room: Room) -> None:
        """The room's buffer may have become another one than its name, or no longer be."""
        for buffer in [kept for kept, one in self.moved.items() if one is room]:
            del self.moved[buffer]
        if room.buffer != room.key:
            self.moved[room.buffer] = room

    def lead(self, old: str, name: str, at: int) -> None:
        """From now on an old name leads to the new one, and so do those that led to the old."""
        for key, lead in self.leads.items():
            if fold(lead.name) == old:
                self.leads[key] = Lead(name, lead.at)
        self.leads.pop(fold(name), None)
        if old != fold(name):
            self.leads[old] = Lead(name, at)
        while len(self.leads) > RENAMES_REMEMBERED:
            self.leads.popitem(last=False)

    def renamed_at(self, name: str) -> int:
        """When the room of this name was last renamed, as far as is known; 0: never."""
        return max((lead.at for lead in self.leads.values() if fold(lead.name) == fold(name)), default=0)


def rename(
    names: Names, rooms: dict[str, Room], users: dict[int, User], room: Room, event: RenameRoom
) -> RoomRenamed:
    old, key = room.name, room.key
    del rooms[key]
    room.rename(event.name)
    rooms[room.key] = room
    names.note(room)
    names.lead(key, event.name, event.at)
    for user in users.values():
        if key in user.invited:
            user.invited = user.invited - {key} | {room.key}
    return RoomRenamed(room, event.by, old, event.reason, RoomMoved(key, room.record()))
