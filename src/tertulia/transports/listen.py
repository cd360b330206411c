"""A listener's URI to an open door.

What belongs here: which door answers which scheme, and what all listeners share: stopping, new certificates,
and surviving a shortage of files. What must not: how bytes travel (`stream`, `tls`, `websocket`), or what
they mean.

A PROXY header changes who a peer is: it is read between the listener and its wires (`proxy.py`).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import resource
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tertulia.limits import ACCEPT_BACKLOG, FILES_WARNING_SECONDS, SPARE_FILES
from tertulia.ports import Accept, Admit
from tertulia.transports.certificates import (
    TlsFiles,
    ensure_certificate,
    irc_context,
    load_web_certificate,
    web_context,
)
from tertulia.transports.http import HttpContext, HttpDoor
from tertulia.transports.plain import PlainSettings, plain_accept
from tertulia.transports.proxy import ProxyFront
from tertulia.transports.sockets import bind_tcp, bind_unix
from tertulia.transports.stream import Door, StreamWire
from tertulia.transports.uri import DoorError, Endpoint, parse_uri

__all__ = [
    "DoorContext",
    "DoorError",
    "HttpContext",
    "Listener",
    "PlainSettings",
    "TlsFiles",
    "open_listener",
]

log = logging.getLogger(__name__)

Factory = Callable[[], asyncio.Protocol]


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class DoorContext:
    """What doors need to know of the house."""

    server_name: str = "tertulia.local"
    tls: TlsFiles | None = None  # for ircs and https; made on first use
    http: HttpContext = field(default_factory=HttpContext)
    plain: Callable[[], PlainSettings] = PlainSettings  # as they are by then
    now: Callable[[], datetime] = _now
    admit: Admit = lambda address: True


@dataclass(slots=True)
class _Opening:
    """What a scheme's opener makes of an endpoint: protocols, and what to do at the end and for new
    certificates.
    """

    factory: Factory
    tls: Any = None  # ssl.SSLContext where the loop does TLS itself
    on_close: Callable[[], None] = lambda: None
    reload: Callable[[TlsFiles], None] = lambda files: None  # raises DoorError


class Listener:
    """One open door."""

    def __init__(self, endpoint: Endpoint, opening: _Opening, sockets: list[socket.socket]) -> None:
        port = 0 if endpoint.path else sockets[0].getsockname()[1]
        self.uri = endpoint.actual(port)
        self.port = port  # 0 for a Unix socket
        self._endpoint = endpoint
        self._opening = opening
        self._sockets = sockets
        self._servers: list[asyncio.Server] = []
        self._inode = _inode(endpoint.path)

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        factory = _FilesWatch(self._opening.factory, self.uri).protocol
        for listener in self._sockets:
            # asyncio's own loop takes up to `backlog` connections a turn and reports each failure to do so:
            # with a large one, running out of files is a storm of errors. The kernel's queue is set
            # afterwards.
            make = loop.create_unix_server if self._endpoint.path else loop.create_server
            server = await make(factory, sock=listener, backlog=1, ssl=self._opening.tls)
            listener.listen(ACCEPT_BACKLOG)
            self._servers.append(server)

    async def close(self) -> None:
        """Accept nobody any more. Connections that are open stay open: they are the server's to close."""
        for server in self._servers:
            server.close()
        self._servers.clear()
        self._opening.on_close()
        if self._inode is not None and _inode(self._endpoint.path) == self._inode:
            _remove(self._endpoint.path)

    def reload_tls(self, files: TlsFiles) -> str | None:
        """Read the certificate again, from where it is by now, for connections that are still to come. The
        error, when the old one stays.
        """
        try:
            self._opening.reload(files)
        except DoorError as error:
            log.error("%s keeps its old certificate: %s", self.uri, error)
            return str(error)
        return None


