"""Clients and open doors for the tests of this room.

What belongs here: real sockets on loopback, and the ways a client can behave badly. What must not:
assertions.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from datetime import UTC, datetime
from pathlib import Path

from tertulia.ports import Accept, Receiver, Wire
from tertulia.transports.certificates import TlsFiles
from tertulia.transports.listen import DoorContext, Listener, PlainSettings, open_listener

NOW = datetime(2026, 1, 2, tzinfo=UTC)


class SocketClient:
    """A program over a stream, that reads only when it is asked to."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()
        await asyncio.sleep(0)  # so that pieces travel as pieces

    async def line(self) -> bytes:
        try:
            return (await self.reader.readline()).rstrip(b"\r\n")
        except ConnectionError:
            return b""

    async def end_input(self) -> None:
        self.writer.write_eof()

    async def close(self) -> None:
        self.writer.close()
        try:
            await self.writer.wait_closed()
        except (ConnectionError, ssl.SSLError, BrokenPipeError):
            pass

    async def reset(self) -> None:
        plug = self.writer.get_extra_info("socket")
        if plug.family != socket.AF_UNIX:
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


class SocketHarness:
    """A door opened by its URI, and clients by whatever connects to it."""

    def __init__(self, uri: str, folder: Path) -> None:
        self.uri = uri
        self.context = context_in(folder)
        self.listener: Listener | None = None

    async def open(self, accept: Accept) -> None:
        self.listener = await open_listener(self.uri, accept, self.context)

    async def connect(self) -> SocketClient:
        assert self.listener is not None
        if self.listener.port == 0:
            path = self.listener.uri.removeprefix("unix://")
            return SocketClient(*await asyncio.open_unix_connection(path, limit=1024))
        tls = client_tls() if self.listener.uri.startswith("ircs") else None
        return SocketClient(
            *await asyncio.open_connection("127.0.0.1", self.listener.port, ssl=tls, limit=1024)
        )

    async def close(self) -> None:
        assert self.listener is not None
        await self.listener.close()


class PlainHarness(SocketHarness):
    """The plain door, with a server behind it that knows just enough IRC for the contract's words to come
    through.
    """

    async def open(self, accept: Accept) -> None:
        await super().open(lambda wire: LittleServer(wire, accept))

    async def connect(self) -> SocketClient:
        client = PlainClient(*(vars(await super().connect()).values()))
        await client.enter("ana")
        return client


class PlainClient(SocketClient):
    async def enter(self, name: str) -> None:
        await SocketClient.send(self, f"{name}\n".encode())
        while b"#tertulia." not in (line := await SocketClient.line(self)) and line:
            self.refused = line
            if b"full" in line:
                return

    refused = b""

    async def line(self) -> bytes:
        if b"full" in self.refused:
            return self.refused
        return (await super().line()).removeprefix(b"<eco> ")


class LittleServer:
    """Between the plain door and a conversation: IRC on one side, bare lines on the other."""

    def __init__(self, wire: Wire, accept: Accept) -> None:
        self.peer = wire.peer
        self._wire = wire
        self._inner: Receiver = accept(self)

    def received(self, data: bytes) -> None:
        said = b""
        for line in data.split(b"\r\n"):
            verb, _, rest = line.partition(b" ")
            if verb == b"USER":
                self._wire.write(b":s 001 ana :Hi\r\n")
            elif verb == b"JOIN":
                self._wire.write(b":ana!a@h JOIN " + rest + b"\r\n")
            elif verb == b"QUIT":
                self._wire.close()
            elif verb == b"PRIVMSG":
                said += rest.partition(b":")[2] + b"\r\n"
        if said:
            self._inner.received(said)

    def lost(self, reason: str) -> None:
        self._inner.lost(reason)

    def write(self, data: bytes) -> None:
        lines = [line for line in data.split(b"\r\n") if line]
        self._wire.write(b"".join(b":eco!e@h PRIVMSG #tertulia :" + line + b"\r\n" for line in lines))

    def close(self) -> None:
        self._wire.close()

    @property
    def waiting_bytes(self) -> int:
        return self._wire.waiting_bytes


def context_in(folder: Path) -> DoorContext:
    return DoorContext(
        server_name="casa.example",
        tls=TlsFiles(folder / "tls" / "cert.pem", folder / "tls" / "key.pem"),
        plain=lambda: PlainSettings(room="#tertulia"),
        now=lambda: NOW,
    )


def client_tls(certificate: TlsFiles | None = None) -> ssl.SSLContext:
    """A client that believes every server, with a certificate of its own or none."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if certificate is not None:
        context.load_cert_chain(certificate.certificate, certificate.key)
    return context
