"""One simulated connection: bytes cut anywhere, delays, readers that stop reading, ends that vanish.

What belongs here: the contract of `ports.Wire`, kept to the letter, and asserted of the server where it
has one.
What must not: what the bytes mean (`ear`).
"""

from __future__ import annotations

from collections.abc import Callable

from tertulia.ports import Peer
from tertulia.server.session import Session

SEND_QUEUE = 48 * 1024  # of the simulated wire: small, so that slow readers are cut within a simulation


class Link:
    """The server's `Wire`, and the client's end of it."""

    def __init__(self, number: int, peer: Peer, heard: Callable[[bytes], None]) -> None:
        self.number = number
        self.peer = peer
        self.heard = heard  # told of every write at once; the client itself reads later, or never
        self.session: Session
        self.outgoing = b""  # sent by the client, not yet arrived
        self.unread = 0  # bytes written by the server that the client has not read
        self.closed = False  # the server has said its last word
        self.loss: str | None = None  # a reason that is still to be reported
        self.lost = False  # and it has been
        self.writes_this_tick = 0

    # --- ports.Wire ---------------------------------------------------------------------------------------

    def write(self, data: bytes) -> None:
        assert data.endswith(b"\r\n"), f"a write without a line end: {data[-60:]!r}"
        assert not self.closed, f"a write after close: {data[:60]!r}"
        self.writes_this_tick += 1
        if self.loss is not None or self.lost:
            return  # the other end is gone, and the server does not know yet
        self.heard(data)
        self.unread += len(data)
        if self.unread > SEND_QUEUE:
            self.loss = "SendQ exceeded"

    def close(self) -> None:
        self.closed = True
        if self.loss is None:
            self.loss = "Closed"

    @property
    def waiting_bytes(self) -> int:
        return self.unread

    # --- the network --------------------------------------------------------------------------------------

    @property
    def alive(self) -> bool:
        """Whether the server's words still reach the client."""
        return not self.closed and self.loss is None and not self.lost

    def arrive(self, size: int) -> None:
        """The first bytes under way reach the server, in one read."""
        chunk, self.outgoing = self.outgoing[:size], self.outgoing[size:]
        if chunk and not self.lost:
            self.session.received(chunk)

    def vanish(self, reason: str) -> None:
        """The client's end is gone; what was under way is lost."""
        self.outgoing = b""
        if self.loss is None:
            self.loss = reason

    def report_loss(self) -> None:
        """The door finds out. Exactly once."""
        if self.loss is not None and not self.lost:
            self.lost = True
            self.session.lost(self.loss)
