"""The PROXY protocol, versions 1 and 2: a proxy says in front of the bytes from whom they really come.

What belongs here: reading that header, and a protocol that waits for it and then makes room for a wire. What
must not: which doors want it (`uri.py`), wires themselves.

Source: the HAProxy project's "The PROXY protocol, Versions 1 & 2". A door either always has the header or
never: "The receiver MUST be configured to only receive the protocol described in this specification and MUST
not try to guess whether the protocol header is present or not."
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import re
import struct
from collections.abc import Callable
from typing import Any, NamedTuple

from tertulia.limits import HANDSHAKE_SECONDS, PROXY_HEADER_BYTES

log = logging.getLogger(__name__)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
OWN_MACHINE: tuple[Network, ...] = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"  # version 2
LINE_BYTES = 107  # version 1: "the maximum line lengths the receiver must support including the CRLF"
_FIXED = 16  # version 2: signature, version and command, family, length
_ADDRESSES = {0x11: (4, 12), 0x21: (16, 36)}  # TCP over IPv4 and IPv6: bytes of one address, and of all four
_TYPE_SSL, _CLIENT_SSL = 0x20, 0x01


class Malformed(ValueError):
    """What arrived is no PROXY header."""


class Header(NamedTuple):
    """Who is behind the proxy; no address when the proxy speaks for itself (LOCAL, UNKNOWN)."""

    size: int  # bytes of the header; what follows is the client's
    address: str = ""
    port: int = 0
    tls: bool = False  # the client came to the proxy over TLS (version 2)


def read(data: bytes) -> Header | None:
    """The header at the beginning of `data`; None while it is not whole. Raises `Malformed`."""
    if data[: len(SIGNATURE)] == SIGNATURE[: len(data)]:
        return _version_2(data) if len(data) >= _FIXED else None
    if data[:6] == b"PROXY "[: len(data)]:
        return _version_1(data)
    raise Malformed("no PROXY header")


def _version_1(data: bytes) -> Header | None:
    """`PROXY TCP4 192.0.2.1 198.51.100.1 56324 6667`"""
    line, end, _ = data[:LINE_BYTES].partition(b"\r\n")
    if not end:
        if len(data) >= LINE_BYTES:
            raise Malformed("the line has no end")
        return None
    size = len(line) + 2
    words = line.decode("ascii", "replace").split(" ")
    if words[1] == "UNKNOWN":
        return Header(size)
    if len(words) != 6 or words[1] not in ("TCP4", "TCP6") or not re.fullmatch(r"[0-9]{1,5}", words[4]):
        raise Malformed("not PROXY TCP4|TCP6 source target port port")
    version, port = (4 if words[1] == "TCP4" else 6), int(words[4])
    if _address(words[2]).version != version or _address(words[3]).version != version or port > 65_535:
        raise Malformed("addresses or ports that cannot be")
    return Header(size, _address(words[2]).compressed, port)


def _version_2(data: bytes) -> Header | None:
    version_command, family, length = struct.unpack_from("!BBH", data, len(SIGNATURE))
    if version_command >> 4 != 2 or version_command & 0x0F > 1:
        raise Malformed("another version or command")
    if length > PROXY_HEADER_BYTES:
        raise Malformed("too long")
    size = _FIXED + length
    if len(data) < size:
        return None
    if version_command & 0x0F == 0 or family not in _ADDRESSES:
        return Header(size)  # LOCAL; or a family that we do not listen on: "must ... use the real endpoints"
    one, every = _ADDRESSES[family]
    if length < every:
        raise Malformed("shorter than its addresses")
    source = ipaddress.ip_address(data[_FIXED : _FIXED + one]).compressed
    (port,) = struct.unpack_from("!H", data, _FIXED + 2 * one)
    return Header(size, source, port, _came_by_tls(data[_FIXED + every : size]))


def _came_by_tls(values: bytes) -> bool:
    """Whether the list of type, length and value has PP2_TYPE_SSL with PP2_CLIENT_SSL. Raises `Malformed`."""
    at = 0
    while at + 3 <= len(values):
        kind, length = struct.unpack_from("!BH", values, at)
        value = values[at + 3 : at + 3 + length]
        if len(value) < length:
            raise Malformed("a value that is cut")
        if kind == _TYPE_SSL and value and value[0] & _CLIENT_SSL:
            return True
        at += 3 + length
    return False


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        raise Malformed("not an address") from None


def is_trusted(address: str, trusted: tuple[Network, ...]) -> bool:
    """Whether a numeric address lies in one of the networks; a Unix socket has none and is trusted."""
    if not address:
        return True
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or found
    return any(mapped in network for network in trusted)


class ProxyFront(asyncio.Protocol):
    """Waits for the header, then hands the transport to the wire that `factory` makes."""

    def __init__(self, factory: Callable[[], asyncio.Protocol], trusted: tuple[Network, ...]) -> None:
        self._factory = factory
        self._trusted = trusted
        self._data = b""
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        if not is_trusted(_from(transport), self._trusted):
            self._refuse("it is not among the proxies of this door")
            return
        self._timer = asyncio.get_running_loop().call_later(
            HANDSHAKE_SECONDS, self._refuse, "it said nothing"
        )

    def data_received(self, data: bytes) -> None:
        if self._transport.is_closing():
            return
        self._data += data
        try:
            header = read(self._data)
        except Malformed as error:
            self._refuse(str(error))
            return
        if header is not None:
            self._make_room(header)

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel()

    def _make_room(self, header: Header) -> None:
        self._cancel()
        wire = self._factory()
        self._transport.set_protocol(wire)
        transport: Any = _Forwarded(self._transport, header) if header.address else self._transport
        wire.connection_made(transport)
        rest = self._data[header.size :]
        if rest and not self._transport.is_closing():
            wire.data_received(rest)

    def _refuse(self, why: str) -> None:
        log.warning("a connection from %s was refused: %s", _from(self._transport) or "a Unix socket", why)
        self._cancel()
        self._transport.abort()

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _from(transport: asyncio.BaseTransport) -> str:
    """The numeric address at the other end; empty for a Unix socket."""
    peername = transport.get_extra_info("peername")
    return str(peername[0]) if isinstance(peername, tuple) and peername else ""


class _Forwarded:
    """A transport that says of its peer what the proxy said; all else is the transport's own."""

    __slots__ = ("_header", "_transport")

    def __init__(self, transport: Any, header: Header) -> None:
        self._transport = transport
        self._header = header

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        told = {
            "peername": (self._header.address, self._header.port),
            "socket": None,
            "tls": self._header.tls,
        }
        return told[name] if name in told else self._transport.get_extra_info(name, default)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
