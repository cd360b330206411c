"""ChanServ's desk: how its verbs find a room and whose it is, and how they answer.

What belongs here: what all verbs about registered rooms share. What must not: any one verb.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tertulia.commands import arguments, credentials
from tertulia.commands.answering import Desk, Said
from tertulia.commands.room_words import WORDS
from tertulia.commands.turn import Turn
from tertulia.policy.operators import may
from tertulia.policy.room import may_see
from tertulia.protocol.accounts import AccountRecord
from tertulia.protocol.history import RoomRecord
from tertulia.protocol.modes import FOUNDER
from tertulia.protocol.names import is_room
from tertulia.state.events import SetRegistration
from tertulia.state.registration import granted
from tertulia.state.room import Room

CHANSERV = Desk("ChanServ", WORDS)
answer, say, words, prefix = CHANSERV.answer, CHANSERV.say, CHANSERV.words, CHANSERV.prefix


# --- who and where --------------------------------------------------------------------------------


def account(turn: Turn) -> AccountRecord:
    """The account that the asker is logged in to."""
    record = credentials.account_of(turn)
    if record is None:
        raise Said("login needed")
    return record


def named(turn: Turn, name: str) -> AccountRecord:
    """An account by its name, or by the nick of somebody who is logged in."""
    record = turn.network.accounts.named(name)
    if record is None and (user := turn.network.user(name)) is not None and user.account is not None:
        record = turn.network.accounts.named(user.account)
    if record is None:
        raise Said("no account", account=arguments.shown(name))
    return record


def any_room(turn: Turn, name: str) -> Room:
    room = turn.network.room(name) if is_room(name) else None
    if room is None or not (may_see(room, turn.user) or standing(turn, room)):
        raise Said("no room", room=arguments.shown(name))
    return room


def registered(turn: Turn, name: str) -> Room:
    room = any_room(turn, name)
    if not room.founder:
        raise Said("not registered", room=room.name)
    return room


def standing(turn: Turn, room: Room) -> int:
    """The rank that the room gives the asker; who may override stands in for its founder."""
    return FOUNDER if room.founder and may(turn.user, "override") else granted(room, turn.user)


def need(turn: Turn, room: Room, rank: int) -> None:
    if standing(turn, room) < rank:
        raise Said("founder only" if rank == FOUNDER else "not enough", room=room.name)


def founded(turn: Turn, key: str) -> list[Room]:
    """The rooms of an account, by name."""
    return sorted((room for room in turn.network.rooms.values() if room.founder == key), key=lambda r: r.key)


# --- changing -------------------------------------------------------------------------------------


async def change(turn: Turn, room: Room, **fields: Any) -> None:
    """Keep another registration of a room: `fields` of its `RoomRecord` that are new."""
    record: RoomRecord = replace(room.record(), **fields)
    event = SetRegistration(room.key, prefix(turn.world.settings.name), room.founder, record.founder,
                            record.registered_at, record.access, record.settings)  # fmt: skip
    await turn.world.propose(event, turn)


async def set_value(turn: Turn, room: Room, name: str, value: str) -> None:
    settings = {**room.settings, name: value}
    await change(turn, room, settings=tuple(sorted((one, kept) for one, kept in settings.items() if kept)))
