"""The memory door keeps the contract; and it needs no loop."""

from __future__ import annotations

import asyncio

import pytest

from tertulia.limits import INPUT_QUEUE_BYTES, SEND_QUEUE_BYTES
from tertulia.ports import Accept, Receiver, Wire
from tertulia.transports.memory import MEMORY_PEER, MemoryClient, memory_pair
from tests.contracts.door import DoorContract


class MemoryHarness:
    async def open(self, accept: Accept) -> None:
        self.accept = accept

    async def connect(self) -> PatientClient:
        return PatientClient(memory_pair(self.accept))

    async def close(self) -> None:
        pass


class PatientClient:
    """A memory client in the contract's words."""

    def __init__(self, client: MemoryClient) -> None:
        self.client = client
        self.pump = client.pump
        self._read = b""

    async def send(self, data: bytes) -> None:
        self.client.send(data)

    async def line(self) -> bytes:
        self._read += self.client.take()
        line, _, self._read = self._read.partition(b"\r\n")
        return line

    async def close(self) -> None:
        self.client.close()

    reset = close


class TestMemory(DoorContract):
    @pytest.fixture
    def harness(self) -> MemoryHarness:
        return MemoryHarness()


class Listening:
    """A server that notes what happens, and whether it was inside a call of its own."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.events: list[bytes | str] = []

    def received(self, data: bytes) -> None:
        self.events.append(data)

    def lost(self, reason: str) -> None:
        self.events.append(reason)


def listening(**how: object) -> tuple[Listening, MemoryClient]:
    made: list[Listening] = []

    def accept(wire: Wire) -> Receiver:
        made.append(Listening(wire))
        return made[0]

    client = memory_pair(accept, **how)  # type: ignore[arg-type]
    return made[0], client


def test_nothing_reaches_the_server_inside_its_own_call() -> None:
    server, client = listening(on_data=lambda data: client.send(b"PONG\r\n"))
    server.wire.write(b"PING\r\n")
    assert server.events == []
    client.pump()
    assert server.events == [b"PONG\r\n"]


def test_with_soon_it_comes_by_itself() -> None:
    later: list[object] = []
    server, client = listening(on_data=lambda data: client.send(b"PONG\r\n"), soon=later.append)
    server.wire.write(b"PING\r\n")
    assert server.events == [] and len(later) == 1
    later[0]()  # type: ignore[operator]
    assert server.events == [b"PONG\r\n"]


def test_a_loop_can_be_the_scheduler() -> None:
    async def talk() -> None:
        loop = asyncio.get_running_loop()
        server, client = listening(on_data=lambda data: client.send(data), soon=loop.call_soon)
        server.wire.write(b"hola\r\n")
        await asyncio.sleep(0)
        assert server.events == [b"hola\r\n"]

    asyncio.run(talk())


def test_what_was_said_before_leaving_is_heard() -> None:
    later: list[object] = []
    server, client = listening(soon=later.append)
    client.send(b"QUIT\r\n")
    client.close()
    for call in later:
        call()  # type: ignore[operator]
    assert server.events == [b"QUIT\r\n", "Connection closed"]


def test_the_client_hears_of_the_end() -> None:
    reasons: list[str] = []
    server, client = listening(on_lost=reasons.append)
    server.wire.write(b"ERROR :bye\r\n")
    server.wire.close()
    assert client.take() == b"ERROR :bye\r\n"
    assert client.closed and reasons == ["Closed"] and server.events == ["Closed"]


def test_an_unread_client_is_cut_and_its_memory_freed() -> None:
    server, client = listening()
    for _ in range(SEND_QUEUE_BYTES // 65_536 + 1):
        server.wire.write(b"x" * 65_536)
    assert client.reason == "SendQ exceeded"
    assert client.take() == b""
    assert server.events == ["SendQ exceeded"]


def test_a_client_that_floods_before_it_is_heard_is_cut() -> None:
    later: list[object] = []
    server, client = listening(soon=later.append)
    for _ in range(INPUT_QUEUE_BYTES // 65_536 + 1):
        client.send(b"x" * 65_536)
    for call in later:
        call()  # type: ignore[operator]
    assert server.events == ["Excess Flood"]


def test_the_peer_is_this_process() -> None:
    server, _ = listening()
    assert server.wire.peer == MEMORY_PEER and MEMORY_PEER.secure and MEMORY_PEER.local
