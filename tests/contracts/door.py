"""What every door must do, as `ports.Wire` and `ports.Receiver` say it. A subclass gives `harness`.

What belongs here: what can be seen from both ends of a connection. What must not: one door's own manners.
The server in these tests says back every line it hears; a harness translates where a door has words of its
own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Protocol

import pytest
import uvloop

from tertulia.limits import SEND_QUEUE_BYTES
from tertulia.ports import Accept, Receiver, Wire
from tertulia.transports import stream, websocket
from tertulia.transports.stream import SEND_QUEUE_EXCEEDED
from tests.support.machine import kernel_bytes

PATIENCE_SECONDS = 60  # a test that waits this long has failed
OTHERS_BYTES = 24 * 1024 * 1024  # what the client's program holds, and this process on its way to the kernel
CHUNK = b"x" * 350 + b"\r\n"


class Conversation:
    """The server's end of one connection: says back whole lines, and remembers how it ended."""

    def __init__(self, wire: Wire, house: House) -> None:
        self.wire = wire
        self.house = house
        self.lines: list[bytes] = []
        self.lost_reasons: list[str] = []
        self.written = 0
        self._partial = b""
        self._in_call = False

    def received(self, data: bytes) -> None:
        assert not self._in_call, "received inside a call of the server's"
        assert not self.lost_reasons, "received after lost"
        *lines, self._partial = (self._partial + data).split(b"\r\n")
        self.lines += lines
        if lines and self.house.echo:
            self.write(b"".join(line + b"\r\n" for line in lines))
        self.house.happened()

    def write(self, data: bytes) -> None:
        self._in_call = True
        self.wire.write(data)
        self._in_call = False
        self.written += len(data)

    def close(self) -> None:
        self._in_call = True
        self.wire.close()
        self._in_call = False

    def lost(self, reason: str) -> None:
        assert not self._in_call, "lost inside a call of the server's"
        self.lost_reasons.append(reason)
        self.house.happened()


