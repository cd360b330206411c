"""SET: what is kept of a registered room beside its modes.

What belongs here: reading the values that people type. What must not: what the settings do.
"""

from __future__ import annotations

from tertulia import limits
from tertulia.commands import room_desk as desk
from tertulia.commands.answering import Said
from tertulia.commands.turn import Turn
from tertulia.protocol.accounts import identity_of
from tertulia.protocol.casemap import fold
from tertulia.protocol.modes import FOUNDER, PROTECTED
from tertulia.protocol.text import one_line
from tertulia.state.room import Room

OFF = frozenset({"off", "no", "none", "-", "nada"})
ON = frozenset({"on", "all", "sí", "si", "yes", "todo"})
NAMES = {
    "history": "history", "historia": "history", "history-seen": "history-seen",
    "historia-vista": "history-seen", "successor": "successor", "sucesor": "successor", "welcome": "welcome",
    "entrymsg": "welcome", "bienvenida": "welcome",
}  # fmt: skip
"""How people write the settings."""


async def set_(turn: Turn, params: list[str]) -> None:
    room = desk.registered(turn, params[0])
    name = NAMES.get(fold(params[1]), "") if len(params) > 1 else ""
    if not name:
        raise Said("settings")
    if len(params) < 3:
        if turn.user not in room.members:
            desk.need(turn, room, PROTECTED)
        raise Said("setting", name=name, value=_shown(turn, room, name))
    desk.need(turn, room, FOUNDER if name in ("successor", "history") else PROTECTED)
    text = " ".join(params[2:])
    await desk.set_value(turn, room, name, _READERS[name](turn, room, text))
    desk.answer(turn, "setting", name=name, value=_shown(turn, room, name))


def _history(turn: Turn, room: Room, text: str) -> str:
    word = fold(text)
    if word in OFF:
        return "off"
    if word in ON:
        return ""
    days = word.removesuffix("d")
    if not (days.isascii() and days.isdecimal() and 0 < int(days[:6]) <= limits.HISTORY_DAYS):
        raise Said("history words", most=limits.HISTORY_DAYS)
    return str(int(days))


def _seen(turn: Turn, room: Room, text: str) -> str:
    word = fold(text)
    if word not in ("joined", "entrada", "all", "todo"):
        raise Said("seen words")
    return "joined" if word in ("joined", "entrada") else ""


def _successor(turn: Turn, room: Room, text: str) -> str:
    if fold(text) in OFF:
        return ""
    record = desk.named(turn, text)
    if record.key == room.founder:
        raise Said("founder already", account=record.name, room=room.name)
    return identity_of(record)


def _welcome(turn: Turn, room: Room, text: str) -> str:
    return "" if fold(text) in OFF else one_line(text, limits.SETTING_BYTES, limits.SETTING_BYTES)


def _shown(turn: Turn, room: Room, name: str) -> str:
    value = room.settings.get(name, "")
    if name == "successor":
        record = turn.network.accounts.of_identity(value)
        value = record.name if record is not None else ""
    return value or desk.words(turn, _UNSET[name])


_READERS = {"history": _history, "history-seen": _seen, "successor": _successor, "welcome": _welcome}
_UNSET = {"history": "kept", "history-seen": "seen by all", "successor": "none", "welcome": "none"}
