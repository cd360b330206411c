"""A whole server in one process for tests: clock, chance, loop and wires are the test's own.

`Town` has the hub; `town.join("ana")` gives a registered client; `client.say("PRIVMSG ...")` returns all
that this client hears until its own PING is answered (a fence: no sleeping).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

from tertulia.bus.local import LocalBus
from tertulia.commands.settings import Bounds, ServerSettings
from tertulia.ports import Peer, Receiver, Store
from tertulia.protocol import scram
from tertulia.protocol.history import id_floor
from tertulia.protocol.line import Line, parse
from tertulia.server.hub import Hub
from tertulia.state.network import Network
from tertulia.store.memory import MemoryStore

SCRAM_ITERATIONS = 4096  # RFC 7677: the least; the server's own number is dear
START_MS = 1_790_000_000_000


class FakeClock:
    def __init__(self) -> None:
        self.ms = START_MS

    def now_ms(self) -> int:
        return self.ms

    def monotonic(self) -> float:
        return self.ms / 1000


class CountingIds:
    def __init__(self) -> None:
        self.last = 0
        self.tokens = 0

    def message(self, now_ms: int) -> int:
        self.last = max(self.last + 1, id_floor(now_ms))
        return self.last

    def token(self) -> str:
        self.tokens += 1
        return f"t{self.tokens}"


class ManualScheduler:
    """Callbacks wait until the test runs them."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.ready: list[Callable[[], None]] = []
        self.later: list[tuple[float, int, Callable[[], None]]] = []
        self.count = 0

    def soon(self, callback: Callable[[], None]) -> None:
        self.ready.append(callback)

    def after(self, seconds: float, callback: Callable[[], None]) -> None:
        self.count += 1
        heapq.heappush(self.later, (self.clock.monotonic() + seconds, self.count, callback))

    def run(self) -> None:
        while self.ready:
            self.ready.pop(0)()

    def advance(self, seconds: float) -> None:
        """Move the clock, and run what falls due on the way, in order."""
        end = self.clock.ms + round(seconds * 1000)
        while self.later and round(self.later[0][0] * 1000) <= end:
            due, _, callback = heapq.heappop(self.later)
            self.clock.ms = max(self.clock.ms, round(due * 1000))
            callback()
            self.run()
        self.clock.ms = end


class PlainPasswords:
    """Clear comparison; with `slow`, the answer waits until the test gives it."""

    def __init__(self) -> None:
        self.slow = False
        self.waiting: list[tuple[Any, Any]] = []

    async def verify(self, expected: str, given: str) -> bool:
        if self.slow:
            answer = Answer()
            self.waiting.append((answer, expected == given))
            return bool(await answer)
        return expected == given

    async def keep(self, password: str) -> tuple[str, str]:
        verifier = scram.write(scram.verifier(password, b"salt", SCRAM_ITERATIONS))
        if self.slow:
            answer = Answer()
            self.waiting.append((answer, (password, verifier)))
            found: tuple[str, str] = await answer
            return found
        return password, verifier


class Answer:
    """The least that a handler can wait for."""

    def __init__(self) -> None:
        self.callbacks: list[Callable[[Any], None]] = []
        self.value: Any = None

    def __await__(self) -> Any:
        yield self
        return self.value

    def add_done_callback(self, callback: Callable[[Any], None]) -> None:
        self.callbacks.append(callback)

    def set(self, value: Any) -> None:
        self.value = value
        for callback in self.callbacks:
            callback(self)


class TestWire:
    __test__ = False
    waiting_bytes = 0

    def __init__(self, town: Town, peer: Peer) -> None:
        self.town = town
        self.peer = peer
        self.data = bytearray()
        self.writes = 0
        self.closed = False
        self.receiver: Receiver

    def write(self, data: bytes) -> None:
        assert data.endswith(b"\r\n"), data[-80:]
        assert not self.closed
        self.data += data
        self.writes += 1

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self.receiver.lost("Closed")


LOCAL = Peer("memory", "127.0.0.1", local=True)


class Town:
    def __init__(self, store: Store | None = None, **settings: Any) -> None:
        self.clock = FakeClock()
        self.scheduler = ManualScheduler(self.clock)
        self.store = store if store is not None else MemoryStore()
        self.network = Network()
        self.passwords = PlainPasswords()
        self.log: list[tuple[str, dict[str, Any]]] = []
        settings.setdefault("bounds", Bounds(flood=False))
        self.hub = Hub(
            ServerSettings(**settings),
            network=self.network,
            bus=LocalBus(self.network.apply),
            store=self.store,
            clock=self.clock,
            ids=CountingIds(),
            passwords=self.passwords,
            scheduler=self.scheduler,
            log=self.note,
        )
        self.hub.start()

    def note(self, event: str, **fields: Any) -> None:
        if event == "command_failed":
            raise fields["exc_info"]  # what a server survives, a test does not
        self.log.append((event, fields))

    def connect(self, peer: Peer = LOCAL) -> Client:
        wire = TestWire(self, peer)
        wire.receiver = self.hub.accept(wire)
        return Client(self, wire)

    def join(self, nick: str, *rooms: str, caps: str = "", peer: Peer = LOCAL) -> Client:
        """A registered client in these rooms, with these capabilities, its greetings already read."""
        client = self.connect(peer)
        if caps:
            client.send(f"CAP REQ :{caps}")
        client.send(f"NICK {nick}", f"USER {nick} 0 * :{nick.title()}")
        if caps:
            client.send("CAP END")
        for room in rooms:
            client.send(f"JOIN {room}")
        client.nick = nick
        self.run()
        client.take()
        return client

    def run(self) -> None:
        self.scheduler.run()

    def advance(self, seconds: float) -> None:
        self.run()
        self.scheduler.advance(seconds)
        self.run()


class Client:
    """The other end of a wire, driven by a test."""

    def __init__(self, town: Town, wire: TestWire) -> None:
        self.town = town
        self.wire = wire
        self.nick = "*"

    def send(self, *lines: str) -> None:
        """Into the server's inbox, without a tick."""
        self.wire.receiver.received("".join(f"{line}\r\n" for line in lines).encode())

    def raw(self, data: bytes) -> list[str]:
        self.wire.receiver.received(data)
        self.town.run()
        return self.take()

    def say(self, *lines: str) -> list[str]:
        """Send, let the server work, and give all that this client has heard since it last looked."""
        self.send(*lines)
        self.town.run()
        return self.take()

    def take(self) -> list[str]:
        text = self.wire.data.decode()
        self.wire.data.clear()
        return text.split("\r\n")[:-1]

    def hear(self) -> list[Line]:
        self.town.run()
        return [parse(text) for text in self.take()]


def commands(lines: list[str]) -> list[str]:
    """The commands and numerics of lines, for tests that care for their order."""
    return [parse(line).command for line in lines]
