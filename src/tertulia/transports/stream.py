"""TCP and Unix sockets: bytes in, bytes out, and one honest word at the end.

What belongs here: one connection over a byte stream (`StreamWire`), and who its peer is. What must not:
listening, TLS, IRC. There are thousands of these, so an object holds nothing that all of one door share: that
is in `Door`.

`lost` is never called from inside `write` or `close`, so the server may change its tables while it fans out.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tertulia.limits import CLOSE_SECONDS, PLAIN_CLOSE_SECONDS, SEND_QUEUE_BYTES
from tertulia.ports import Accept, Peer, Receiver

CLOSED = "Connection closed"
SEND_QUEUE_EXCEEDED = "SendQ exceeded"
_PEERCRED = getattr(socket, "SO_PEERCRED", None)  # Linux; elsewhere the uid stays unknown


@dataclass(slots=True)
class Door:
    """What all wires of one listener share."""

    name: str  # Peer.door
    accept: Accept
    secure: bool = False
    connections: int = 0


class StreamWire(asyncio.Protocol):
    """A `Wire` over an asyncio transport (uvloop's or asyncio's own)."""

    __slots__ = ("_door", "_input_over", "_reason", "_receiver", "_timer", "_transport", "peer", "write")

    write: Callable[[bytes], None]
    """While open this is the transport's own `write`: no call of ours stands between fan-out and socket."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._receiver: Receiver | None = None
        self._reason: str | None = None  # set once, by whatever ended the connection first
        self._input_over = False
        self._timer: asyncio.TimerHandle | None = None
        self.write = _nothing

    def close(self) -> None:
        """Say what was written, then that nothing follows, and wait for the peer to agree.

        Only our half is shut at first: closing a socket with unread input makes the kernel send a reset, and
        a reset destroys the last words on their way (RFC 1122 4.2.2.13; RFC 2525 2.17).
        """
        if self._reason is None:
            self._finish("Closed")

    @property
    def waiting_bytes(self) -> int:
        return self._transport.get_write_buffer_size()

    # --- asyncio.Protocol -----------------------------------------------------------------------------------

    def connection_made(self, transport: Any) -> None:
        self._transport: asyncio.Transport = transport
        transport.set_write_buffer_limits(high=SEND_QUEUE_BYTES)
        self._door.connections += 1
        self._begin(peer_of(transport, self._door))

    def _begin(self, peer: Peer) -> None:
        self.peer = peer
        self.write = self._transport.write
        self._receiver = self._door.accept(self)

    def data_received(self, data: bytes) -> None:
        if self._reason is None and self._receiver is not None:
            self._receiver.received(data)

    def eof_received(self) -> bool:
        """The peer has said all it wants to say; it may still listen (`nc -N`, `printf ... | nc`).

        What it said is answered first: the tick that `received` asked for comes before our own call.
        """
        self._input_over = True
        if self._reason is not None:
            return False  # both halves are shut
        loop = asyncio.get_running_loop()
        ended = getattr(self._receiver, "ended", None)
        if ended is None:
            loop.call_soon(self._finish, CLOSED)
        else:  # an adapter that still has something to pass on, and closes when it is done
            self._timer = loop.call_later(PLAIN_CLOSE_SECONDS, self._finish, CLOSED)
            ended()
        return True

    def pause_writing(self) -> None:
        """More than `SEND_QUEUE_BYTES` wait: the reader is too slow, and what waits is thrown away with
        it.
        """
        if self._reason is None:
            self._reason = SEND_QUEUE_EXCEEDED
        self.write = _nothing
        self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._door.connections -= 1
        self.write = _nothing
        self._cancel_timer()
        if self._reason is None:
            self._reason = reason_of(exc)
        receiver, self._receiver = self._receiver, None
        if receiver is not None:
            receiver.lost(self._reason)

    # --- the end --------------------------------------------------------------------------------------------

    def _finish(self, reason: str) -> None:
        if self._reason is not None:
            return
        self._reason = reason
        self.write = _nothing
        self._cancel_timer()
        self._timer = asyncio.get_running_loop().call_later(CLOSE_SECONDS, self._transport.abort)
        self._last_words()
        try:
            if self._input_over:
                self._transport.close()
            else:
                self._transport.write_eof()
        except (OSError, RuntimeError):  # the peer was faster
            self._transport.abort()

    def _last_words(self) -> None:
        """What the transport has to say before its end (TLS has)."""

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def peer_of(transport: asyncio.Transport, door: Door) -> Peer:
    """Who is at the other end, as the kernel tells it."""
    plug = transport.get_extra_info("socket")
    if plug is not None and plug.family == socket.AF_UNIX:
        return Peer(door.name, "localhost", secure=True, local=True, uid=_uid(plug))
    secure = door.secure or bool(transport.get_extra_info("tls"))  # or so a proxy told us; see `proxy.py`
    return ip_peer(door.name, transport.get_extra_info("peername"), secure)


def ip_peer(door: str, peername: tuple[Any, ...] | None, secure: bool) -> Peer:
    """A peer by its address; one that is gone already has none."""
    address = str(peername[0]) if peername else "0.0.0.0"
    address = sys.intern(address.removeprefix("::ffff:").partition("%")[0])
    return Peer(door, address, secure=secure, local=is_loopback(address))


def is_loopback(address: str) -> bool:
    """Whether a numeric address is this machine's own."""
    return address.startswith("127.") or address == "::1"


def reason_of(exc: BaseException | None) -> str:
    """An exception of a socket in the words that others in the room read after "quit"."""
    if exc is None or isinstance(exc, BrokenPipeError):
        return CLOSED
    if isinstance(exc, ConnectionResetError):
        return "Connection reset by peer"
    if isinstance(exc, TimeoutError) or getattr(exc, "errno", None) == errno.ETIMEDOUT:
        return "Connection timed out"
    return f"Connection lost: {getattr(exc, 'strerror', None) or exc}"


def _uid(plug: socket.socket) -> int | None:
    if _PEERCRED is None:
        return None
    try:
        credentials = plug.getsockopt(socket.SOL_SOCKET, _PEERCRED, struct.calcsize("3i"))
    except OSError:
        return None
    return int(struct.unpack("3i", credentials)[1])


def _nothing(data: bytes) -> None:
    """`write` of a wire that is closed: nobody reads it."""
