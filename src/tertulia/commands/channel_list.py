"""LIST: which rooms there are."""

from __future__ import annotations

import re
from collections.abc import Callable

from tertulia import limits
from tertulia.commands import arguments
from tertulia.commands.registry import command
from tertulia.commands.turn import Turn
from tertulia.policy.room import may_see
from tertulia.protocol.names import is_room, mask_matches
from tertulia.state.room import Room

_AGED = re.compile(r"([CT])([<>])([0-9]{1,9})", re.IGNORECASE)
CONDITIONS = 20  # a line holds hundreds, and each is tried on every room
Condition = Callable[[Room], bool]


@command(
    "LIST [<room or condition>{,<room or condition>}] [<condition>{,<condition>}]",
    "List rooms: names, masks, >users, <users, !mask, C<minutes of age, T<of the topic.",
    "Lista salas: nombres, máscaras, >usuarios, <usuarios, !máscara, C<minutos de edad, T<del tema.",
    cost=4.0,
)
async def list_rooms(turn: Turn, params: list[str]) -> None:
    named = arguments.items(params[0]) if params else []
    more = arguments.items(params[1]) if len(params) > 1 else []
    now = turn.world.now_ms // 1000
    conditions = [_condition(item, now) for item in [*named, *more][:CONDITIONS]]
    turn.numeric("RPL_LISTSTART", "Channel")
    shown = 0
    for room in _candidates(turn, named):
        if (not room.members and not room.topic) or not may_see(room, turn.user):
            continue
        if all(condition(room) for condition in conditions):
            turn.numeric("RPL_LIST", room.name, str(len(room.members)), room.topic)
            shown += 1
            if shown >= limits.LIST_REPLIES:
                turn.numeric("RPL_TRYAGAIN", "LIST")
                break
    turn.numeric("RPL_LISTEND")


def _candidates(turn: Turn, named: list[str]) -> list[Room]:
    """The rooms named, when only plain names are; else all, to be sieved (ELIST)."""
    if named and all(is_room(item) and not set("*?") & set(item) for item in named):
        found = [room for room in map(turn.network.room, named) if room is not None]
        return list(dict.fromkeys(found))
    return list(turn.network.rooms.values())


def _condition(item: str, now: int) -> Condition:
    """ELIST C (created), M (mask), N (not mask), T (topic set), U (users). C and T: minutes ago."""
    if (aged := _AGED.fullmatch(item)) is not None:
        return _of_age(aged, now)
    if item[0] in "<>" and item[1:].isdecimal():
        number = int(item[1:10])
        return (
            (lambda room: len(room.members) < number)
            if item[0] == "<"
            else (lambda room: len(room.members) > number)
        )
    if item[0] == "!":
        return lambda room: not mask_matches(item[1:], room.name)
    if is_room(item) and not set("*?") & set(item):
        return lambda room: True  # it was named
    return lambda room: mask_matches(item, room.name)


def _of_age(aged: re.Match[str], now: int) -> Condition:
    """ "created either less than `val` minutes ago, or more than `val` minutes ago"; T: its topic set so."""
    field = "created_at" if aged[1].upper() == "C" else "topic_at"
    moment = now - 60 * int(aged[3])

    def holds(room: Room) -> bool:
        at: int = getattr(room, field)
        return at != 0 and (at > moment if aged[2] == "<" else at < moment)

    return holds
