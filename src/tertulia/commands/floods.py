"""How fast a room is spoken in and joined: the counts behind modes F and j, and what follows.

What belongs here: counting, bounded, and the kick. What must not: the flood control of connections
(`server.throttle`).
"""

from __future__ import annotations

from collections import OrderedDict

from tertulia.commands import room_desk
from tertulia.commands.turn import Refuse, Turn
from tertulia.limits import FLOOD_BAN_SECONDS, FLOODS_REMEMBERED
from tertulia.protocol import rates
from tertulia.protocol.modes import HALF_OPERATOR, ModeChange
from tertulia.protocol.rates import Rate
from tertulia.state.events import KickMember, SetRoomModes
from tertulia.state.masks import mask_of
from tertulia.state.room import Room

REASON = ("too many lines (+F {rate})", "demasiadas líneas (+F {rate})")


class Floods:
    """Counts of lines by room and user, and of joins by room. `due`: who is to be put out."""

    def __init__(self) -> None:
        self._counts: OrderedDict[tuple[str, int], tuple[float, int]] = OrderedDict()
        self.due: list[tuple[str, int, str]] = []  # room, user, flood limit

    def too_fast(self, room: str, user: int, rate: Rate, now: float) -> bool:
        """Count once more. Whether it is more than the rate allows since the first of its stretch."""
        since, count = self._counts.pop((room, user), (now, 0))
        if now - since >= rate.seconds:
            since, count = now, 0
        self._counts[(room, user)] = (since, count + 1)
        if len(self._counts) > FLOODS_REMEMBERED:
            self._counts.popitem(last=False)
        return count >= rate.times


def check_line(turn: Turn, room: Room) -> None:
    """Raises `Refuse` for a line that is too much; half-operators and higher are not counted."""
    rate = rates.read(room.settings["F"])
    if rate is None or room.members.get(turn.user, 0) >= HALF_OPERATOR:
        return
    floods = turn.world.floods
    if floods.too_fast(room.key, turn.user.id, rate, turn.world.instant):
        if rate.action != "~" and turn.user in room.members:
            floods.due.append((room.key, turn.user.id, room.settings["F"]))
        raise Refuse("ERR_CANNOTSENDTOCHAN", room.name, reason="+F")


def check_join(turn: Turn, room: Room) -> None:
    rate = rates.read(room.settings["j"])
    if rate is not None and turn.world.floods.too_fast(room.key, 0, rate, turn.world.instant):
        raise Refuse("ERR_THROTTLE", room.name)


async def put_out(turn: Turn) -> None:
    """Kick, and where the limit says so ban, whoever was too fast in this command."""
    floods, world = turn.world.floods, turn.world
    due, floods.due = floods.due, []
    by, now = room_desk.prefix(world.settings.name), world.now_ms // 1000
    for key, user_id, limit in dict.fromkeys(due):
        room, user = world.network.rooms.get(key), world.network.users.get(user_id)
        if room is None or user is None or user not in room.members:
            continue
        reason = REASON[world.settings.language == "es"].format(rate=limit)
        if limit[0] == "*":
            ban = (ModeChange(True, "b", mask_of(user)),)
            await world.propose(SetRoomModes(key, by, now, ban, now + FLOOD_BAN_SECONDS, reason))
        await world.propose(KickMember(user.id, key, by, reason))
