"""What the crowd says: as fast as it is heard, or paced; and what that took.

What belongs here: the two loops and their measure. What must not: which rooms there are (`cases.py`).
"""

from __future__ import annotations

import gc
import time
from array import array
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.clients import PLAIN, Clients
from benchmarks.crowd import MARK, Crowd, LoadError, Patience

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.server import Server

BODY = "the talk of the room goes on as it does on any evening"  # a line of about 90 bytes with nick and room
STAMP_DIGITS = 19  # of perf_counter_ns


@dataclass
class Window:
    """What a stretch of work took: filled when `measured` ends."""

    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0  # of the server
    resident_bytes: int = 0  # of the server, at the end
    generator_seconds: float = 0.0  # processor time of this process

    @property
    def generator_share(self) -> float:
        return self.generator_seconds / self.wall_seconds if self.wall_seconds else 0.0


@contextmanager
def measured(server: Server) -> Iterator[Window]:
    """Measure what happens inside. The collector of this process is kept out of it."""
    window = Window()
    gc.collect()
    gc.disable()
    before, own, started = server.usage(), time.process_time(), time.perf_counter()
    try:
        yield window
    finally:
        window.wall_seconds = time.perf_counter() - started
        window.generator_seconds = time.process_time() - own
        gc.enable()
    after = server.usage()
    window.cpu_seconds = after.cpu_seconds - before.cpu_seconds
    window.resident_bytes = after.resident_bytes


@dataclass(frozen=True)
class Burst:
    """What one turn of the talk writes, and how many deliveries that makes."""

    writes: Sequence[tuple[int, bytes]]  # member, whole lines
    deliveries: int


def lines(room: str, count: int, labelled: bool = False) -> bytes:
    """`labelled`: each with a label of its own."""
    line = f"PRIVMSG {room} :{MARK.decode()} {BODY}\r\n"
    return "".join([f"@label=t{number} {line}" if labelled else line for number in range(count)]).encode()


def talk(
    crowd: Crowd,
    burst: Burst,
    seconds: float,
    turns_in_flight: int = 1,
    clock: Callable[[], float] = time.perf_counter,
) -> int:
    """Say the burst again and again for this long, a bounded number of turns ahead of what has been heard.

    Returns the deliveries, every one of them counted. Raises LoadError when some are missing.
    """
    expected = heard = 0
    open_turns: deque[int] = deque()
    patience = Patience()
    end = clock() + seconds
    while True:
        while len(open_turns) < turns_in_flight and clock() < end:
            for index, data in burst.writes:
                crowd.send(index, data)
            expected += burst.deliveries
            open_turns.append(expected)
        if not open_turns:
            return verified(expected, heard)
        news = crowd.received(1.0)
        heard += news
        patience.saw(news, f"{heard} of {expected} messages came")
        while open_turns and heard >= open_turns[0]:
            open_turns.popleft()


def verified(expected: int, heard: int) -> int:
    if heard != expected:
        raise LoadError(f"{heard} messages came where {expected} were expected")
    return heard


@dataclass
class Pace:
    """Messages at a fixed rate, evenly spread over the speakers, each stamped with when it was written."""

    speakers: Sequence[tuple[int, str]]  # member, room
    listeners: int  # deliveries of each message, its echo not counted
    per_second: float
    clients: Clients = PLAIN
    latencies_ns: array[int] = field(default_factory=lambda: array("q"))

    def run(self, crowd: Crowd, seconds: float, clock: Callable[[], int] = time.perf_counter_ns) -> None:
        """Say, and hear, and note what each delivery took. Raises LoadError when some are missing."""
        total, said = int(self.per_second * seconds), 0
        gap_ns = int(1e9 / self.per_second)
        expected = sum(self._heard(number) for number in range(total))
        start, patience, reader = clock(), Patience(), StampReader()
        while said < total or len(self.latencies_ns) < expected:
            while said < total and clock() >= start + said * gap_ns:
                self._say(crowd, said, clock())
                said += 1
            wait = (start + said * gap_ns - clock()) / 1e9 if said < total else 0.1
            before = len(self.latencies_ns)
            for number, data in crowd.chunks(min(max(wait, 0.0), 0.1)):
                now = clock()
                self.latencies_ns.extend([now - stamp for stamp in reader.stamps(number, data)])
            patience.saw(len(self.latencies_ns) - before + (said < total), f"{len(self.latencies_ns)} came")
        verified(expected, len(self.latencies_ns))

    def _heard(self, number: int) -> int:
        """How often the message of this number arrives."""
        index, _ = self.speakers[number % len(self.speakers)]
        return self.listeners + self.clients[index].echoes

    def _say(self, crowd: Crowd, number: int, stamp: int) -> None:
        index, room = self.speakers[number % len(self.speakers)]
        label = b"@label=t%d " % number if self.clients[index].labels else b""
        text = b"%b%0*d %b" % (MARK, STAMP_DIGITS, stamp, BODY.encode())
        crowd.send(index, b"%bPRIVMSG %b :%b\r\n" % (label, room.encode(), text))


class StampReader:
    """Finds the stamps in what arrives, also over a cut."""

    def __init__(self) -> None:
        self._tails: dict[int, bytes] = {}

    def stamps(self, number: int, data: bytes) -> list[int]:
        """The stamps that are whole by now in what this socket said."""
        pieces = (self._tails.pop(number, b"") + data).split(MARK)
        last = pieces[-1]
        if len(pieces) > 1 and len(last) < STAMP_DIGITS:
            self._tails[number] = MARK + pieces.pop()
        return [int(piece[:STAMP_DIGITS]) for piece in pieces[1:]]


def percentile(values: Sequence[int], share: float) -> float:
    """The value below which this share of the sorted values lies; nearest rank."""
    return values[min(len(values) - 1, int(len(values) * share))]
