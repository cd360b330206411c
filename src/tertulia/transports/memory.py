"""Two ends in one process: how models and tests sit at the same table as everybody else.

What belongs here: `memory_pair` and its two ends. What must not: a loop, a clock, a thread. Nothing here
happens by itself, so a simulator can decide when.

Order of calls. What the server writes reaches the client at once. What goes to the server (`received`,
`lost`) never arrives inside one of the server's own calls of `write` or `close`: it waits in a queue, which
is emptied by `soon` (a running loop's `call_soon`) or, without `soon`, by the client's next call or `pump()`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from tertulia.limits import INPUT_QUEUE_BYTES, SEND_QUEUE_BYTES
from tertulia.ports import Accept, Peer, Receiver
from tertulia.transports.stream import CLOSED, SEND_QUEUE_EXCEEDED

Soon = Callable[[Callable[[], None]], object]
MEMORY_PEER = Peer("memory", "localhost", secure=True, local=True)


class MemoryWire:
    """The server's end: a `Wire`."""

    __slots__ = ("_client", "peer")

    def __init__(self, peer: Peer, client: MemoryClient) -> None:
        self.peer = peer
        self._client = client

    def write(self, data: bytes) -> None:
        self._client._written(data)

    def close(self) -> None:
        self._client._closed("Closed")

    @property
    def waiting_bytes(self) -> int:
        return self._client._unread_bytes


class MemoryClient:
    """The client's end.

    With `on_data` every write is handed over at once; without, it waits for `take()`, and when more than
    `SEND_QUEUE_BYTES` wait the connection is cut like any slow reader's.
    """

    def __init__(
        self,
        on_data: Callable[[bytes], None] | None = None,
        on_lost: Callable[[str], None] | None = None,
        soon: Soon | None = None,
    ) -> None:
        self.on_data = on_data
        self.on_lost = on_lost
        self.reason: str | None = None  # why it is over; None while it is not
        self._soon = soon
        self._receiver: Receiver | None = None
        self._unread: list[bytes] = []
        self._unread_bytes = 0
        self._to_server: deque[bytes | None] = deque()  # None: the end
        self._to_server_bytes = 0
        self._depth = 0  # inside calls of the server: nothing may go to it
        self._pumping = False

    @property
    def closed(self) -> bool:
        return self.reason is not None

    def send(self, data: bytes) -> None:
        """Say bytes to the server, cut anywhere. After the end they go nowhere."""
        if self.reason is not None or not data:
            return
        if self._to_server_bytes + len(data) > INPUT_QUEUE_BYTES:
            self._closed("Excess Flood")
            return
        self._to_server_bytes += len(data)
        self._post(data)
        if self._soon is None:
            self.pump()

    def take(self) -> bytes:
        """All that has come since the last time."""
        self.pump()
        data = b"".join(self._unread)
        self._unread.clear()
        self._unread_bytes = 0
        return data

    def close(self) -> None:
        """Leave, as a closed socket does."""
        self._closed(CLOSED)
        if self._soon is None:
            self.pump()

    def pump(self) -> None:
        """Hand over what waits for the server, unless we are inside one of its calls."""
        if self._depth or self._pumping:
            return
        self._pumping = True
        try:
            while self._to_server:
                data = self._to_server.popleft()
                if data is None:
                    self._end()
                elif self._receiver is not None:
                    self._to_server_bytes -= len(data)
                    self._receiver.received(data)
        finally:
            self._pumping = False

    # --- called by the server's end -------------------------------------------------------------------------

    def _written(self, data: bytes) -> None:
        if self.reason is not None:
            return
        if self.on_data is None:
            self._unread.append(data)
            self._unread_bytes += len(data)
            if self._unread_bytes > SEND_QUEUE_BYTES:
                self._unread.clear()
                self._closed(SEND_QUEUE_EXCEEDED)
            return
        self._depth += 1
        try:
            self.on_data(data)
        finally:
            self._depth -= 1

    def _closed(self, reason: str) -> None:
        if self.reason is not None:
            return
        self.reason = reason
        if reason != CLOSED:  # the server has no use for what comes after its own goodbye
            self._to_server.clear()
        self._post(None)

    def _post(self, item: bytes | None) -> None:
        self._to_server.append(item)
        if self._soon is not None:
            self._soon(self.pump)

    def _end(self) -> None:
        receiver, self._receiver = self._receiver, None
        if receiver is not None:
            receiver.lost(self.reason or CLOSED)
        if self.on_lost is not None:
            self.on_lost(self.reason or CLOSED)


def memory_pair(
    accept: Accept,
    peer: Peer = MEMORY_PEER,
    *,
    on_data: Callable[[bytes], None] | None = None,
    on_lost: Callable[[str], None] | None = None,
    soon: Soon | None = None,
) -> MemoryClient:
    """A new connection to whoever `accept` belongs to; the client's end of it."""
    client = MemoryClient(on_data, on_lost, soon)
    wire = MemoryWire(peer, client)
    client._depth += 1
    try:
        client._receiver = accept(wire)
    finally:
        client._depth -= 1
    if soon is None:
        client.pump()
    return client
