"""Many connections of one process: they arrive, and then they are listened to.

What belongs here: sockets and counting. What must not: what is said and why (`talk.py`), or any reading of
lines once a connection has arrived: the generator must stay cheaper than the server it measures.

What is counted is one byte, `MARK`. Every message carries it once and no server says it by itself, so it
counts deliveries and nothing else, wherever the stream happens to be cut, at the speed of `memchr`.
"""

from __future__ import annotations

import select
import socket
import struct
import time
from collections.abc import Callable, Iterator, Sequence

from benchmarks.clients import PLAIN, Clients

MARK = b"|"
READ_BYTES = 256 * 1024  # more than one member of one room has waiting
PATIENCE_SECONDS = 30.0  # without any progress for this long, something was lost
WELCOME, LOGGED_IN, JOINED = b" 001 ", b"REGISTER SUCCESS ", b" 366 "  # what a member waits for on its way
TAIL_BYTES = 16  # what of a read must be kept to find these over a cut
RESET_AT_CLOSE = struct.pack("ii", 1, 0)  # no TIME_WAIT: ten thousand clients would use up the local ports

Address = tuple[str, int]


class LoadError(Exception):
    """The work could not be done in full: a message missing, a connection cut, no answer."""


class Crowd:
    """Connections in the order in which they were asked for. Close it, or use it as a context."""

    def __init__(self, address: Address, prefix: str = "m") -> None:
        self.address = address
        self.prefix = prefix
        self.members: list[socket.socket] = []
        self.buffer = bytearray(READ_BYTES)
        self._epoll = select.epoll()
        self._receive: dict[int, Callable[[bytearray], int]] = {}

    def __enter__(self) -> Crowd:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for member in self.members:
            member.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
            member.close()
        self._epoll.close()

    # --- Arriving -----------------------------------------------------------------------------------------

    def arrive(self, rooms: Sequence[str], in_flight: int, clients: Clients = PLAIN) -> float:
        """Connect, register and join, one member for each of `rooms` ("": none), at most `in_flight` at once.
        Returns the seconds that took. `clients`: who negotiates what and logs in, by number.

        What others say meanwhile stays in the sockets until `attend`: it is not the work that is measured.
        """
        started = time.perf_counter()
        arrivals = Arrivals(self, rooms, clients)
        try:
            arrivals.run(in_flight)
        finally:
            arrivals.epoll.close()
        return time.perf_counter() - started

    def attend(self) -> None:
        """Listen to everybody who has arrived, and read until all that was said so far is read."""
        for member in self.members:
            if member.fileno() not in self._receive:
                self._epoll.register(member.fileno(), select.EPOLLIN)
                self._receive[member.fileno()] = member.recv_into
        for index in range(len(self.members)):
            self.send(index, b"PING :" + MARK + b"\r\n")
        self.count(len(self.members))

    # --- Talking and listening ----------------------------------------------------------------------------

    def send(self, index: int, data: bytes) -> None:
        """One write. The load is bounded so that it always fits the socket's own buffer."""
        if self.members[index].send(data) != len(data):
            raise LoadError(f"member {index} could not write: the server has stopped reading")

    def received(self, timeout_seconds: float = PATIENCE_SECONDS) -> int:
        """How many messages have come, after one look at all sockets that have something to say."""
        buffer, receive, total = self.buffer, self._receive, 0
        for number, _ in self._epoll.poll(timeout_seconds):
            size = receive[number](buffer)
            if not size:
                raise LoadError("the server closed a connection")
            total += buffer.count(MARK, 0, size)
        return total

    def count(self, expected: int) -> None:
        """Read until this many messages have come. Raises LoadError when fewer do, or more."""
        total, patience = 0, Patience()
        while total < expected:
            news = self.received(1.0)
            total += news
            patience.saw(news, f"{total} of {expected} messages came")
        if total > expected:
            raise LoadError(f"{total} messages came where {expected} were expected")

    def chunks(self, timeout_seconds: float) -> Iterator[tuple[int, bytes]]:
        """What each ready socket has to say, with its number. For the cases that must read."""
        # epoll counts in milliseconds; select on the epoll itself counts in microseconds.
        if timeout_seconds > 0:
            select.select([self._epoll], [], [], timeout_seconds)
        buffer, receive = self.buffer, self._receive
        for number, _ in self._epoll.poll(0):
            size = receive[number](buffer)
            if not size:
                raise LoadError("the server closed a connection")
            yield number, bytes(buffer[:size])


