"""A simulated client: it remembers what it did, answers PINGs, and sometimes stops doing either.

What belongs here: one client's state and its pen (`send`). What must not: what it may want to say
(`repertoire`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from tertulia.protocol import capabilities as cap
from tests.simulation.ear import Ear
from tests.simulation.link import Link

if TYPE_CHECKING:
    from tests.simulation.world import World

SYLLABLES = (
    "hola", "sí", "qué", "año", "end.", "fin!", "¿eh?", "👩‍👩‍👧", "漢字", "e\u0301", "x", "…", "(a)", "»",
    ":",
    ";",
    "largo-" * 6, "\x02b\x02", "\x0304rojo", "tab\tuno",
)  # fmt: skip


@dataclass
class OpenStream:
    reference: str
    target: str
    unit: int
    pieces: int = 0


@dataclass
class Member:
    """The client end of a link."""

    world: World
    link: Link
    ear: Ear
    rng: Random
    trusted: bool
    nick: str
    capabilities: int = 0  # as they will be when what was sent has been carried out
    gone: bool = False  # half-open: it neither reads nor answers nor speaks
    slow: bool = False  # it speaks, and does not read
    negotiates: bool = False  # it has not said CAP END yet
    streams: list[OpenStream] = field(default_factory=list)

    def send(self, *lines: str) -> None:
        for line in lines:
            self.world.note(f"{self.link.number}> {line}")
            self.link.outgoing += line.encode() + b"\r\n"

    def send_raw(self, data: bytes) -> None:
        self.world.note(f"{self.link.number}> {data[:100]!r}")
        self.link.outgoing += data

    def read(self) -> None:
        """Take what the server has written; answer its PINGs."""
        if self.gone or self.slow:
            return
        self.link.unread = 0
        pings, self.ear.pings = self.ear.pings, []
        for token in pings:
            self.send(f"PONG :{token}")

    def has(self, bit: int) -> bool:
        return bool(self.capabilities & bit)

    def tagged(self, line: str, *tags: str) -> str:
        """The line with these tags, and sometimes with a label."""
        every = list(tags)
        if self.has(cap.LABELED_RESPONSE) and self.rng.random() < 0.4:
            every.append(f"label=L{self.world.number()}")
        return f"@{';'.join(every)} {line}" if every else line

    def words(self, unit: int, most: int = 8) -> str:
        """Text in which every word carries the unit's number, at the most about 420 bytes."""
        words = [f"u{unit}.{self.rng.choice(SYLLABLES)}" for _ in range(self.rng.randint(1, most))]
        if self.rng.random() < 0.05:
            words.append(f"u{unit}." * self.rng.randint(20, 40))
        text = (" " if self.rng.random() < 0.9 else "  ").join(words)
        return text.encode()[:420].decode(errors="ignore")
