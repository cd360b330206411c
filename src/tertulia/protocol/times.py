"""Moments as IRCv3 writes them (server-time): `2026-01-31T12:00:00.000Z`, and as milliseconds.

What belongs here: the two ways. What must not: clocks.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def written(ms: int) -> str:
    return f"{_second(ms // 1000)}.{ms % 1000:03d}Z"


def milliseconds(text: str) -> int | None:
    """Since 1970; None for what is no such text."""
    try:
        at = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return max(0, (at - _EPOCH) // timedelta(milliseconds=1))


@lru_cache(maxsize=64)  # each line with server-time asks, and the second is mostly the one before's
def _second(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}"
