"""IRC over WebSocket keeps the contract of doors, and the IRCv3 "WebSocket support" specification."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from tertulia.limits import WEBSOCKET_MESSAGE_BYTES
from tertulia.ports import Accept
from tertulia.transports import websocket as door
from tertulia.transports.http import HttpContext
from tertulia.transports.listen import DoorContext, Listener, open_listener
from tertulia.transports.websocket import choose_subprotocol, origin_allowed
from tests.contracts.door import DoorContract, House, Loop

TEXT = Subprotocol("text.ircv3.net")
BINARY = Subprotocol("binary.ircv3.net")


class WebSocketHarness:
    def __init__(self, subprotocol: Subprotocol, context: HttpContext) -> None:
        self.subprotocol = subprotocol
        self.context = DoorContext(http=context)
        self.listener: Listener | None = None

    async def open(self, accept: Accept) -> None:
        self.listener = await open_listener("http://127.0.0.1:0", accept, self.context)

    async def connect(self) -> LineClient:
        return LineClient(await self.raw(subprotocols=[self.subprotocol]))

    async def raw(self, path: str = "/irc", **how: Any) -> ClientConnection:
        assert self.listener is not None
        uri = f"ws://127.0.0.1:{self.listener.port}{path}"
        return await connect(uri, compression=None, proxy=None, max_queue=1, close_timeout=1, **how)

    async def close(self) -> None:
        assert self.listener is not None
        await self.listener.close()


class LineClient:
    """A WebSocket client in the contract's words: bytes are gathered into lines, one a message."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.partial = b""

    async def send(self, data: bytes) -> None:
        *lines, self.partial = (self.partial + data).split(b"\r\n")
        for line in lines:
            await self.connection.send(line, text=self.connection.subprotocol == TEXT)

    async def line(self) -> bytes:
        try:
            message = await self.connection.recv(decode=False)
        except ConnectionClosed:
            return b""
        assert isinstance(message, bytes) and not message.endswith((b"\r", b"\n"))
        return message

    async def close(self) -> None:
        await self.connection.close()

    async def reset(self) -> None:
        self.connection.transport.abort()


class TestText(DoorContract):
    @pytest.fixture
    def harness(self) -> WebSocketHarness:
        return WebSocketHarness(TEXT, HttpContext())