class Arrivals:
    """The way from a connection to a member of a room, for many at once, a bounded number at a time."""

    def __init__(self, crowd: Crowd, rooms: Sequence[str], clients: Clients) -> None:
        self.crowd = crowd
        self.rooms = rooms
        self.clients = clients
        self.first = len(crowd.members)
        self.epoll = select.epoll()
        self.awaited: dict[int, tuple[int, bytes]] = {}  # socket number: member, what it waits for
        self.tails: dict[int, bytes] = {}

    def run(self, in_flight: int) -> None:
        patience, opened = Patience(), 0
        while opened < len(self.rooms) or self.awaited:
            while opened < len(self.rooms) and len(self.awaited) < in_flight:
                self.open()
                opened += 1
            ready = self.epoll.poll(1.0)
            patience.saw(len(ready), f"{opened - len(self.awaited)} of {len(self.rooms)} arrived")
            for number, _ in ready:
                self.step(number)

    def open(self) -> None:
        member = socket.socket()
        self.crowd.members.append(member)
        member.setblocking(False)
        member.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        member.connect_ex(self.crowd.address)
        self.awaited[member.fileno()] = (len(self.crowd.members) - 1, b"")
        self.epoll.register(member.fileno(), select.EPOLLOUT)

    def step(self, number: int) -> None:
        index, word = self.awaited[number]
        if not word:
            self.greet(number, index)
            return
        data = self.tails.get(number, b"") + self.read(index)
        if word in data:
            self.reached(number, index, word)
        else:
            self.tails[number] = data[-TAIL_BYTES:]

    def greet(self, number: int, index: int) -> None:
        member = self.crowd.members[index]
        if problem := member.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise LoadError(f"connection {index}: error {problem}")
        hello = self.clients[index].hello
        end = "CAP END\r\n" if hello else ""
        self.crowd.send(index, f"{hello}NICK {self.crowd.prefix}{index}\r\nUSER u 0 * :r\r\n{end}".encode())
        self.epoll.modify(number, select.EPOLLIN)
        self.awaited[number] = (index, WELCOME)

    def reached(self, number: int, index: int, word: bytes) -> None:
        """Welcome: log in, or join. Logged in: join. Joined, or with no room to join: arrived."""
        room = self.rooms[index - self.first]
        self.tails.pop(number, None)
        if word == WELCOME and self.clients[index].account:
            self.crowd.send(index, self.clients[index].log_in.encode())
            self.awaited[number] = (index, LOGGED_IN)
        elif word != JOINED and room:
            self.crowd.send(index, f"JOIN {room}\r\n".encode())
            self.awaited[number] = (index, JOINED)
        else:
            self.epoll.unregister(number)
            del self.awaited[number]

    def read(self, index: int) -> bytes:
        try:
            data = self.crowd.members[index].recv(READ_BYTES)
        except ConnectionError as error:
            raise LoadError(f"connection {index}: {error}") from error
        if not data:
            raise LoadError(f"connection {index} was closed by the server")
        if data.startswith(b"ERROR") or b"\nERROR" in data or b" NAK :" in data or b" FAIL REGISTER " in data:
            raise LoadError(f"connection {index}: {data.decode(errors='replace').strip()}")
        if b"PING" in data:  # some servers want to be answered before they register anybody
            for line in data.split(b"\r\n"):
                if line.startswith(b"PING"):
                    self.crowd.send(index, b"PONG" + line[4:] + b"\r\n")
        return data


class Patience:
    """Runs out when nothing happens for PATIENCE_SECONDS."""

    def __init__(self) -> None:
        self.last = time.monotonic()

    def saw(self, news: int, situation: str) -> None:
        now = time.monotonic()
        if news:
            self.last = now
        elif now - self.last > PATIENCE_SECONDS:
            raise LoadError(f"nothing for {PATIENCE_SECONDS:.0f} s: {situation}")
