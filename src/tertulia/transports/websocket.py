"""IRC over WebSocket, one line a message (IRCv3 "WebSocket support").

What belongs here: subprotocols, origins, and a `Wire` over Starlette's WebSocket. What must not: HTTP pages.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tertulia.limits import CLOSE_SECONDS, SEND_QUEUE_BYTES
from tertulia.ports import Accept, Peer, Receiver
from tertulia.transports.stream import CLOSED, SEND_QUEUE_EXCEEDED, ip_peer

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

log = logging.getLogger(__name__)

TEXT = "text.ircv3.net"
BINARY = "binary.ircv3.net"

# RFC 6455 7.4.1, in the words of the room
_CLOSE_REASONS = {1007: "Invalid UTF-8", 1009: "Message too long", 1011: "Ping timeout"}


def choose_subprotocol(offered: Iterable[str]) -> str | None:
    """The first of the client's that we speak: "respecting the client's order of preference"."""
    return next((name for name in offered if name in (TEXT, BINARY)), None)


def origin_allowed(origin: str | None, host: str | None, allowed: frozenset[str]) -> bool:
    """Whether a page of `origin` may connect to `host`. Programs send no Origin and are not browsers:
    allowed.

    A browser lets any page open a WebSocket anywhere, so that check is the server's (RFC 6455 10.2).
    """
    if origin is None:
        return True
    if origin.lower().rstrip("/") in allowed:
        return True
    parts = urlsplit(origin.lower())
    return bool(parts.netloc) and parts.netloc == (host or "").lower()


async def serve_websocket(websocket: WebSocket, accept: Accept, origins: frozenset[str]) -> None:
    """One connection, from the handshake to `lost`."""
    origin = websocket.headers.get("origin")
    if not origin_allowed(origin, websocket.headers.get("host"), origins):
        log.info("refused a WebSocket from a page of %r", origin)
        await _refuse(websocket)
        return
    subprotocol = choose_subprotocol(websocket.scope["subprotocols"])
    await websocket.accept(subprotocol)
    client = websocket.scope["client"]
    peer = ip_peer("ws", client, secure=websocket.scope["scheme"] == "wss")
    wire = WebSocketWire(
        websocket.send, websocket.scope["state"]["abort"], peer, binary=subprotocol == BINARY
    )
    await _converse(websocket, wire, accept, settled=subprotocol is not None)


class WebSocketWire:
    """A `Wire` over WebSocket messages: a bounded queue, and one task that empties it."""

    def __init__(
        self, send: Callable[[Any], Any], abort: Callable[[], None], peer: Peer, binary: bool = False
    ) -> None:
        self.peer = peer
        self.binary = binary
        self.reason: str | None = None  # why our side ended it
        self._send = send
        self._abort = abort
        self._queue: deque[bytes] = deque()
        self._queued_bytes = 0
        self._wake = asyncio.Event()

    def write(self, data: bytes) -> None:
        if self.reason is not None:
            return
        self._queue.append(data)
        self._queued_bytes += len(data)
        if self._queued_bytes > SEND_QUEUE_BYTES:
            self.reason = SEND_QUEUE_EXCEEDED
            self._queue.clear()
            self._abort()
        self._wake.set()

    def close(self) -> None:
        if self.reason is None:
            self.reason = "Closed"
            self._wake.set()
            self.abort_later()

    @property
    def waiting_bytes(self) -> int:
        return self._queued_bytes

    def abort_later(self) -> None:
        """Whatever the peer does, its socket is gone after this."""
        asyncio.get_running_loop().call_later(CLOSE_SECONDS, self._abort)

    async def run(self) -> None:
        """Send what is written, in order, until closed. Returns early when the connection is gone."""
        with contextlib.suppress(
            OSError, RuntimeError
        ):  # gone between two messages; the reading side reports it
            while await self._wait():
                data = self._queue.popleft()
                await self._send_lines(data)
                self._queued_bytes -= len(data)
            await self._send({"type": "websocket.close", "code": 1000, "reason": ""})

    async def _wait(self) -> bool:
        """Whether there is something to send; waits until there is, or until the end."""
        while not self._queue:
            if self.reason is not None:
                return False
            self._wake.clear()
            await self._wake.wait()
        return True

    async def _send_lines(self, data: bytes) -> None:
        """ "each message MUST consist of a single IRC line", without CR LF."""
        for line in data.split(b"\n"):
            line = line.rstrip(b"\r")
            if not line:
                continue
            if self.binary:
                await self._send({"type": "websocket.send", "bytes": line})
            else:  # "Servers MAY replace non-UTF-8 bytes with [...] the Unicode replacement character"
                await self._send({"type": "websocket.send", "text": line.decode(errors="replace")})


async def _converse(websocket: WebSocket, wire: WebSocketWire, accept: Accept, settled: bool) -> None:
    receiver = accept(wire)
    writer = asyncio.create_task(wire.run())
    reason = CLOSED
    try:
        reason = await _read(websocket, wire, receiver, settled)
    finally:
        writer.cancel()
        wire.abort_later()
        reason, wire.reason = wire.reason or reason, CLOSED
        receiver.lost(reason)


async def _read(websocket: WebSocket, wire: WebSocketWire, receiver: Receiver, settled: bool) -> str:
    """Hand over what comes until the end; why it ended.

    Without a subprotocol, messages leave as text until the client's first message shows which kind it speaks.
    """
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return _CLOSE_REASONS.get(message.get("code", 0), CLOSED)
        data = message.get("bytes")
        if not settled:
            settled = True
            wire.binary = data is not None
        if data is None:
            data = message["text"].encode()
        if wire.reason is None:
            receiver.received(data.rstrip(b"\r\n") + b"\r\n")


async def _refuse(websocket: WebSocket) -> None:
    from starlette.responses import PlainTextResponse

    why = (
        "Pages of this origin may not join here; the operator can allow it. / "
        "Las páginas de este origen no pueden entrar aquí; el operador puede permitirlo.\n"
    )
    await websocket.send_denial_response(PlainTextResponse(why, 403))
