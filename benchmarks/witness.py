"""Clients that say numbered things, and remember what they were told: what a crash is judged by.

What belongs here: speaking with `echo-message` and labels until the server dies, and reading history
afterwards over the wire. What must not: the server's own code, which is what is doubted here, and the verdict
(`crash.py`).
"""

from __future__ import annotations

import random
import select
import socket
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.clients import all_with
from benchmarks.crowd import RESET_AT_CLOSE, Address, Crowd, LoadError, Patience

CAPABILITIES = "echo-message labeled-response batch message-tags"
READER_CAPABILITIES = "draft/chathistory batch server-time message-tags"
WINDOW = 40  # messages of one client that wait for their echo
BURST = 8  # at most so many in one write
PAGE = 500  # messages of one CHATHISTORY
READ_BYTES = 65_536
ANSWER_SECONDS = 20.0


@dataclass(frozen=True)
class Heard:
    """One PRIVMSG as it came: what the crash test needs of it."""

    tags: dict[str, str]
    target: str
    text: str


@dataclass
class Memory:
    """What one round's clients said and were told. Texts are unique over all rounds."""

    said: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)  # came back as the echo of their label
    heard: set[str] = field(default_factory=set)  # reached somebody else
    rooms: dict[str, set[str]] = field(
        default_factory=dict
    )  # room: what of it was acknowledged or heard there

    @property
    def told(self) -> set[str]:
        """What somebody was told by the server, and must therefore be stored."""
        return self.acknowledged | self.heard


class Witnesses:
    """Clients in pairs of rooms that talk without a pause, to their room and to each other in private."""

    def __init__(self, address: Address, round_number: int, rooms: Sequence[str], size: int) -> None:
        self.memory = Memory(rooms={room: set() for room in rooms})
        self._round = round_number
        self._crowd = Crowd(address, prefix=f"w{round_number}x")
        self._crowd.arrive([rooms[index % len(rooms)] for index in range(size)], size, all_with(CAPABILITIES))
        self._room = [rooms[index % len(rooms)] for index in range(size)]
        self._partial = [b""] * size
        self._waiting: list[set[str]] = [set() for _ in range(size)]
        self._numbers: Counter[int] = Counter()

    def talk_until_death(self, chance: random.Random, begun: Callable[[], object]) -> Memory:
        """Speak and listen until the server has gone from every connection. What was told until then.

        `begun` is called when the first of it has been told.
        """
        members, poll, patience = self._crowd.members, select.epoll(), Patience()
        alive, announced = {member.fileno(): index for index, member in enumerate(members)}, False
        for number in alive:
            poll.register(number, select.EPOLLIN)
        while alive:
            for index in alive.values():
                self._speak(index, chance)
            ready = poll.poll(1.0)
            patience.saw(len(ready), "the server lives and says nothing")
            for number, _ in ready:
                if not self._listen(alive[number]):
                    poll.unregister(number)
                    del alive[number]
            if self.memory.told and not announced:
                begun()
                announced = True
        poll.close()
        self._crowd.close()
        return self.memory

    def _speak(self, index: int, chance: random.Random) -> None:
        room_left = WINDOW - len(self._waiting[index])
        lines = [self._line(index, chance) for _ in range(min(room_left, chance.randint(1, BURST)))]
        try:
            self._crowd.members[index].send("".join(lines).encode())
        except OSError:
            return  # dead or full; whichever it is, listening will tell

    def _line(self, index: int, chance: random.Random) -> str:
        self._numbers[index] += 1
        text = f"{self._round} {index} {self._numbers[index]}"
        other = f"{self._crowd.prefix}{(index + 1) % len(self._room)}"
        target = chance.choice([self._room[index], other])
        self.memory.said.add(text)
        self._waiting[index].add(text)
        return f"@label={text.replace(' ', '-')} PRIVMSG {target} :{text}\r\n"

    def _listen(self, index: int) -> bool:
        """Note what came; False when the connection is at its end."""
        try:
            data = self._crowd.members[index].recv(READ_BYTES)
        except OSError:
            return False
        *lines, self._partial[index] = (self._partial[index] + data).split(b"\r\n")
        for line in lines:
            if message := parsed(line.decode()):
                self._note(index, message)
        return bool(data)

    def _note(self, index: int, message: Heard) -> None:
        label = message.tags.get("label")
        if label is None:
            self.memory.heard.add(message.text)
        elif label.replace("-", " ") != message.text:
            raise LoadError(f"the echo of {label} says {message.text!r}")
        else:
            self.memory.acknowledged.add(message.text)
            self._waiting[index].discard(message.text)
        if message.target in self.memory.rooms:
            self.memory.rooms[message.target].add(message.text)


def parsed(line: str) -> Heard | None:
    """A PRIVMSG of somebody; None for anything else. Only as much of the protocol as is needed here."""
    tags, rest = "", line
    if line.startswith("@"):
        tags, _, rest = line[1:].partition(" ")
    parts = rest.split(" ", 3)
    if len(parts) < 4 or parts[1] != "PRIVMSG":
        return None
    pairs = (tag.partition("=") for tag in tags.split(";") if tag)
    return Heard({key: value for key, _, value in pairs}, parts[2], parts[3].removeprefix(":"))


class Reader:
    """One client that asks for history. Used as a context."""

    def __init__(self, address: Address, nick: str) -> None:
        self._socket = socket.create_connection(address, ANSWER_SECONDS)
        self._file = self._socket.makefile("rb")
        self._say(f"CAP REQ :{READER_CAPABILITIES}", f"NICK {nick}", "USER u 0 * :r", "CAP END")
        self._wait_for(" 001 ")

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
        self._file.close()
        self._socket.close()

    def history(self, room: str) -> list[str]:
        """Every text that CHATHISTORY knows of the room, oldest first. Joins it."""
        self._say(f"JOIN {room}")
        self._wait_for(" 366 ")
        texts: list[str] = []
        page = self._page(f"LATEST {room} * {PAGE}")
        while page:
            texts[:0] = [message.text for message in page]
            page = self._page(f"BEFORE {room} msgid={page[0].tags['msgid']} {PAGE}")
        return texts

    def _page(self, question: str) -> list[Heard]:
        self._say(f"CHATHISTORY {question}")
        opening = self._wait_for(" BATCH +")
        reference = opening.partition(" BATCH +")[2].partition(" ")[0]
        messages: list[Heard] = []
        while f" BATCH -{reference}" not in (line := self._line()):
            message = parsed(line)
            if message and message.tags.get("batch") == reference:
                messages.append(message)
        return messages

    def _wait_for(self, word: str) -> str:
        while word not in (line := self._line()):
            pass
        return line

    def _line(self) -> str:
        """The next line. Raises LoadError for a refusal, TimeoutError for silence."""
        line = self._file.readline().decode().rstrip("\r\n")
        if not line or line.startswith(("ERROR", "FAIL")) or " FAIL " in line[:80]:
            raise LoadError(f"the history could not be read: {line!r}")
        if line.startswith("PING"):
            self._say("PONG" + line[4:])
        return line

    def _say(self, *lines: str) -> None:
        self._socket.sendall("".join(f"{line}\r\n" for line in lines).encode())
