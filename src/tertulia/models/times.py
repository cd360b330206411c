"""Times as people write them, in English and Spanish: `20m`, `tomorrow 9:00`, `cada lunes a las 9`.

What belongs here: reading them, and the next time of a rule; now and the time zone come in. What must not:
reminders, clocks.

A rule is kept as a short text: `+7200` (every so many seconds), or `mon,tue@09:00` (on these days, local
time).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

LEAST_SECONDS: Final = 10  # a reminder sooner than that is said already
REPEAT_LEAST_SECONDS: Final = 300  # a rule that fires more often is a flood
MOST_DAYS: Final = 3_660
USUAL: Final = time(9, 0)  # of a day without a time
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_UNITS: Final = {
    "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1, "seg": 1, "segundo": 1, "segundos": 1,
    "m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60, "minuto": 60, "minutos": 60,
    "h": 3_600, "hour": 3_600, "hours": 3_600, "hora": 3_600, "horas": 3_600,
    "d": 86_400, "day": 86_400, "days": 86_400, "día": 86_400, "días": 86_400, "dia": 86_400, "dias": 86_400,
    "w": 604_800, "week": 604_800, "weeks": 604_800, "semana": 604_800, "semanas": 604_800,
}  # fmt: skip
_DAY_WORDS: Final[dict[str, tuple[int, ...]]] = {
    "day": tuple(range(7)), "día": tuple(range(7)), "dia": tuple(range(7)), "días": tuple(range(7)),
    "dias": tuple(range(7)), "morning": tuple(range(7)), "mañana": tuple(range(7)),
    "weekday": (0, 1, 2, 3, 4), "weekdays": (0, 1, 2, 3, 4), "laborable": (0, 1, 2, 3, 4),
    "laborables": (0, 1, 2, 3, 4), "workday": (0, 1, 2, 3, 4), "weekend": (5, 6), "finde": (5, 6),
    **{
        name: (number,)
        for number, names in enumerate((
            "monday mon lunes", "tuesday tue martes", "wednesday wed miércoles miercoles",
            "thursday thu jueves", "friday fri viernes", "saturday sat sábado sábados sabado",
            "sunday sun domingo domingos",
        ))
        for name in (*names.split(), names.split()[0] + "s")
    },
}  # fmt: skip
_PART: Final = re.compile(r"(\d{1,6})\s*([a-zí]+)\s*(?:,|and\b|y\b)?\s*", re.IGNORECASE)
_CLOCK: Final = re.compile(
    r"\s*(?P<at>at|a\s+las?|@)?\s*(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>am|pm|h)?\b",
    re.IGNORECASE,
)
_EVERY: Final = re.compile(r"(?:every|each|cada|todos\s+los|todas\s+las)\s+", re.IGNORECASE)
_DATE: Final = re.compile(r"(?:on\s+|el\s+)?(\d{4})-(\d{2})-(\d{2})\b", re.IGNORECASE)
_TOMORROW: Final = re.compile(r"(?:tomorrow|mañana)\b", re.IGNORECASE)
_TODAY: Final = re.compile(r"(?:today|hoy)\b", re.IGNORECASE)
_NEXT: Final = re.compile(r"(?:on\s+|next\s+|el\s+|el\s+próximo\s+)?([a-záéíóú]+)\b", re.IGNORECASE)
_LIST: Final = re.compile(r"([a-záéíóúñ]+)\s*(,|\band\b|\by\b|&)?\s*", re.IGNORECASE)
_FILLER: Final = re.compile(r"(?:me\s+)?(?:to|that|que|de|:)?\s+", re.IGNORECASE)


class When(NamedTuple):
    due: datetime  # aware
    every: str  # a rule, "": once
    rest: str  # what follows the time


def parse(text: str, now: datetime, zone: ZoneInfo) -> When | None:
    """The time that a text begins with; None when it begins with none, or with one that has passed."""
    text = text.strip()
    for read in (_every, _span, _dated, _weekday, _clock_only):
        found = read(text, now, zone)
        if found is not None:
            rest = found.rest.strip(" ,")
            filler = _FILLER.match(rest + " ")
            rest = rest[filler.end() :] if filler and filler.end() > 1 else rest
            soon, late = now + timedelta(seconds=LEAST_SECONDS), now + timedelta(days=MOST_DAYS)
            return found._replace(rest=rest.strip()) if soon <= found.due <= late else None
    return None


def next_time(every: str, zone: ZoneInfo, after: datetime) -> datetime:
    """The first time of a rule that is later than `after`. Hours that a change of the clocks skips or repeats
    come once."""
    if every.startswith("+"):
        return after + timedelta(seconds=int(every[1:]))
    days, _, clock = every.partition("@")
    wanted = {DAYS.index(day) for day in days.split(",")}
    at = time.fromisoformat(clock)
    local = after.astimezone(zone)
    for ahead in range(9):
        day = local.date() + timedelta(days=ahead)
        due = datetime.combine(day, at, zone).astimezone(UTC)
        if day.weekday() in wanted and due > after:
            return due
    raise AssertionError("a rule has a day of the week")


def following(every: str, zone: ZoneInfo, due: datetime, now: datetime) -> datetime:
    """The next time of a rule that was due at `due`, later than `now`: every two hours stay at the same
    minute, however late each was."""
    if every.startswith("+") and now >= due:
        step = int(every[1:])
        return due + timedelta(seconds=((now - due) // timedelta(seconds=step) + 1) * step)
    return next_time(every, zone, max(due, now))


# --- The forms ----------------------------------------------------------------------------------------------


def _every(text: str, now: datetime, zone: ZoneInfo) -> When | None:
    head = _EVERY.match(text)
    if head is None:
        return None
    rest = text[head.end() :]
    if span := _seconds(rest):
        seconds, rest = span
        if seconds < REPEAT_LEAST_SECONDS:
            return None
        return When(now + timedelta(seconds=seconds), f"+{seconds}", rest)
    single = _UNITS.get(rest.partition(" ")[0].lower(), 0)
    if single == 3_600:  # "every hour"
        return When(now + timedelta(seconds=single), f"+{single}", rest.partition(" ")[2])
    days, rest = _days(rest)
    if not days:
        return None
    at, rest = _clock(rest)
    every = f"{','.join(DAYS[day] for day in sorted(days))}@{at or USUAL:%H:%M}"
    return When(next_time(every, zone, now), every, rest)


def _days(text: str) -> tuple[set[int], str]:
    """`monday, wednesday and friday`."""
    days: set[int] = set()
    while (found := _LIST.match(text)) and (named := _DAY_WORDS.get(found[1].lower())):
        days |= set(named)
        text = text[found.end() :]
        if not found[2]:
            break
    return days, text


def _span(text: str, now: datetime, zone: ZoneInfo) -> When | None:
    head = re.match(r"(?:in|en|dentro\s+de)\s+", text, re.IGNORECASE)
    found = _seconds(text[head.end() :] if head else text)
    return When(now + timedelta(seconds=found[0]), "", found[1]) if found else None


def _seconds(text: str) -> tuple[int, str] | None:
    """`1h30m`, `2 days and 3 hours`, and what follows."""
    total = 0
    while (found := _PART.match(text)) and (unit := _UNITS.get(found[2].lower())):
        total += int(found[1]) * unit
        text = text[found.end() :]
    return (min(total, MOST_DAYS * 86_400 * 2), text) if total else None


def _dated(text: str, now: datetime, zone: ZoneInfo) -> When | None:
    today = now.astimezone(zone).date()
    if found := _TOMORROW.match(text):
        day = today + timedelta(days=1)
    elif found := _TODAY.match(text):
        day = today
    elif found := _DATE.match(text):
        try:
            day = today.replace(*map(int, found.groups()))
        except ValueError:
            return None
    else:
        return None
    at, rest = _clock(text[found.end() :])
    return When(datetime.combine(day, at or USUAL, zone).astimezone(UTC), "", rest)


def _weekday(text: str, now: datetime, zone: ZoneInfo) -> When | None:
    found = _NEXT.match(text)
    named = _DAY_WORDS.get(found[1].lower(), ()) if found else ()
    if found is None or len(named) != 1:
        return None
    at, rest = _clock(text[found.end() :])
    return When(next_time(f"{DAYS[named[0]]}@{at or USUAL:%H:%M}", zone, now), "", rest)


def _clock_only(text: str, now: datetime, zone: ZoneInfo) -> When | None:
    at, rest = _clock(text)
    if at is None:
        return None
    return When(next_time(f"{','.join(DAYS)}@{at:%H:%M}", zone, now), "", rest)


def _clock(text: str) -> tuple[time | None, str]:
    """`at 9`, `9:00`, `9pm`, `a las 21.30`; a bare number is none."""
    found = _CLOCK.match(text)
    if found is None or not (found["at"] or found["minute"] or found["half"]):
        return None, text
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), (found["half"] or "").lower()
    if half in ("am", "pm"):
        if not 1 <= hour <= 12:
            return None, text
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        return None, text
    return time(hour, minute), text[found.end() :]
