"""Stretches of time as people write them: `90`, `30m`, `1h30m`, `2d`, `1w`.

What belongs here: reading and writing. What must not: clocks.
"""

from __future__ import annotations

import re

SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_PARTS = re.compile(r"(?:[0-9]{1,6}[wdhms])+")


def seconds(text: str) -> int | None:
    """So many seconds; a bare number is seconds. None when it is no duration, or none at all."""
    word = text.lower()
    if re.fullmatch(r"[0-9]{1,9}", word):
        return int(word) or None
    if not _PARTS.fullmatch(word):
        return None
    total = sum(int(number) * SECONDS[unit] for number, unit in re.findall(r"([0-9]+)([wdhms])", word))
    return total or None


def written(total: int) -> str:
    """The same in the fewest words: `1d2h`."""
    found = ""
    for unit, size in SECONDS.items():
        if total >= size:
            found += f"{total // size}{unit}"
            total %= size
    return found or "0s"
