"""What the numbers were measured on: processor, system, disk, versions.

What belongs here: facts that a reader needs to compare. What must not: names of hosts and users.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import tempfile
import time
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from statistics import median

from benchmarks.server import Server

SYNCS = 50
SYNC_BYTES = 4096


def machine(servers: Iterable[type[Server]], folder: Path) -> dict[str, str]:
    """Everything in the order in which it is told. `folder`: where the servers keep their files."""
    facts = {
        "processor": processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "kernel": f"{platform.system()} {platform.release()}",
        "disk": f"4 KiB written and synced in {sync_us(folder):.0f} µs (median of {SYNCS})",
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "uvloop": installed("uvloop"),
        "SQLite": sqlite3.sqlite_version,
    }
    for server in servers:
        facts[server.name] = f"{server.version()}; keeps {server.keeps}"
    return facts


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def installed(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "not installed"


def sync_us(folder: Path) -> float:
    """What the disk asks for a synced write: without it "durable" is a word."""
    durations = []
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        for _ in range(SYNCS):
            started = time.perf_counter()
            file.write(bytes(SYNC_BYTES))
            os.fdatasync(file.fileno())
            durations.append(time.perf_counter() - started)
    return median(durations) * 1e6
