"""The work that is measured: one function a case, and the table of them.

What belongs here: rooms, members, what they do, which numbers come of it. What must not: sockets
(`crowd.py`) and the telling (`report.py`). Every case is given a server that has just started and returns
the numbers of one round.
"""

from __future__ import annotations

import select
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from benchmarks.clients import PLAIN, Clients
from benchmarks.crowd import Crowd, LoadError
from benchmarks.peers import OURS, Tertulia
from benchmarks.server import Server
from benchmarks.talk import BODY, Burst, Pace, Window, lines, measured, percentile, talk

KIB = 1024.0
Numbers = dict[str, float]


@dataclass(frozen=True)
class Scale:
    """How much of everything, and who comes. The quick one is for trying, not for telling."""

    seconds: float = 4.0  # of talk, and of pace
    arrivals: int = 5_000
    held: int = 9_000
    idle_seconds: float = 10.0
    clients: Clients = PLAIN


QUICK = Scale(seconds=1.0, arrivals=500, held=1_000, idle_seconds=2.0)


@dataclass(frozen=True)
class Column:
    """One number of a case: its key, what stands over it, how it is written, which way is better."""

    key: str
    heading: str
    format: str = "{:,.0f}"
    scale: float = 1.0
    more_is_better: bool = True


@dataclass(frozen=True)
class Case:
    name: str
    title: str
    run: Callable[[Server, Scale], Numbers]
    columns: tuple[Column, ...]  # the first decides: ratios are of it
    only: tuple[str, ...] = ()  # the servers that can do this; empty: all
    compared: bool = True  # ratios mean something; those of next to nothing do not


# --- Talk as fast as it is heard --------------------------------------------------------------------------


def talking(
    server: Server, scale: Scale, *, rooms: int, size: int, talkers: int, burst: int, ahead: int
) -> Numbers:
    """`rooms` rooms of `size` members, the first `talkers` of each saying bursts of `burst` lines."""
    who = scale.clients
    with Crowd(server.address) as crowd:
        crowd.arrive([f"#r{index // size}" for index in range(rooms * size)], server.arrivals_in_flight, who)
        crowd.attend()
        speakers = [index for index in range(rooms * size) if index % size < talkers]
        turn = Burst(
            [(index, lines(f"#r{index // size}", burst, who[index].labels)) for index in speakers],
            sum(burst * (size - 1 + who[index].echoes) for index in speakers),
        )
        talk(crowd, turn, 0.0 if scale.seconds == 0 else scale.seconds / 8, ahead)  # until all is warm
        with measured(server) as window:
            deliveries = talk(crowd, turn, scale.seconds, ahead)
    return talked(window, deliveries)


def talked(window: Window, deliveries: int) -> Numbers:
    return {
        "deliveries": deliveries,
        "per_cpu_second": deliveries / max(window.cpu_seconds, 0.01),
        "per_second": deliveries / window.wall_seconds,
        "cpu_us": window.cpu_seconds / deliveries * 1e6,
        "generator": window.generator_share,
    }


# --- Talk at a pace ---------------------------------------------------------------------------------------


def paced(
    server: Server, scale: Scale, *, rooms: int = 10, size: int = 10, per_second: float = 2_000
) -> Numbers:
    """One speaker in each room; what every delivery took from its writing to its reading."""
    who = scale.clients
    with Crowd(server.address) as crowd:
        crowd.arrive([f"#r{index // size}" for index in range(rooms * size)], server.arrivals_in_flight, who)
        crowd.attend()
        speakers = [(room * size, f"#r{room}") for room in range(rooms)]
        Pace(speakers, size - 1, per_second, who).run(crowd, scale.seconds / 4)  # until all is warm
        pace = Pace(speakers, size - 1, per_second, who)
        with measured(server) as window:
            pace.run(crowd, scale.seconds)
    latencies = sorted(pace.latencies_ns)
    return {
        "deliveries": len(latencies),
        "median_ms": percentile(latencies, 0.5) / 1e6,
        "p99_ms": percentile(latencies, 0.99) / 1e6,
        "worst_ms": latencies[-1] / 1e6,
        "cpu_share": window.cpu_seconds / window.wall_seconds,
        "generator": window.generator_share,
    }


# --- Connections ------------------------------------------------------------------------------------------


def connecting(server: Server, scale: Scale, *, size: int = 10) -> Numbers:
    """Connect, register, join a room of `size`; then what each connection keeps resident."""
    who = scale.clients.without_accounts()  # hashing their passwords is another matter
    empty = server.usage().resident_bytes
    with Crowd(server.address) as crowd:
        with measured(server) as window:
            seconds = crowd.arrive(
                [f"#r{index // size}" for index in range(scale.arrivals)], server.arrivals_in_flight, who
            )
        crowd.attend()
        resident = server.usage().resident_bytes
    return {
        "per_second": scale.arrivals / seconds,
        "per_cpu_second": scale.arrivals / max(window.cpu_seconds, 0.01),
        "kib_each": (resident - empty) / scale.arrivals / KIB,
        "generator": window.generator_share,
    }


