"""How long a provider asks to be left alone: the header Retry-After, in both of its forms.

What belongs here: reading it. What must not: waiting (`resilience`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST_SECONDS: Final = 3_600.0  # who asks for more is asked again after an hour


def seconds_of(header: str | None, now: datetime) -> float | None:
    """Seconds from `now` (aware) on; None when there is no header, or nothing that RFC 9110, 10.2.3 knows."""
    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            moment = parsedate_to_datetime(header)
        except ValueError:
            return None
        seconds = ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
    return min(LONGEST_SECONDS, max(0.0, seconds)) if seconds == seconds else None  # "nan" is no number
