"""What may be in a text that is said in a room: colours, formatting, CTCP, notices; and how often.

What belongs here: modes c, C, S, T and F, in front of a message. What must not: who may speak
(`policy.room`).
"""

from __future__ import annotations

import re

from tertulia.commands import floods
from tertulia.commands.turn import Refuse, Turn
from tertulia.state.room import Room

RULED = frozenset("cCST")
_COLOURS = re.compile(r"\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?")
_FORMATS = re.compile(f"{_COLOURS.pattern}|[\x02\x0f\x11\x16\x1d\x1e\x1f]")


def fit(turn: Turn, room: Room, kind: str, text: str) -> str:
    """The text as it may be said. Raises `Refuse`. Cheap where a room has none of these modes."""
    if "F" in room.settings and kind != "TAGMSG":
        floods.check_line(turn, room)
    return text if RULED.isdisjoint(room.flags) else ruled(room, kind, text)


def ruled(room: Room, kind: str, text: str) -> str:
    flags = room.flags
    if "T" in flags and kind == "NOTICE":
        raise Refuse("ERR_CANNOTSENDTOCHAN", room.name, reason="+T")
    if "C" in flags and text[:1] == "\x01" and not text.startswith("\x01ACTION "):
        raise Refuse("ERR_CANNOTSENDTOCHAN", room.name, reason="+C")
    if "S" in flags:
        stripped = _FORMATS.sub("", text)
        if text and not stripped:
            raise Refuse("ERR_NOTEXTTOSEND")
        return stripped
    if "c" in flags and _COLOURS.search(text):
        raise Refuse("ERR_CANNOTSENDTOCHAN", room.name, reason="+c")
    return text


def plain(room: Room, text: str) -> str:
    """A piece of a growing message: what cannot be refused any more is taken out."""
    if "S" in room.flags:
        return _FORMATS.sub("", text)
    return _COLOURS.sub("", text) if "c" in room.flags else text