class TestBinary(DoorContract):
    @pytest.fixture
    def harness(self) -> WebSocketHarness:
        return WebSocketHarness(
            BINARY, HttpContext(origins=frozenset({"https://chat.example"}), deflate=True)
        )

    def _talk(self, loop: Loop, harness: WebSocketHarness, talk: Any) -> None:
        self._try(loop, harness, talk)

    def test_invalid_utf8_is_replaced_in_text(self, loop: Loop, harness: WebSocketHarness) -> None:
        """ "Servers MUST NOT relay non-UTF-8 content to clients using text messages" """

        async def talk(house: House, harness: WebSocketHarness) -> None:
            client = await harness.raw(subprotocols=[TEXT])
            await client.send("hola")
            assert await client.recv() == "hola"
            house.first.write(b"caf\xe9\r\n")
            assert await client.recv() == "caf\ufffd"
            await client.close()

        self._talk(loop, harness, talk)

    def test_binary_carries_any_byte(self, loop: Loop, harness: WebSocketHarness) -> None:
        """ "Binary messages can transport arbitrary bytes and therefore any valid IRC line" """

        async def talk(house: House, harness: WebSocketHarness) -> None:
            client = await harness.raw(subprotocols=[BINARY])
            await client.send(b"caf\xe9")
            assert await client.recv() == b"caf\xe9"
            await client.close()

        self._talk(loop, harness, talk)

    @pytest.mark.parametrize(
        ("offered", "chosen"),
        [([TEXT, BINARY], TEXT), ([BINARY, TEXT], BINARY), (["soup", BINARY], BINARY), (["soup"], None)],
    )
    def test_the_client_s_preference_counts(
        self, loop: Loop, harness: WebSocketHarness, offered: list[Subprotocol], chosen: Subprotocol | None
    ) -> None:
        """ "The server MUST accept any subprotocol it supports, respecting the client's order" """

        async def talk(house: House, harness: WebSocketHarness) -> None:
            client = await harness.raw(subprotocols=offered)
            assert client.subprotocol == chosen
            await client.close()

        self._talk(loop, harness, talk)

    @pytest.mark.parametrize("message", ["hola", b"hola"])
    def test_without_a_subprotocol_the_first_message_decides(
        self, loop: Loop, harness: WebSocketHarness, message: str | bytes
    ) -> None:
        """ "autodetect the outgoing message type based on the type of the first incoming message" """

        async def talk(house: House, harness: WebSocketHarness) -> None:
            client = await harness.raw("/")
            await client.send(message)
            assert await client.recv() == message
            await client.close()

        self._talk(loop, harness, talk)

    def test_line_ends_inside_a_message_are_forgiven(self, loop: Loop, harness: WebSocketHarness) -> None:
        """ "servers and clients should strive for maximum compatibility" """

        async def talk(house: House, harness: WebSocketHarness) -> None:
            client = await harness.raw(subprotocols=[TEXT])
            await client.send("hola\r\n")
            assert await client.recv() == "hola"
            await client.close()

        self._talk(loop, harness, talk)

    def test_each_line_is_a_message(self, loop: Loop, harness: WebSocketHarness) -> None:
        """ "each message MUST consist of a single IRC line" """

        async def talk(house: House, harness: WebSocketHarness) -> None:
            client = await harness.raw(subprotocols=[TEXT])
            await client.send("hola")
            await client.recv()
            house.first.write(b"uno\r\ndos\r\n")
            assert [await client.recv(), await client.recv()] == ["uno", "dos"]
            await client.close()

        self._talk(loop, harness, talk)

    def test_a_message_has_a_largest_size(self, loop: Loop, harness: WebSocketHarness) -> None:
        """ "Clients and servers SHOULD impose limits on the maximum size of messages they will accept" """

        async def talk(house: House, harness: WebSocketHarness) -> None:
            client = await harness.raw(subprotocols=[TEXT])
            await client.send("x" * (WEBSOCKET_MESSAGE_BYTES + 1))
            with pytest.raises(ConnectionClosed) as caught:
                await client.recv()
            assert caught.value.rcvd is not None and caught.value.rcvd.code == 1009
            await house.wait_lost()
            assert house.first.lost_reasons == ["Message too long"]

        self._talk(loop, harness, talk)

    @pytest.mark.parametrize("origin", ["https://chat.example", "http://{host}", None])
    def test_good_origins(self, loop: Loop, harness: WebSocketHarness, origin: str | None) -> None:
        async def talk(house: House, harness: WebSocketHarness) -> None:
            assert harness.listener is not None
            site = origin and Origin(origin.format(host=f"127.0.0.1:{harness.listener.port}"))
            client = await harness.raw(origin=site)
            await client.close()

        self._talk(loop, harness, talk)

    @pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
    def test_pages_of_others_are_refused(self, loop: Loop, harness: WebSocketHarness, origin: str) -> None:
        """RFC 6455 10.2: "If the server does not wish to accept the connection [...] HTTP 403"."""

        async def talk(house: House, harness: WebSocketHarness) -> None:
            with pytest.raises(InvalidStatus) as caught:
                await harness.raw(origin=Origin(origin))
            assert caught.value.response.status_code == 403
            assert b"operador" in (caught.value.response.body or b"")
            assert house.conversations == []

        self._talk(loop, harness, talk)

    def test_the_peer_is_known(self, loop: Loop, harness: WebSocketHarness) -> None:
        async def talk(house: House, harness: WebSocketHarness) -> None:
            client = await harness.raw()
            await house.wait(lambda: bool(house.conversations))
            peer = house.first.wire.peer
            assert (peer.door, peer.address, peer.secure, peer.local) == ("ws", "127.0.0.1", False, True)
            await client.close()

        self._talk(loop, harness, talk)

    def test_who_does_not_let_go_is_cut(
        self, loop: Loop, harness: WebSocketHarness, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Wire.close: "or after `CLOSE_SECONDS`"."""
        monkeypatch.setattr(door, "CLOSE_SECONDS", 0.05)

        async def talk(house: House, harness: WebSocketHarness) -> None:
            assert harness.listener is not None
            reader, writer = await asyncio.open_connection("127.0.0.1", harness.listener.port)
            writer.write(
                b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
            )
            assert b"101" in await reader.readline()
            await house.wait(lambda: bool(house.conversations))
            house.first.close()
            while await reader.read(1024):  # the close frame is never answered
                pass
            writer.close()
            await house.wait_lost()
            assert house.first.lost_reasons == ["Closed"]

        self._talk(loop, harness, talk)


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        (None, "chat.example", True),
        ("https://chat.example", "chat.example", True),
        ("https://CHAT.example:8443", "chat.EXAMPLE:8443", True),
        ("https://chat.example", "chat.example:8443", False),
        ("https://friend.example", "chat.example", True),
        ("https://friend.example.evil.example", "chat.example", False),
        ("null", "chat.example", False),
        ("", "", False),
        ("https://chat.example", None, False),
    ],
)
def test_origins(origin: str | None, host: str | None, allowed: bool) -> None:
    assert origin_allowed(origin, host, frozenset({"https://friend.example"})) is allowed


def test_nothing_offered_nothing_chosen() -> None:
    assert choose_subprotocol([]) is None
