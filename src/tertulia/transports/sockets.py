"""Listening sockets: bound, or an error that says which listener, why, and what to do.

What belongs here: everything that happens before the first `accept`. What must not: connections.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import stat
from pathlib import Path

from tertulia.limits import ACCEPT_BACKLOG
from tertulia.transports.stream import is_loopback
from tertulia.transports.uri import DoorError, Endpoint, refuse_public

KEEPALIVE = (("TCP_KEEPIDLE", 120), ("TCP_KEEPINTVL", 30), ("TCP_KEEPCNT", 4))  # seconds, seconds, times
PORT_TRIES = 8  # of the system, for a port that is free on all addresses of a name
SOCKET_FILE_MODE = 0o660  # the operator's user and group; others get in through a group

_NO_SUCH_FAMILY = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)

Advice = tuple[str, str]  # why it cannot be and what to do, in English and in Spanish
_ADVICE: dict[int, Advice] = {
    errno.EADDRINUSE: (
        "another program listens there already; stop it, or choose another port",
        "otro programa escucha ya ahí; detenlo, o elige otro puerto",
    ),
    errno.EAFNOSUPPORT: (
        "this machine has no IPv6; use an IPv4 address",
        "esta máquina no tiene IPv6; usa una dirección IPv4",
    ),
    errno.ENOENT: ("its folder does not exist; make it first", "su carpeta no existe; créala antes"),
    errno.ENOTDIR: ("a part of its path is not a folder", "una parte de su ruta no es una carpeta"),
    errno.EROFS: (
        "the disk is read-only there; choose another path",
        "el disco es ahí de solo lectura; elige otra ruta",
    ),
    errno.EMFILE: (
        "too many files are open; raise `ulimit -n`",
        "hay demasiados ficheros abiertos; sube `ulimit -n`",
    ),
}
_LOW_PORT: Advice = (
    "ports below 1024 are for root; choose a higher one, or grant CAP_NET_BIND_SERVICE",
    "los puertos por debajo de 1024 son de root; elige uno más alto, o concede CAP_NET_BIND_SERVICE",
)
_NOT_THERE: Advice = (
    "no permission to write there; choose another path, or change the folder's owner",
    "no hay permiso para escribir ahí; elige otra ruta, o cambia el dueño de la carpeta",
)
_TAKEN_PATH: Advice = (
    "a running program listens there already; stop it, or choose another path",
    "un programa en marcha escucha ya ahí; detenlo, o elige otra ruta",
)


def bind_tcp(endpoint: Endpoint) -> list[socket.socket]:
    """Sockets for each address the host means (localhost: 127.0.0.1 and ::1), on one port. Raises
    `DoorError`.
    """
    addresses = _resolve(endpoint)
    if not endpoint.kind.anywhere and not all(is_loopback(address) for _, address in addresses):
        raise refuse_public(endpoint)
    for left in reversed(range(PORT_TRIES if endpoint.port == 0 and len(addresses) > 1 else 1)):
        try:
            return _bind_all(endpoint, addresses)
        except DoorError:  # the port that the system chose for one address may be somebody's on another
            if not left:
                raise
    raise AssertionError("the last try returns or raises")


def _bind_all(endpoint: Endpoint, addresses: list[tuple[int, str]]) -> list[socket.socket]:
    bound: list[socket.socket] = []
    port = endpoint.port
    try:
        for family, address in addresses:
            listener = _bind_one(endpoint, family, address, port, optional=len(addresses) > 1)
            if listener is not None:
                bound.append(listener)
                port = listener.getsockname()[1]
        if not bound:
            raise _cannot_open(endpoint, _not_here(endpoint))
    except BaseException:
        for listener in bound:
            listener.close()
        raise
    return bound


def bind_unix(endpoint: Endpoint) -> socket.socket:
    """A listening socket at a path; what a dead process left there is replaced. Raises `DoorError`."""
    path = Path(endpoint.path)
    _clear(endpoint, path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    old_mask = os.umask(0o777 & ~SOCKET_FILE_MODE)  # so that the file is never open to all, not for a moment
    try:
        listener.bind(str(path))
        path.chmod(SOCKET_FILE_MODE)
        listener.listen(ACCEPT_BACKLOG)
    except OSError as error:
        listener.close()
        raise _explain(endpoint, error) from error
    finally:
        os.umask(old_mask)
    listener.setblocking(False)
    return listener


def _resolve(endpoint: Endpoint) -> list[tuple[int, str]]:
    try:
        found = socket.getaddrinfo(
            endpoint.host,
            endpoint.port,
            type=socket.SOCK_STREAM,
            flags=socket.AI_PASSIVE,
            proto=socket.IPPROTO_TCP,
        )
    except (OSError, UnicodeError) as error:
        advice = (
            f"nobody knows the name {endpoint.host}; write a numeric address",
            f"nadie conoce el nombre {endpoint.host}; escribe una dirección con números",
        )
        raise _cannot_open(endpoint, advice) from error
    return list(dict.fromkeys((int(family), str(address[0])) for family, _, _, _, address in found))


def _bind_one(
    endpoint: Endpoint, family: int, address: str, port: int, optional: bool
) -> socket.socket | None:
    listener: socket.socket | None = None
    try:
        listener = socket.socket(family, socket.SOCK_STREAM)
        _set_options(listener)
        listener.bind((address, port))
        listener.listen(ACCEPT_BACKLOG)
    except OSError as error:
        if listener is not None:
            listener.close()
        if optional and error.errno in _NO_SUCH_FAMILY:
            return None  # "localhost" on a machine without IPv6
        raise _explain(endpoint, error) from error
    listener.setblocking(False)
    return listener


def _set_options(listener: socket.socket) -> None:
    """On Linux accepted sockets inherit these, so they cost nothing per connection."""
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a restart need not wait for TIME_WAIT
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for name, value in KEEPALIVE:
        option = getattr(socket, name, None)
        if option is not None:
            listener.setsockopt(socket.IPPROTO_TCP, option, value)
    if listener.family == socket.AF_INET6:
        # [::] means IPv6; with IPv4 in it, "is this loopback?" would have two answers
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)


def _clear(endpoint: Endpoint, path: Path) -> None:
    """Remove the socket file of a dead process; refuse when a living one answers, or when it is no socket."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise _explain(endpoint, error) from error
    if not stat.S_ISSOCK(mode):
        advice = (
            f"{path} is there already and is not a socket; choose another name",
            f"{path} ya existe y no es un socket; elige otro nombre",
        )
        raise _cannot_open(endpoint, advice)
    if _answers(path):
        raise _cannot_open(endpoint, _TAKEN_PATH)
    with contextlib.suppress(FileNotFoundError):
        path.unlink()


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.setblocking(False)
        try:
            probe.connect(str(path))
        except BlockingIOError:
            return True  # its backlog is full: busy, and alive
        except OSError as error:
            return error.errno not in (errno.ECONNREFUSED, errno.ENOENT)
    return True


def _explain(endpoint: Endpoint, error: OSError) -> DoorError:
    """Which listener, why, and what to do."""
    number, told = error.errno or 0, error.strerror or str(error)
    if number in (errno.EACCES, errno.EPERM):
        return _cannot_open(endpoint, _NOT_THERE if endpoint.path else _LOW_PORT)
    if number == errno.EADDRNOTAVAIL:
        return _cannot_open(endpoint, _not_here(endpoint))
    return _cannot_open(endpoint, _ADVICE.get(number, (told, told)))


def _not_here(endpoint: Endpoint) -> Advice:
    return (
        f"this machine has no address {endpoint.host}; `ip address` lists those it has",
        f"esta máquina no tiene la dirección {endpoint.host}; `ip address` enumera las que tiene",
    )


def _cannot_open(endpoint: Endpoint, advice: Advice) -> DoorError:
    english, spanish = advice
    return DoorError(f"{endpoint.uri} cannot open: {english}", f"{endpoint.uri} no se puede abrir: {spanish}")
