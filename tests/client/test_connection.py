"""The shell with sockets, against a server of a few lines on loopback."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tertulia.client import events as e
from tertulia.client.connection import LONGEST_WAIT_SECONDS, Connection, open_streams, wait_before
from tertulia.client.session import Session

WELCOME = b":s CAP * LS :\r\n:s 001 ana :hi\r\n:s 422 ana :no motd\r\n"


class Server:
    """Welcomes, says its lines, and hangs up when told."""

    def __init__(self, *lines: bytes) -> None:
        self.lines = lines
        self.heard = b""
        self.connections = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.heard += await reader.readuntil(b"USER ana 0 * ana\r\n")
        writer.write(WELCOME + b"".join(self.lines))
        self.heard += await reader.readline()
        writer.close()
        await writer.wait_closed()


def test_waiting_doubles_is_bounded_and_differs() -> None:
    assert [wait_before(attempt, 1.0) for attempt in (1, 2, 3)] == [1.0, 2.0, 4.0]
    assert wait_before(1, 0.0) == 0.5
    assert wait_before(10_000, 1.0) == LONGEST_WAIT_SECONDS


async def _over_unix(folder: Path) -> tuple[list[e.Event], Server]:
    server = Server(b":b!u@h PRIVMSG ana :hola\r\n")
    listener = await asyncio.start_unix_server(server, folder / "s")
    waits: list[float] = []
    events: list[e.Event] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    connection = Connection(
        f"unix://{folder / 's'}", lambda: Session("ana", user="ana"), sleep=sleep, chance=lambda: 1.0
    )
    async for event in connection.events():
        events.append(event)
        if isinstance(event, e.Message) and server.connections == 1:
            connection.send("QUIT")  # the server hangs up; the connection comes back
        elif isinstance(event, e.Message):
            await connection.close("bye")
    listener.close()
    await listener.wait_closed()
    assert waits == [1.0]
    return events, server


def test_it_comes_back_after_a_loss(tmp_path: Path) -> None:
    events, server = asyncio.run(_over_unix(tmp_path))
    kinds = [type(event).__name__ for event in events]
    assert kinds.count("Registered") == 2 and kinds.count("Message") == 2
    assert [event.again_in_seconds for event in events if isinstance(event, e.Closed)] == [1.0, None]
    assert server.connections == 2


def test_a_refused_connection_is_told(tmp_path: Path) -> None:
    async def run() -> list[e.Event]:
        connection = Connection(f"unix://{tmp_path / 'none'}", lambda: Session("ana"), reconnect=False)
        return [event async for event in connection.events()]

    (event,) = asyncio.run(run())
    assert isinstance(event, e.Closed) and event.again_in_seconds is None and event.reason


def test_another_scheme_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="not an address"):
        asyncio.run(open_streams("http://localhost"))


def test_tcp(tmp_path: Path) -> None:
    async def run() -> list[str]:
        server = Server(b"ERROR :Closing link\r\n")
        listener = await asyncio.start_server(server, "127.0.0.1", 0)
        port = listener.sockets[0].getsockname()[1]
        connection = Connection(
            f"irc://127.0.0.1:{port}", lambda: Session("ana", user="ana"), reconnect=False
        )
        found = [type(event).__name__ async for event in connection.events()]
        listener.close()
        await listener.wait_closed()
        return found

    assert asyncio.run(run()) == ["Registered", "Closed"]
