"""What a room's operators settled for models, read from its notes: who may answer, when, how far, in which
language.

What belongs here: reading and judging settings; time comes in. What must not: keeping them (`notebook`),
setting them (`deeds/room.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from tertulia.protocol.casemap import fold

ONLY: Final = "only"
BUT: Final = "but"
_QUIET: Final = re.compile(
    r"(\d{1,2}):(\d{2})\s*(?:-|–|a|to|until|hasta)\s*(\d{1,2}):(\d{2})(?:\s+(\S+))?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for one model in one room at one moment."""

    limit: int  # hops at which it falls silent towards programs
    admitted: bool = True
    quiet_until: str = ""  # "08:00 (Europe/Madrid)"; "": nobody sleeps
    ambient: bool = False  # it may speak unasked, and is the one who would


# --- Quiet hours --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quiet:
    begin: time
    end: time
    zone: str

    def __str__(self) -> str:
        return f"{self.begin:%H:%M}-{self.end:%H:%M} {self.zone}"


def parse_quiet(text: str, zone: str) -> Quiet | None:
    """`22:00-8:00`, with a time zone or without; None when it is none."""
    found = _QUIET.fullmatch(text.strip())
    if found is None:
        return None
    *numbers, named = found.groups()
    hours = [int(number) for number in numbers]
    if max(hours[0], hours[2]) > 23 or max(hours[1], hours[3]) > 59 or hours[:2] == hours[2:]:
        return None
    if zone_of(named or zone) is None:
        return None
    return Quiet(time(hours[0], hours[1]), time(hours[2], hours[3]), named or zone)


def quiet_until(quiet: Quiet, now: datetime) -> datetime | None:
    """When the quiet hours that `now` (aware) lies in end; None outside of them."""
    zone = ZoneInfo(quiet.zone)
    local = now.astimezone(zone)
    for day in (-1, 0):  # those that began yesterday, and today's
        begin = datetime.combine(local.date() + timedelta(days=day), quiet.begin, zone)
        end = datetime.combine(begin.date(), quiet.end, zone)
        if end <= begin:
            end = datetime.combine(begin.date() + timedelta(days=1), quiet.end, zone)
        if begin <= local < end:
            return end
    return None


def zone_of(name: str) -> ZoneInfo | None:
    """The time zone of this name, None when there is none: names come from people."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # none of that name; a path; a folder
        return None


# --- Who may answer -----------------------------------------------------------------------------------------


def is_admitted(setting: str, nick: str) -> bool:
    """`setting`: "", "only lola gpt" or "but gpt"."""
    word, *nicks = setting.split() or [""]
    named = fold(nick) in map(fold, nicks)
    return named if word == ONLY else word != BUT or not named


def admit(setting: str, nick: str) -> str:
    """The setting after this one was let in."""
    word, *nicks = setting.split() or [""]
    others = [name for name in nicks if fold(name) != fold(nick)]
    if word == ONLY:
        return " ".join([ONLY, *others, nick])
    return " ".join([BUT, *others]) if others else ""


def dismiss(setting: str, nick: str) -> str:
    """The setting after this one was sent to be silent."""
    word, *nicks = setting.split() or [""]
    others = [name for name in nicks if fold(name) != fold(nick)]
    return " ".join([ONLY, *others]) if word == ONLY else " ".join([BUT, *others, nick])


# --- All of it ----------------------------------------------------------------------------------------------


def rules_for(setting: Callable[[str], str], nick: str, now: datetime, limit: int, voice: bool) -> Rules:
    """`setting` gives a room's note by name; `voice`: whether what names nobody would wake this one."""
    quiet = parse_quiet(setting("quiet"), "UTC") if setting("quiet") else None
    end = quiet_until(quiet, now) if quiet else None
    return Rules(
        limit=int(setting("hops") or limit),
        admitted=is_admitted(setting("admit"), nick),
        quiet_until=f"{end:%H:%M} ({quiet.zone})" if end and quiet else "",
        ambient=voice and bool(setting("ambient")),
    )
