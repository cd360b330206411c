"""Extended bans: masks that look at more than nick!user@host, and what they do, as a table.

What belongs here: how they are written, read and kept. What must not: whom they fit (`state.masks`), what
follows (`policy.room`). Kept as `~`, perhaps `!` for the contrary, a letter, `:` and a value.
"""

from __future__ import annotations

import re
from typing import NamedTuple

PREFIX = "~"
MUTE = "~m:"

LETTERS: dict[str, tuple[str, ...]] = {
    "a": ("account",),
    "c": (),
    "j": ("channel",),
    "m": ("mute", "quiet", "q"),
    "r": ("realname",),
    "z": ("secure",),
}
"""Each with its longer names: account, member of a room (c and j), mute, real name, safe connection."""

_NAMES = {name: letter for letter, names in LETTERS.items() for name in (letter, *names)} | {"c": "j"}
_WRITTEN = re.compile(r"~?(!?)([A-Za-z]+):(.*)", re.DOTALL)


class Extended(NamedTuple):
    letter: str
    contrary: bool
    value: str


def read(mask: str) -> Extended | None:
    """An extended ban however it is written (`~a:ana`, `account:ana`, `~!a:*`); None for another mask."""
    found = _WRITTEN.fullmatch(mask)
    letter = _NAMES.get(found[2].lower(), "") if found is not None else ""
    if found is None or not letter or (letter == "m" and found[1]):
        return None
    return Extended(letter, bool(found[1]), found[3])


def written(ban: Extended) -> str:
    return f"{PREFIX}{'!' if ban.contrary else ''}{ban.letter}:{ban.value}"