async def open_listener(uri: str, accept: Accept, context: DoorContext) -> Listener:
    """Open the door that `uri` names; every new connection goes to `accept`. Raises `DoorError`."""
    endpoint = parse_uri(uri)
    opening = _OPENERS[endpoint.kind.door](endpoint, accept, context)
    if endpoint.proxies and endpoint.kind.door != "http":  # which is told in headers
        behind, proxies = opening.factory, endpoint.proxies
        opening.factory = lambda: ProxyFront(behind, proxies)
    sockets = [bind_unix(endpoint)] if endpoint.path else bind_tcp(endpoint)
    listener = Listener(endpoint, opening, sockets)
    await listener.start()
    return listener


def _open_irc(endpoint: Endpoint, accept: Accept, context: DoorContext) -> _Opening:
    if not endpoint.kind.tls:
        door = Door(endpoint.scheme.partition("+")[0], accept)
        return _Opening(lambda: StreamWire(door))
    from tertulia.transports.tls import TlsDoor, TlsWire  # OpenSSL takes 50 ms to import

    files = _tls_files(endpoint, context)
    tls_door = TlsDoor("ircs", accept, secure=True, context=irc_context(files), admit=context.admit)

    def reload(files: TlsFiles) -> None:
        tls_door.context = irc_context(_made(files, context))

    return _Opening(lambda: TlsWire(tls_door), reload=reload)


def _open_http(endpoint: Endpoint, accept: Accept, context: DoorContext) -> _Opening:
    door = HttpDoor(accept, context.http, endpoint.proxies)
    if not endpoint.kind.tls:
        return _Opening(door.protocol, on_close=door.let_go)
    files = _tls_files(endpoint, context)
    tls = web_context(files)
    return _Opening(
        door.protocol, tls, door.let_go, lambda files: load_web_certificate(tls, _made(files, context))
    )


def _open_plain(endpoint: Endpoint, accept: Accept, context: DoorContext) -> _Opening:
    door = Door("plain", plain_accept(accept, context.plain))
    return _Opening(lambda: StreamWire(door))


_OPENERS = {"irc": _open_irc, "unix": _open_irc, "http": _open_http, "plain": _open_plain}


def _tls_files(endpoint: Endpoint, context: DoorContext) -> TlsFiles:
    if context.tls is None:
        raise DoorError(
            f"{endpoint.uri} cannot open: no place for its certificate is configured",
            f"{endpoint.uri} no se puede abrir: no está dicho dónde va su certificado",
        )
    return _made(context.tls, context)


def _made(files: TlsFiles, context: DoorContext) -> TlsFiles:
    """The same, when they are there. Raises `DoorError`."""
    if ensure_certificate(files, context.server_name, context.now()):
        log.info("made a self-signed certificate: %s", files.certificate)
    return files


class _FilesWatch:
    """Tells the operator before files run out: at that point the loop closes new connections (uvloop) or lets
    them wait (asyncio), and neither says so in words."""

    def __init__(self, factory: Factory, uri: str) -> None:
        self._factory = factory
        self._uri = uri
        self._count = 0
        self._quiet_until = 0.0

    def protocol(self) -> asyncio.Protocol:
        self._count += 1
        if self._count % (SPARE_FILES // 2) == 0:
            self._look()
        return self._factory()

    def _look(self) -> None:
        """A new file always gets the lowest free number, so that number says how many are open."""
        allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        try:
            lowest_free = os.dup(0)
            os.close(lowest_free)
        except OSError:
            lowest_free = allowed
        now = asyncio.get_running_loop().time()
        if lowest_free > allowed - SPARE_FILES and now >= self._quiet_until:
            self._quiet_until = now + FILES_WARNING_SECONDS
            log.error("%s: %d of %d files are open; raise `ulimit -n`", self._uri, lowest_free, allowed)


def _inode(path: str) -> int | None:
    try:
        return Path(path).stat().st_ino if path else None
    except OSError:
        return None


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        Path(path).unlink()
