"""What a running server has cost so far: processor time and memory, read from /proc.

What belongs here: reading /proc. What must not: starting or stopping anything.
A server is its process with all its threads and all its descendants, living and waited for.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
PROC = Path("/proc")


class Usage(NamedTuple):
    cpu_seconds: float  # user and system time; the kernel counts in ticks, 10 ms on most machines
    resident_bytes: int


class Stat(NamedTuple):
    """The fields we need of /proc/PID/stat (proc(5))."""

    parent: int
    cpu_ticks: int  # utime, stime (all threads), cutime, cstime (children that were waited for)
    resident_pages: int


def usage(pid: int) -> Usage:
    """What the process and its descendants have used. Raises ProcessLookupError when it is gone."""
    stats = read_all()
    if pid not in stats:
        raise ProcessLookupError(pid)
    family = [stats[member] for member in descendants(pid, stats)]
    return Usage(
        sum(stat.cpu_ticks for stat in family) / TICKS_PER_SECOND,
        sum(stat.resident_pages for stat in family) * PAGE_BYTES,
    )


def descendants(pid: int, stats: dict[int, Stat]) -> list[int]:
    """The process itself and all that come from it."""
    family = [pid]
    for member in family:  # grows while it is read
        family.extend(child for child, stat in stats.items() if stat.parent == member)
    return family


def read_all() -> dict[int, Stat]:
    stats = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            try:
                stats[int(folder.name)] = parse((folder / "stat").read_text())
            except (FileNotFoundError, ProcessLookupError):
                continue  # it ended while we were reading
    return stats


def parse(text: str) -> Stat:
    """One line of /proc/PID/stat. The name may hold spaces and brackets, so count from the last bracket."""
    fields = text.rpartition(")")[2].split()
    return Stat(int(fields[1]), sum(map(int, fields[11:15])), int(fields[21]))
