"""May this call be made, and how long may its answer be? Decided of what was spent, within the limits set.

What belongs here: pure decisions; what was spent and what day it is come in. What must not: stores, clocks,
words (`treasury`).

Before a call its worst case is reserved: the prompt as estimated, and the longest answer that was asked
for. Where that does not fit, the answer is made shorter, down to `SHORTEST_TOKENS`; where that does not fit
either, the call is refused.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from tertulia.protocol.ledger import NANO, TOKENS, Call, Key, Limit, Price, Spent, keys_of

SHORTEST_TOKENS: Final = 64  # three sentences: a shorter answer breaks off in its first thought
CHARACTERS_A_TOKEN: Final = 3  # Spanish has about four with the common vocabularies, code and names fewer
TURN_TOKENS: Final = 8  # what a message costs beside its text


def estimate(texts: Iterable[str]) -> int:
    """Tokens of a prompt, rather too many than too few."""
    return sum(TURN_TOKENS + math.ceil(len(text) / CHARACTERS_A_TOKEN) for text in texts)


def tokens_of(characters: int) -> int:
    """Tokens of an answer of so many characters, when the provider does not say."""
    return math.ceil(characters / CHARACTERS_A_TOKEN)


NamesOf = Callable[[str], tuple[str, ...]]
"""All names of a room by how it is kept."""


class Applied(NamedTuple):
    """A limit, and the key under which it is kept for one call."""

    limit: Limit
    key: Key


def applied(limits: Sequence[Limit], call: Call, names_of: NamesOf) -> list[Applied]:
    """Which limits a call is under."""
    found = []
    for key in keys_of(call):
        per = "day" if key.period == call.day else "month"
        found += [Applied(limit, key) for limit in of(limits, key, per, names_of)]
    return found


def of(limits: Sequence[Limit], key: Key, per: str, names_of: NamesOf) -> list[Limit]:
    """The limits of a key. A room is under those of all names that it has had: who may rename it does not so
    get rid of a limit."""
    ours = [limit for limit in limits if limit.scope == key.scope and limit.per == per]
    names = ("*", *(names_of(key.name) if ours and key.scope == "room" else (key.name,)))
    return [limit for limit in ours if limit.name in names]


def longest_answer(
    under: Sequence[Applied], spent: Sequence[Spent], price: Price | None, tokens_in: int, wanted: int
) -> tuple[int, Applied | None]:
    """(tokens of the longest answer that fits, at most `wanted`; the limit that binds it, if one does)."""
    longest, binding = wanted, None
    for one, so_far in zip(under, spent, strict=True):
        room = min(
            _tokens_left(one.limit, so_far, tokens_in), _tokens_for_money(one.limit, so_far, price, tokens_in)
        )
        if room < longest:
            longest, binding = max(0, room), one
    return longest, binding


def is_refused(longest: int, wanted: int) -> bool:
    return longest < min(wanted, SHORTEST_TOKENS)


_ENDLESS: Final = 1 << 62


def _tokens_left(limit: Limit, spent: Spent, tokens_in: int) -> int:
    return _ENDLESS if limit.tokens is None else limit.tokens - spent.all_tokens - tokens_in


def _tokens_for_money(limit: Limit, spent: Spent, price: Price | None, tokens_in: int) -> int:
    if limit.nano is None or price is None:
        return _ENDLESS
    left = limit.nano - spent.all_nano - price.exact(tokens_in, 0)
    if left < 0:
        return -1
    is_long = price.long_over is not None and tokens_in > price.long_over
    each = (price.long_out if is_long else price.tokens_out) * (NANO // TOKENS)
    return _ENDLESS if each == 0 else int(left // each)


# --- Days and months ----------------------------------------------------------------------------------------


def day_of(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


def next_period(moment: datetime, per: str) -> datetime:
    """When the day or month of `moment` is over, in its own time zone."""
    day = moment.date()
    after = day + timedelta(days=1) if per == "day" else _first_of_next_month(day)
    return datetime(after.year, after.month, after.day, tzinfo=moment.tzinfo)


def _first_of_next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
