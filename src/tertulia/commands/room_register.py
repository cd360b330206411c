"""Whose a room is: REGISTER, INFO, LIST, TRANSFER, ACCEPT and DROP.

What belongs here: how a room gets a founder, another one, or none. What must not: ranks (`room_access`).
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from tertulia import limits
from tertulia.commands import room_desk as desk
from tertulia.commands.answering import Said
from tertulia.commands.turn import Turn
from tertulia.policy import defence
from tertulia.policy.registration import may_found_another, may_register
from tertulia.protocol.accounts import identity_of
from tertulia.protocol.casemap import fold
from tertulia.protocol.modes import FOUNDER, RANKS
from tertulia.state.registration import given_up, granted
from tertulia.state.room import Room


async def register(turn: Turn, params: list[str]) -> None:
    record = desk.account(turn)
    room = desk.any_room(turn, params[0])
    if not defence.may_register(turn.network, turn.user):
        raise Said("closed now")
    word = may_register(room, turn.user) or may_found_another(len(desk.founded(turn, record.key)))
    if word is not None:
        raise Said(word, room=room.name, founder=_name(turn, room.founder), limit=limits.ROOMS_PER_ACCOUNT)
    await desk.change(turn, room, founder=record.key, registered_at=_now(turn), access=())
    desk.answer(turn, "registered", room=room.name)


async def info(turn: Turn, params: list[str]) -> None:
    room = desk.registered(turn, params[0])
    desk.answer(turn, "info", room=room.name, founder=_name(turn, room.founder), day=_day(room.registered_at),
                entries=len(room.access))  # fmt: skip
    for name in ("history", "history-seen", "welcome"):
        if room.settings.get(name):
            desk.answer(turn, "setting", name=name, value=room.settings[name])
    if desk.standing(turn, room) == FOUNDER:
        heir = turn.network.accounts.of_identity(room.settings.get("successor", ""))
        if heir is not None:
            desk.answer(turn, "setting", name="successor", value=heir.name)


async def list_own(turn: Turn, params: list[str]) -> None:
    """The rooms that are the asker's, and those whose lists name it."""
    record, found = desk.account(turn), 0
    for room in sorted(turn.network.rooms.values(), key=lambda one: one.key):
        if room.founder == record.key:
            desk.answer(turn, "own room", room=room.name, entries=len(room.access))
            found += 1
        elif room.founder and record.key in room.access:
            symbol = next(one.symbol for one in RANKS if one.letter == room.access[record.key].letter)
            desk.answer(turn, "listed room", rank=symbol, room=room.name, founder=_name(turn, room.founder))
            found += 1
    desk.answer(turn, "rooms", count=found)


# --- another founder, or none ---------------------------------------------------------------------


async def transfer(turn: Turn, params: list[str]) -> None:
    """Offer a room; it changes hands once the other one accepts. An operator of the server need not wait."""
    room = desk.registered(turn, params[0])
    desk.need(turn, room, FOUNDER)
    if len(params) < 2:
        await desk.set_value(turn, room, "transfer", "")
        raise Said("offer withdrawn", room=room.name)
    receiver = desk.named(turn, params[1])
    if receiver.key == room.founder:
        raise Said("founder already", account=receiver.name, room=room.name)
    if granted(room, turn.user) != FOUNDER:
        await _give(turn, room, receiver.key)
        raise Said("transferred", room=room.name, account=receiver.name)
    await desk.set_value(turn, room, "transfer", f"{identity_of(receiver)} {_now(turn)}")
    desk.answer(turn, "offered", room=room.name, account=receiver.name)
    for user in turn.network.logged_in(receiver.key):
        for session in turn.world.sessions(user):
            letter = type(turn)(turn.world, session, None, None)
            desk.answer(letter, "offer", room=room.name, nick=turn.user.nick)
            turn.world.answer(letter)


async def accept(turn: Turn, params: list[str]) -> None:
    record = desk.account(turn)
    room = turn.network.room(params[0])
    identity, _, at = (room.settings.get("transfer", "") if room is not None else "").partition(" ")
    if room is None or identity != identity_of(record) or _now(turn) - int(at) > limits.TRANSFER_SECONDS:
        raise Said("no offer", room=params[0][: limits.ROOM_CHARACTERS])
    if (word := may_found_another(len(desk.founded(turn, record.key)))) is not None:
        raise Said(word, limit=limits.ROOMS_PER_ACCOUNT)
    await _give(turn, room, record.key)
    desk.answer(turn, "registered", room=room.name)


async def _give(turn: Turn, room: Room, key: str) -> None:
    settings = tuple(sorted((name, value) for name, value in room.settings.items()
                            if name not in ("transfer", "successor")))  # fmt: skip
    access = tuple(entry for entry in room.access.values() if entry.who != key)
    await desk.change(turn, room, founder=key, registered_at=_now(turn), access=access, settings=settings)


async def drop(turn: Turn, params: list[str]) -> None:
    """In two steps: the code is there so that nobody does it by mistake."""
    room = desk.registered(turn, params[0])
    desk.need(turn, room, FOUNDER)
    code = hashlib.sha256(f"{room.key} {room.registered_at} {turn.world.started_ms}".encode()).hexdigest()[:8]
    if len(params) < 2 or fold(params[1]) != code:
        raise Said("drop code", room=room.name, code=code)
    left = given_up(room.record())
    await desk.change(turn, room, founder="", registered_at=0, access=(), settings=left.settings)
    desk.answer(turn, "dropped", room=room.name)


def _name(turn: Turn, key: str) -> str:
    record = turn.network.accounts.named(key) if key else None
    return record.name if record is not None else key


def _now(turn: Turn) -> int:
    return turn.world.now_ms // 1000


def _day(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"
