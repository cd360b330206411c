"""TLS for IRC: a `StreamWire` whose bytes pass through OpenSSL in memory.

What belongs here: handshake, records, and the certificate of the other side. What must not: certificates'
files (`certificates.py`), IRC.

Everything is bounded: what arrives is decrypted at once and never kept; what is encrypted goes to the
transport, which has the limit of every wire; a handshake has a deadline, and only so many run at once.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field, replace
from typing import Any

from OpenSSL import SSL

from tertulia.limits import HANDSHAKE_SECONDS, HANDSHAKES, SEND_QUEUE_BYTES
from tertulia.ports import Admit, Peer
from tertulia.transports.stream import CLOSED, Door, StreamWire, peer_of

log = logging.getLogger(__name__)

HANDSHAKE_RECORD = 0x16  # RFC 8446 5.1: ContentType handshake, the first byte of every TLS connection
RECORD_BYTES = 16_384  # RFC 8446 5.1: the most plain text one record holds
WIRE_BYTES = 65_536  # how much is taken out of OpenSSL at once
NOT_TLS = (
    "ERROR :This port speaks TLS: switch it on in your client. / "
    "Este puerto habla TLS: actívalo en tu programa.\r\n"
).encode()


def _anybody(address: str) -> bool:
    return True


@dataclass(slots=True)
class TlsDoor(Door):
    """What all TLS wires of one listener share. `context` is replaced when the certificate changes."""

    context: SSL.Context = field(kw_only=True)
    handshakes: int = 0  # running now
    admit: Admit = _anybody


class TlsWire(StreamWire):
    """A `Wire` over TLS. The server hears of it when the handshake is done, and not at all when it fails."""

    __slots__ = ("_peer_so_far", "_tls")

    _door: TlsDoor

    def __init__(self, door: TlsDoor) -> None:
        super().__init__(door)
        self._tls: SSL.Connection | None = None
        self._peer_so_far: Peer | None = None  # until the handshake is done

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._door.connections += 1
        self._door.handshakes += 1
        self._peer_so_far = peer = peer_of(transport, self._door)
        transport.set_write_buffer_limits(high=SEND_QUEUE_BYTES)
        if self._door.handshakes > HANDSHAKES:
            self._reason = "Too many handshakes"
            transport.abort()
            return
        if not peer.local:  # before the handshake, which is what a flood of connections costs
            if not self._door.admit(peer.address):
                self._reason = "Not admitted"
                transport.abort()
                return
            self._peer_so_far = replace(peer, admitted=True)
        self._timer = asyncio.get_running_loop().call_later(HANDSHAKE_SECONDS, self._too_late)

    def data_received(self, data: bytes) -> None:
        if self._reason is not None:
            return  # closing: nothing of it is wanted
        if self._tls is None:
            if data[0] != HANDSHAKE_RECORD:
                self._transport.write(NOT_TLS)
                self._finish("Not TLS")
                return
            self._tls = SSL.Connection(self._door.context, None)
            self._tls.set_accept_state()
        self._tls.bio_write(data)
        self._advance(self._tls)

    def eof_received(self) -> bool:
        """An end without close_notify is an end all the same: IRC lines carry their own."""
        if self._peer_so_far is not None:
            return False
        return super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._handshake_over()
        self._tls = None
        super().connection_lost(exc)

    # --- in -------------------------------------------------------------------------------------------------

    def _advance(self, tls: SSL.Connection) -> None:
        """Carry on with what has arrived: the handshake first, then all plain text there is."""
        try:
            if self._peer_so_far is not None:
                tls.do_handshake()
                self._established(tls, self._peer_so_far)
            while self._reason is None:
                plain = tls.recv(RECORD_BYTES)
                if self._receiver is not None and self._reason is None:
                    self._receiver.received(plain)
        except SSL.WantReadError:
            self._flush(tls)
        except SSL.ZeroReturnError:  # close_notify: they say no more; what they asked is still answered
            self._flush(tls)
            if not self._input_over:
                super().eof_received()
        except SSL.Error as error:
            log.debug("TLS with %s failed: %s", self._transport.get_extra_info("peername"), error)
            self._flush(tls)  # the alert that says why
            self._finish("TLS failure")

    def _established(self, tls: SSL.Connection, peer: Peer) -> None:
        self._handshake_over()
        self._cancel_timer()
        self._flush(tls)
        certificate = tls.get_peer_certificate()
        if certificate is not None:
            peer = replace(peer, fingerprint=certificate.digest("sha256").decode().replace(":", "").lower())
        self.peer = peer
        self.write = self._encrypt
        self._receiver = self._door.accept(self)

    def _handshake_over(self) -> None:
        if self._peer_so_far is not None:
            self._peer_so_far = None
            self._door.handshakes -= 1

    def _too_late(self) -> None:
        self._timer = None
        self._reason = "TLS handshake timed out"
        self._transport.abort()

    # --- out ------------------------------------------------------------------------------------------------

    def _encrypt(self, data: bytes) -> None:
        tls = self._tls
        if tls is None or not data:
            return
        try:
            tls.sendall(data)
        except SSL.Error:
            if self._reason is None:
                self._reason = CLOSED
            self._transport.abort()
        else:
            self._flush(tls)

    def _flush(self, tls: SSL.Connection) -> None:
        try:
            while True:
                self._transport.write(tls.bio_read(WIRE_BYTES))
        except SSL.WantReadError:
            pass

    def _last_words(self) -> None:
        """close_notify (RFC 8446 6.1), so that nobody can cut the talk short unnoticed."""
        if self._tls is None or self._peer_so_far is not None:
            return
        try:
            self._tls.shutdown()
        except SSL.Error:
            return
        self._flush(self._tls)
