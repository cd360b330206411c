"""The crash test: the server dies by `kill -9` under load, again and again, and forgets nothing it told.

What belongs here: the rounds, the verdict, the command line. What must not: how clients speak (`witness.py`).

    python -m benchmarks.crash --rounds 50 --seed 1

Judged by what the clients saw: every message whose echo came back, and every message that reached another
member, must afterwards be in the history as CHATHISTORY gives it (rooms) and in the database (rooms and
private talk), once, and in the order in which its sender said it. All rounds use one database, which is
checked as a whole at the end.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer

from benchmarks.crowd import LoadError
from benchmarks.peers import SERVERS, Tertulia
from benchmarks.server import raise_file_limit
from benchmarks.witness import Memory, Reader, Witnesses

CLIENTS = 8
ROOMS_PER_ROUND = 2
LATEST_DEATH_SECONDS = 0.8  # after the talk has begun


@dataclass
class Tally:
    """What the rounds gave. `faults` says in words what was wrong; empty is what one hopes for."""

    rounds: int = 0
    said: int = 0
    acknowledged: int = 0
    heard: int = 0
    lost: set[str] = field(default_factory=set)  # missing in any of the places
    told: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def add(self, memory: Memory) -> None:
        self.rounds += 1
        self.said += len(memory.said)
        self.acknowledged += len(memory.acknowledged)
        self.heard += len(memory.heard)
        self.told |= memory.told

    def judge(self, told: set[str], found: Sequence[str], where: str) -> None:
        """Compare what was told with what is there."""
        missing = told.difference(found)
        self.lost |= missing
        if missing:
            self.faults.append(f"{where}: {len(missing)} of {len(told)} lost, as {min(missing)!r}")
        if len(found) != len(set(found)):
            self.faults.append(f"{where}: {len(found) - len(set(found))} stored twice")
        if strays := [text for text in disordered(found) if text]:
            self.faults.append(f"{where}: out of order, as {strays[0]!r}")

    def __str__(self) -> str:
        counts = (
            f"{self.rounds} rounds, {self.said:,} messages said, {self.acknowledged:,} acknowledged, "
            f"{self.heard:,} heard by others, {len(self.lost):,} lost"
        )
        return "\n".join([counts, *self.faults])


def disordered(texts: Iterable[str]) -> list[str]:
    """The texts whose number is not above that of the same sender's text before it. "round sender number"."""
    last: dict[str, int] = {}
    strays = []
    for text in texts:
        sender, _, number = text.rpartition(" ")
        if int(number) <= last.get(sender, 0):
            strays.append(text)
        last[sender] = int(number)
    return strays


def run(rounds: int, seed: int, folder: Path, durability: str = "full") -> Tally:
    """Kill and compare, `rounds` times, with one database in `folder`. Raises LoadError, ServerError."""
    chance, tally = random.Random(seed), Tally()
    server = SERVERS[f"tertulia-{durability}"](folder)
    assert isinstance(server, Tertulia)
    server.start()
    try:
        for number in range(1, rounds + 1):
            one_round(server, number, chance, tally)
        tally.judge(tally.told, stored(server), "all rounds, database")
    finally:
        server.stop()
    return tally


def one_round(server: Tertulia, number: int, chance: random.Random, tally: Tally) -> None:
    """Talk, die, come back, compare. The server runs before and after."""
    rooms = [f"#crash-{number}-{index}" for index in range(ROOMS_PER_ROUND)]
    witnesses = Witnesses(server.address, number, rooms, CLIENTS)
    death = Timer(chance.uniform(0.0, LATEST_DEATH_SECONDS), server.kill)  # from outside of what we do
    try:
        memory = witnesses.talk_until_death(chance, begun=death.start)
    finally:
        death.cancel()
        if death.is_alive():
            death.join()
    server.start()
    tally.add(memory)
    with Reader(server.address, f"reader{number}") as reader:
        for room, told in memory.rooms.items():
            tally.judge(told, reader.history(room), f"round {number}, history of {room}")
    prefix = f"{number} "
    ours = [text for text in stored(server) if text.startswith(prefix)]
    tally.judge(memory.told, ours, f"round {number}, database")


def stored(server: Tertulia) -> list[str]:
    """Every text in the database, in the order of the log, read as any other program would."""
    connection = sqlite3.connect(f"file:{server.database}?mode=ro", uri=True)
    try:
        return [text for (text,) in connection.execute("SELECT text FROM messages ORDER BY id")]
    finally:
        connection.close()


def main(arguments: Sequence[str] | None = None) -> int:
    command = argparse.ArgumentParser(
        prog="python -m benchmarks.crash", description=__doc__.partition("\n")[0]
    )
    command.add_argument("--rounds", type=int, default=20, help="how often the server dies (20)")
    command.add_argument(
        "--seed", type=int, default=1, help="of the moments of death and of what is said (1)"
    )
    command.add_argument("--durability", choices=("full", "normal"), default="full")
    options = command.parse_args(arguments)
    raise_file_limit()
    with tempfile.TemporaryDirectory(prefix="crash-") as folder:
        try:
            tally = run(options.rounds, options.seed, Path(folder), options.durability)
        except LoadError as error:
            print(f"the test itself could not go on: {error}", file=sys.stderr)
            return 2
    print(f"seed {options.seed}: {tally}")
    return 1 if tally.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
