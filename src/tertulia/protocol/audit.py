"""What operators did, as values that are kept: an entry, and the stretch of entries one asks for.

What belongs here: shapes shared by the commands and the stores. What must not: when something is noted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class AuditEntry(NamedTuple):
    """One deed."""

    id: int  # its place, as a message's: it carries the time
    time_ms: int
    who: str  # nick!user@host; "shell" and a user id for the control door; the server's name for itself
    operator: str  # name of the operator block; "" for the others
    deed: str  # KILL, BAN, UNBAN, DEFCON, ...
    target: str
    text: str  # reason and details


class AuditPrune(NamedTuple):
    """Everything before this id is forgotten."""

    before: int


class Fact(NamedTuple):
    """Something small that the server itself remembers, such as its level of defence."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """The newest entries before an id; "" for anybody, anything. Names are compared without case."""

    before: int = 1 << 62
    limit: int = 20
    operator: str = ""  # name of the block, or the nick that it had then
    deed: str = ""
    target: str = ""
