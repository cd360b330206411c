"""Reading in a long history: CHATHISTORY and SEARCH of a real server, on a database made beforehand.

    python -m benchmarks.history --messages 1000000

What belongs here: making such a history, asking, the times. What must not: servers beside ours, which keep
none. The history is made by the store itself, commit by commit, and indexed step by step, as a server at
leisure does it; how long a step takes is how long others wait for it. Then a server is started on it, and a
client asks: each time is from the writing of the question to the reading of the answer's last line.
"""

from __future__ import annotations

import argparse
import random
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.peers import TertuliaFull
from benchmarks.talk import percentile
from tertulia.cli.world import SystemClock
from tertulia.protocol.history import Message, id_floor
from tertulia.store.sqlite import SqliteStore

START_MS = 1_700_000_000_000
COMMIT = 1_000  # messages in one commit while the history is made
RARE = 10_000  # one message in so many has the word of its stretch: a hundred in a million
VOCABULARY = 30_000  # words of an everyday language; how often each is said falls as it does there (Zipf)
WORDS = 9  # in a message
ROOMS = 5  # one has nine messages in ten
PAGE = 100
Seconds = list[float]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.history", description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=200, help="of each kind (200)")
    parser.add_argument("--folder", type=Path, help="where the database is made")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder) as folder:
        server = TertuliaFull(Path(folder))
        server.data.mkdir()
        for line in make(server.database, options.messages):
            print(line, flush=True)
        with server:
            client = Client(server.address)
            for title, questions in kinds(options.messages, options.questions):
                times = sorted(client.ask(question) for question in questions)
                print(f"{title}: {told(times)}, {client.lines} lines at the last", flush=True)
    return 0


def make(database: Path, count: int) -> Iterator[str]:
    """So many messages in a database, and its index of words; what it took, in words."""
    store = SqliteStore(database, "full", SystemClock())
    commits: Seconds = []
    steps: Seconds = []
    for messages in talk(count):
        before = time.perf_counter()
        store.commit(messages)
        commits.append(time.perf_counter() - before)
    size = database.stat().st_size
    more = True
    while more:
        before = time.perf_counter()
        more = store.tend()
        steps.append(time.perf_counter() - before)
    store.close()
    yield f"{count:,} messages: {sum(commits):.1f} s, {size / 1e6:.0f} MB"
    grown = (database.stat().st_size - size) / 1e6
    yield f"indexed: {sum(steps):.1f} s, {grown:.0f} MB more, a step {told(sorted(steps))}"


def talk(count: int) -> Iterator[list[Message]]:
    """Everyday talk from a seed, a commit at a time. Every hundredth part of it has a word of its own."""
    rng = random.Random(1)
    words = [f"{rng.choice('bcdfglmnprst')}{rng.choice('aeiou')}{number:x}" for number in range(VOCABULARY)]
    weights = [1 / (rank + 1) for rank in range(VOCABULARY)]
    said = rng.choices(words, weights, k=100_000)
    for start in range(0, count, COMMIT):
        messages = []
        for number in range(start, min(start + COMMIT, count)):
            room = "#r0" if number % 10 else f"#r{1 + number // 10 % (ROOMS - 1)}"
            at = rng.randrange(len(said) - WORDS)
            rare = f" rare{number % 100}" if number % RARE < 100 else ""
            nick = f"n{number % 50}"
            messages.append(
                Message(
                    id_floor(START_MS + number), START_MS + number, room, "PRIVMSG", f"{nick}!{nick}@host",
                    room, " ".join(said[at : at + WORDS]) + rare,
                )
            )  # fmt: skip
        yield messages


def kinds(count: int, questions: int) -> list[tuple[str, list[str]]]:
    """Questions of each kind, spread over the history."""
    rng = random.Random(2)
    spots = [f"msgid={id_floor(START_MS + rng.randrange(count)):x}" for _ in range(questions)]
    rare = [f"rare{number % 100}" for number in range(questions)]
    return [
        (f"CHATHISTORY LATEST {PAGE}", [f"CHATHISTORY LATEST #r0 * {PAGE}"] * questions),
        (f"CHATHISTORY BEFORE {PAGE}", [f"CHATHISTORY BEFORE #r0 {spot} {PAGE}" for spot in spots]),
        (f"CHATHISTORY AROUND {PAGE}", [f"CHATHISTORY AROUND #r0 {spot} {PAGE}" for spot in spots]),
        ("SEARCH of a word said a hundred times", [f"SEARCH text={word}" for word in rare]),
        ("the same in one room", [f"SEARCH text={word};in=#r0" for word in rare]),
        ("SEARCH of the commonest word", [f"SEARCH text={commonest()}"] * questions),
        ("SEARCH of the two commonest words", [f"SEARCH text={commonest()}\\s{commonest(1)}"] * questions),
        ("the commonest word by one speaker in a small room",
         [f"SEARCH text={commonest()};in=#r1;from=n10"] * questions),
        ("SEARCH of a word that nobody said", ["SEARCH text=nobody"] * questions),
    ]  # fmt: skip


def commonest(rank: int = 0) -> str:
    rng = random.Random(1)
    words = [f"{rng.choice('bcdfglmnprst')}{rng.choice('aeiou')}{number:x}" for number in range(rank + 1)]
    return words[rank]


class Client:
    """One member of all the rooms, that asks one thing after the other."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._socket = socket.create_connection(address)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.lines = 0
        capabilities = "batch message-tags server-time draft/chathistory soju.im/search"
        rooms = ",".join(f"#r{number}" for number in range(ROOMS))
        hello = f"CAP REQ :{capabilities}\r\nNICK ana\r\nUSER ana 0 * :Ana\r\nCAP END\r\nJOIN {rooms}\r\n"
        self._socket.sendall(f"{hello}PING ready\r\n".encode())
        self._until(b"PONG")

    def ask(self, question: str) -> float:
        """Seconds until the last line of the answer has been read."""
        before = time.perf_counter()
        self._socket.sendall(f"{question}\r\n".encode())
        answer = self._until(b" BATCH -", b" FAIL ")
        took = time.perf_counter() - before
        if b" FAIL " in answer:
            sys.exit(f"{question}: {answer.decode()}")
        self.lines = answer.count(b"\r\n") - 2
        return took

    def _until(self, *ends: bytes) -> bytes:
        heard = b""
        while not (
            heard.endswith(b"\r\n") and any(end in heard[heard[:-2].rfind(b"\n") + 1 :] for end in ends)
        ):
            found = self._socket.recv(262_144)
            if not found:
                sys.exit("the server has gone")
            heard += found
        return heard


def told(times: Seconds) -> str:
    """Sorted seconds in words."""
    return (
        f"median {percentile(times, 0.5) * 1e3:.2f} ms, 99 of 100 {percentile(times, 0.99) * 1e3:.2f} ms, "
        f"worst {times[-1] * 1e3:.2f} ms"
    )


if __name__ == "__main__":
    raise SystemExit(main())
