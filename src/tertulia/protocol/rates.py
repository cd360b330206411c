"""How often something may happen, as modes F and j write it: `5:10` is five times in ten seconds.

What belongs here: the grammar. What must not: counting (`commands.floods`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from tertulia.limits import RATE_SECONDS, RATE_TIMES

_RATE = re.compile(r"([*~]?)([1-9][0-9]{0,3}):([1-9][0-9]{0,4})")


class Rate(NamedTuple):
    action: str  # what happens to who is faster: "" kicked, "*" banned and kicked, "~" the line is refused
    times: int
    seconds: int


@lru_cache(maxsize=1024)
def read(text: str) -> Rate | None:
    """The rate; None when it is none, or out of bounds. InspIRCd's syntax of flood limits."""
    found = _RATE.fullmatch(text)
    if found is None:
        return None
    rate = Rate(found[1], int(found[2]), int(found[3]))
    return rate if rate.times <= RATE_TIMES and rate.seconds <= RATE_SECONDS else None