class House:
    """A server that is nothing but its conversations."""

    def __init__(self) -> None:
        self.conversations: list[Conversation] = []
        self.echo = True
        self.refuse_with: bytes | None = None  # said to whoever comes, and closed
        self._changed = asyncio.Event()

    def accept(self, wire: Wire) -> Receiver:
        conversation = Conversation(wire, self)
        self.conversations.append(conversation)
        if self.refuse_with is not None:
            conversation.write(self.refuse_with)
            conversation.close()
        self.happened()
        return conversation

    def happened(self) -> None:
        self._changed.set()

    async def wait(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            self._changed.clear()
            await self._changed.wait()

    async def wait_heard(self) -> None:
        await self.wait(lambda: bool(self.conversations) and bool(self.first.lines))

    async def wait_lost(self, count: int = 1) -> None:
        await self.wait(lambda: sum(bool(one.lost_reasons) for one in self.conversations) >= count)

    @property
    def first(self) -> Conversation:
        return self.conversations[0]


class Client(Protocol):
    """A program at the door."""

    async def send(self, data: bytes) -> None: ...
    async def line(self) -> bytes:
        """The next line without its end; b"" when there is none any more."""

    async def close(self) -> None: ...
    async def reset(self) -> None:
        """Go as a crashed machine does."""


class Harness(Protocol):
    """A door that is open, and how its clients come in."""

    async def open(self, accept: Accept) -> None: ...
    async def connect(self) -> Client: ...
    async def close(self) -> None: ...


Loop = Callable[[], asyncio.AbstractEventLoop]


def run(loop: Loop, work: Awaitable[Any]) -> None:
    async def within_time() -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await work

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(within_time())


class DoorContract:
    """Each test runs on uvloop and on asyncio's own loop."""

    goodbyes: tuple[str, ...] = ("Connection ",)  # how the reason begins when the client goes

    @pytest.fixture(params=["uvloop", "asyncio"])
    def loop(self, request: pytest.FixtureRequest) -> Loop:
        return uvloop.new_event_loop if request.param == "uvloop" else asyncio.new_event_loop

    @pytest.fixture
    def harness(self) -> Iterator[Harness]:
        raise NotImplementedError("a subclass says which door")

    @pytest.fixture(autouse=True)
    def time_to_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Last words may take as long to leave as a busy machine needs; what cuts them is tested apart."""
        for door in (stream, websocket):
            monkeypatch.setattr(door, "CLOSE_SECONDS", PATIENCE_SECONDS)
        monkeypatch.setattr(stream, "PLAIN_CLOSE_SECONDS", PATIENCE_SECONDS)

    def _try(self, loop: Loop, harness: Harness, talk: Callable[[House, Harness], Awaitable[None]]) -> None:
        async def with_door() -> None:
            house = House()
            await harness.open(house.accept)
            try:
                await talk(house, harness)
            finally:
                await harness.close()

        run(loop, with_door())

    @pytest.mark.parametrize("cut", ["whole", "byte by byte", "with a tail"])
    def test_bytes_arrive_however_they_are_cut(self, loop: Loop, harness: Harness, cut: str) -> None:
        async def talk(house: House, harness: Harness) -> None:
            client = await harness.connect()
            for piece in pieces("hola, ¿qué tal?\r\nbien\r\n".encode(), cut):
                await client.send(piece)
            assert await client.line() == "hola, ¿qué tal?".encode()
            assert await client.line() == b"bien"
            await client.close()

        self._try(loop, harness, talk)

    def test_lines_keep_their_order(self, loop: Loop, harness: Harness) -> None:
        async def talk(house: House, harness: Harness) -> None:
            client = await harness.connect()
            said = [b"line %d" % number for number in range(500)]
            await client.send(b"".join(line + b"\r\n" for line in said))
            assert [await client.line() for _ in said] == said
            await client.close()

        self._try(loop, harness, talk)

    def test_close_comes_after_what_was_written(self, loop: Loop, harness: Harness) -> None:
        """Wire.close: "Close after what was written has left"."""

        async def talk(house: House, harness: Harness) -> None:
            house.echo = False
            client = await harness.connect()
            await client.send(b"hola\r\n")
            await house.wait_heard()
            for _ in range(1000):
                house.first.write(CHUNK)
            house.first.write(b"adios\r\n")
            house.first.close()
            house.first.write(b"nothing of this\r\n")
            house.first.close()
            lines = [line async for line in all_lines(client)]
            assert len(lines) == 1001 and lines[-1] == b"adios"
            await client.close()
            await house.wait_lost()
            assert house.first.lost_reasons == ["Closed"]

        self._try(loop, harness, talk)

    def test_who_is_refused_still_reads_why(self, loop: Loop, harness: Harness) -> None:
        async def talk(house: House, harness: Harness) -> None:
            house.refuse_with = b"ERROR :full\r\n"
            client = await harness.connect()
            assert b"full" in await client.line()
            await client.close()
            await house.wait_lost()
            assert house.first.lost_reasons == ["Closed"]

        self._try(loop, harness, talk)

    @pytest.mark.parametrize("how", ["close", "reset"])
    def test_lost_is_reported_once(self, loop: Loop, harness: Harness, how: str) -> None:
        """Receiver.lost: "called exactly once, and nothing after it"."""

        async def talk(house: House, harness: Harness) -> None:
            client = await harness.connect()
            await client.send(b"hola\r\n")
            assert await client.line() == b"hola"
            await getattr(client, how)()
            await house.wait_lost()
            house.first.write(b"too late\r\n")
            house.first.close()
            await turns()
            assert len(house.first.lost_reasons) == 1
            assert house.first.lost_reasons[0].startswith(self.goodbyes)

        self._try(loop, harness, talk)

    def test_a_slow_reader_is_dropped(self, loop: Loop, harness: Harness) -> None:
        """Wire.write: "the wire cuts the connection by itself and reports `lost("SendQ exceeded")`"."""

        async def talk(house: House, harness: Harness) -> None:
            house.echo = False
            client = await harness.connect()
            await client.send(b"hola\r\n")
            await house.wait_heard()
            waiting: list[int] = []
            most = SEND_QUEUE_BYTES + kernel_bytes() + OTHERS_BYTES
            while not house.first.lost_reasons and house.first.written < most:
                house.first.write(CHUNK * 100)
                waiting.append(house.first.wire.waiting_bytes)
                await asyncio.sleep(0)
            await client_forgets(client)
            await house.wait_lost()
            assert house.first.lost_reasons == [SEND_QUEUE_EXCEEDED]
            assert max(waiting) > 0, "what the reader has not taken yet"
            await client.reset()

        self._try(loop, harness, talk)

    def test_many_come_and_go(self, loop: Loop, harness: Harness) -> None:
        async def talk(house: House, harness: Harness) -> None:
            async def one(number: int) -> None:
                client = await harness.connect()
                await client.send(b"soy %d\r\n" % number)
                assert await client.line() == b"soy %d" % number
                await client.close()

            await asyncio.gather(*(one(number) for number in range(60)))
            await house.wait_lost(60)
            assert all(len(one.lost_reasons) == 1 for one in house.conversations)

        self._try(loop, harness, talk)


class HalfCloseContract(DoorContract):
    """A door whose clients can end their input and still read: `printf ... | nc -N`."""

    def test_end_of_input_is_answered(self, loop: Loop, harness: Harness) -> None:
        async def talk(house: House, harness: Harness) -> None:
            client = await harness.connect()
            await client.send(b"uno\r\ndos\r\n")
            await client.end_input()  # type: ignore[attr-defined]
            assert [line async for line in all_lines(client)] == [b"uno", b"dos"]
            await house.wait_lost()
            assert len(house.first.lost_reasons) == 1
            await client.close()

        self._try(loop, harness, talk)


def pieces(data: bytes, cut: str) -> list[bytes]:
    if cut == "byte by byte":
        return [data[at : at + 1] for at in range(len(data))]
    return [data] if cut == "whole" else [data[:7], data[7:]]


async def all_lines(client: Client) -> Any:
    while line := await client.line():
        yield line


async def turns(count: int = 5) -> None:
    """Let everything that is ready happen."""
    for _ in range(count):
        await asyncio.sleep(0)


async def client_forgets(client: Client) -> None:
    """An in-memory client acts on its end only when it is called."""
    pump = getattr(client, "pump", None)
    if pump is not None:
        pump()