def held(server: Server, scale: Scale, *, rooms: int = 100) -> Numbers:
    """Everybody connected and in a room, nobody speaking."""
    who = scale.clients.without_accounts()
    empty = server.usage().resident_bytes
    with Crowd(server.address) as crowd:
        crowd.arrive([f"#r{index % rooms}" for index in range(scale.held)], server.arrivals_in_flight, who)
        crowd.attend()
        with measured(server) as window:
            wait_idle(scale.idle_seconds)
        crowd.attend()  # all of them still there, and answered
    return {
        "cpu_share": window.cpu_seconds / window.wall_seconds,
        "resident_mib": window.resident_bytes / KIB / KIB,
        "kib_each": (window.resident_bytes - empty) / scale.held / KIB,
        "connections": scale.held,
    }


def wait_idle(seconds: float) -> None:
    select.select([], [], [], seconds)


# --- The store --------------------------------------------------------------------------------------------


def stored(server: Server, scale: Scale, *, speakers: int = 50, burst: int = 20, ahead: int = 4) -> Numbers:
    """Everybody alone in a room with `echo-message`: an echo says that the message is stored. Then count."""
    assert isinstance(server, Tertulia)
    who = scale.clients.also("echo-message")
    with Crowd(server.address) as crowd:
        crowd.arrive([f"#r{index}" for index in range(speakers)], server.arrivals_in_flight, who)
        crowd.attend()
        said = [(index, lines(f"#r{index}", burst, who[index].labels)) for index in range(speakers)]
        turn = Burst(said, speakers * burst)
        with measured(server) as window:
            echoed = talk(crowd, turn, scale.seconds, ahead)
    kept = count_stored(server)
    if kept != echoed:
        raise LoadError(f"{echoed} messages acknowledged, {kept} in the store")
    return {
        "per_second": echoed / window.wall_seconds,
        "per_cpu_second": echoed / max(window.cpu_seconds, 0.01),
        "cpu_us": window.cpu_seconds / echoed * 1e6,
        "stored": kept,
        "generator": window.generator_share,
    }


def count_stored(server: Tertulia) -> int:
    """What the database itself says, read as any other program would."""
    connection = sqlite3.connect(f"file:{server.database}?mode=ro", uri=True)
    try:
        query = "SELECT count(*) FROM messages WHERE text LIKE ?"
        (count,) = connection.execute(query, (f"%{BODY}",)).fetchone()
        return int(count)
    finally:
        connection.close()


# --- The table --------------------------------------------------------------------------------------------

GENERATOR = Column("generator", "generator's CPU", "{:.0f} %", 100.0, more_is_better=False)
TALKED = (
    Column("per_cpu_second", "deliveries per second of CPU"),
    Column("per_second", "deliveries per second"),
    Column("cpu_us", "CPU per delivery, µs", "{:.3f}", more_is_better=False),
    GENERATOR,
)
PACED = (
    Column("median_ms", "median, ms", "{:.3f}", more_is_better=False),
    Column("p99_ms", "99 of 100, ms", "{:.3f}", more_is_better=False),
    Column("worst_ms", "worst, ms", "{:.2f}", more_is_better=False),
    Column("cpu_share", "server's CPU", "{:.0f} %", 100.0, more_is_better=False),
    GENERATOR,
)
CONNECTING = (
    Column("per_second", "connections per second"),
    Column("per_cpu_second", "per second of CPU"),
    Column("kib_each", "KiB resident each", "{:.1f}", more_is_better=False),
    GENERATOR,
)
HELD = (
    Column("cpu_share", "CPU when idle", "{:.2f} %", 100.0, more_is_better=False),
    Column("resident_mib", "MiB resident", "{:.0f}", more_is_better=False),
    Column("kib_each", "KiB resident each", "{:.1f}", more_is_better=False),
    Column("connections", "connections"),
)
STORED = (
    Column("per_second", "stored and acknowledged per second"),
    Column("per_cpu_second", "per second of CPU"),
    Column("cpu_us", "CPU per message, µs", "{:.1f}", more_is_better=False),
    Column("stored", "found in the database"),
    GENERATOR,
)

ONE_ROOM = partial(talking, rooms=1, size=500, talkers=10, burst=20, ahead=1)
MANY_ROOMS = partial(talking, rooms=50, size=10, talkers=10, burst=20, ahead=1)
MANY_LINES = partial(talking, rooms=50, size=10, talkers=10, burst=1, ahead=2)

CASES: dict[str, Case] = {
    case.name: case
    for case in (
        Case("room", "One room of 500, 10 members talking in bursts of 20 lines", ONE_ROOM, TALKED),
        Case("rooms", "50 rooms of 10, all talking in bursts of 20 lines", MANY_ROOMS, TALKED),
        Case("lines", "50 rooms of 10, all talking a line at a time", MANY_LINES, TALKED),
        Case("paced", "2,000 messages a second in 10 rooms of 10, evenly paced", paced, PACED),
        Case("connecting", "Connections that register and join rooms of 10", connecting, CONNECTING),
        Case("held", "Connections held in 100 rooms, nobody speaking", held, HELD, compared=False),
        Case("stored", "Messages stored and echoed, 50 speakers", stored, STORED, only=OURS[:1]),
    )
}
