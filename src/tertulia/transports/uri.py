"""A listener's URI as a value, or an error that says what is wrong and what to write.

What belongs here: the schemes as a table, and the rule that plain text stays on this machine unless the
scheme says otherwise by name. What must not: sockets. This is what `tertulia check` asks, so nothing here
touches the network.
"""

from __future__ import annotations

import difflib
import ipaddress
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import urlsplit

from tertulia.transports.proxy import OWN_MACHINE, Network

UNIX_PATH_BYTES = 107  # sun_path is 108 bytes on Linux, the last of them NUL (unix(7))


class DoorError(Exception):
    """A listener that cannot be: `str()` says which, why, and what to do; `spanish` too. For the operator."""

    def __init__(self, english: str, spanish: str) -> None:
        super().__init__(english)
        self.spanish = spanish


class Scheme(NamedTuple):
    door: str  # "irc", "unix", "http", "plain": which of our doors answers
    port: int
    tls: bool
    anywhere: bool  # may listen on addresses other than this machine's own
    what: str  # for people: what joins here


SCHEMES = {
    "irc": Scheme("irc", 6667, False, False, "IRC without encryption, for programs on this machine"),
    "irc+insecure": Scheme("irc", 6667, False, True, "IRC without encryption, open to the network"),
    "ircs": Scheme("irc", 6697, True, True, "IRC over TLS"),
    "unix": Scheme("unix", 0, False, True, "IRC over a Unix socket"),
    "http": Scheme("http", 8080, False, False, "web page, WebSocket, health and metrics, on this machine"),
    "http+insecure": Scheme(
        "http", 8080, False, True, "web page and WebSocket without encryption, open to the network"
    ),
    "https": Scheme("http", 8443, True, True, "web page, WebSocket, health and metrics over TLS"),
    "plain": Scheme("plain", 7000, False, False, "plain text for nc and telnet, on this machine"),
    "plain+insecure": Scheme("plain", 7000, False, True, "plain text for nc and telnet, open to the network"),
}

# What people write when they mean one of ours.
_MEANT = {
    "ws": "http",
    "wss": "https",
    "tcp": "irc",
    "tls": "ircs",
    "ssl": "ircs",
    "irc+tls": "ircs",
    "telnet": "plain",
    "nc": "plain",
    "file": "unix",
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a door is to be opened."""

    uri: str  # as it was written
    scheme: str
    host: str  # name or numeric address, without brackets; "" for unix
    port: int  # 0: the system chooses
    path: str  # unix only
    proxies: tuple[Network, ...] = ()  # who tells from whom connections come; none: nobody does

    @property
    def kind(self) -> Scheme:
        return SCHEMES[self.scheme]

    def actual(self, port: int) -> str:
        """The URI with the port that was really taken."""
        if self.path:
            return f"{self.scheme}://{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{port}"


def parse_uri(uri: str) -> Endpoint:
    """The endpoint a URI means. Raises `DoorError`."""
    scheme, separator, rest = uri.strip().partition("://")
    scheme = scheme.lower()
    if not separator:
        raise DoorError(
            f'"{uri}" is not a listener; write one like irc://127.0.0.1:6667 or unix:///run/tertulia.sock',
            f"«{uri}» no es una puerta; escribe algo como irc://127.0.0.1:6667 o unix:///run/tertulia.sock",
        )
    if scheme not in SCHEMES:
        raise _unknown(uri, scheme, rest)
    rest, proxy, networks = rest.partition("?proxy=")
    endpoint = _unix(uri, rest) if scheme == "unix" else _network(uri, scheme, rest)
    return replace(endpoint, proxies=_proxies(endpoint, networks)) if proxy else endpoint


def is_public(host: str) -> bool | None:
    """Whether an address is more than this machine's own; None when a name has to be looked up to know."""
    if host == "localhost":
        return False
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return None


def refuse_public(endpoint: Endpoint) -> DoorError:
    """Why a plain-text door does not open on a public address, and the two ways on."""
    where = endpoint.actual(endpoint.port).partition("://")[2]
    tls = {"irc": f"ircs://{where}", "http": f"https://{where}"}.get(endpoint.kind.door)
    safe, seguro = (f"use {tls}, or ", f"usa {tls}, o ") if tls else ("", "")
    return DoorError(
        f'"{endpoint.uri}": without encryption everybody on the way reads all that is said, so '
        f'"{endpoint.scheme}" opens on this machine only (127.0.0.1, ::1); '
        f"{safe}say that you want it: {endpoint.scheme}+insecure://{where}",
        f"«{endpoint.uri}»: sin cifrado, cualquiera en el camino lee todo lo que se dice, así que "
        f"«{endpoint.scheme}» solo se abre en esta máquina (127.0.0.1, ::1); "
        f"{seguro}di que lo quieres: {endpoint.scheme}+insecure://{where}",
    )


def _unix(uri: str, path: str) -> Endpoint:
    if not path.startswith("/"):
        written = f"unix:///{path or 'run/tertulia.sock'}"
        raise DoorError(
            f'"{uri}": the path must begin with "/"; write {written}',
            f"«{uri}»: la ruta debe empezar por «/»; escribe {written}",
        )
    if path.endswith("/"):
        raise DoorError(
            f'"{uri}" names a folder; write the socket\'s own name too: unix://{path}tertulia.sock',
            f"«{uri}» nombra una carpeta; escribe también el nombre del socket: unix://{path}tertulia.sock",
        )
    if len(path.encode()) > UNIX_PATH_BYTES:
        raise DoorError(
            f'"{uri}": the system allows {UNIX_PATH_BYTES} bytes for a socket\'s path; use a shorter one',
            f"«{uri}»: el sistema admite {UNIX_PATH_BYTES} bytes en la ruta de un socket; usa una más corta",
        )
    return Endpoint(uri, "unix", "", 0, path)


def _network(uri: str, scheme: str, rest: str) -> Endpoint:
    example = f"{scheme}://127.0.0.1:{SCHEMES[scheme].port}"
    try:
        parts = urlsplit(f"//{rest}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        why, razon = _why(rest)
        raise DoorError(
            f'"{uri}": {why}; write it like {example}', f"«{uri}»: {razon}; escríbelo como {example}"
        ) from None
    if parts.path not in ("", "/") or parts.query or parts.fragment or parts.username is not None:
        raise DoorError(
            f'"{uri}": a listener is an address and a port and nothing else; write it like {example}',
            f"«{uri}»: una puerta es una dirección y un puerto y nada más; escríbela como {example}",
        )
    if host in ("", "*"):
        raise DoorError(
            f'"{uri}" has no address; write {example} for this machine, '
            "or the address 0.0.0.0 or [::] for all networks",
            f"«{uri}» no tiene dirección; escribe {example} para esta máquina, "
            "o la dirección 0.0.0.0 o [::] para todas las redes",
        )
    port = SCHEMES[scheme].port if port is None else port
    endpoint = Endpoint(uri, scheme, host, port, "")
    if not endpoint.kind.anywhere and is_public(host):
        raise refuse_public(endpoint)
    return endpoint


def _proxies(endpoint: Endpoint, text: str) -> tuple[Network, ...]:
    """Whose word about addresses is believed: "1" is this machine's own, else networks with commas."""
    if text == "1":
        return OWN_MACHINE
    try:
        return tuple(ipaddress.ip_network(item.strip()) for item in text.split(","))
    except ValueError as error:
        raise DoorError(
            f'"{endpoint.uri}": {error}; write ?proxy=1 for a proxy on this machine, '
            "or its networks: ?proxy=192.0.2.7,2001:db8::/64",
            f"«{endpoint.uri}»: algo de ahí no es una red; escribe ?proxy=1 si está en esta máquina, "
            "o sus redes: ?proxy=192.0.2.7,2001:db8::/64",
        ) from None


def _why(rest: str) -> tuple[str, str]:
    host, _, port = rest.rstrip("/").rpartition(":")
    if ":" in host and not host.startswith("["):
        brackets = f"[{host}]:{port}"
        return (
            f"an IPv6 address stands in brackets: {brackets}",
            f"una dirección IPv6 va entre corchetes: {brackets}",
        )
    if "[" in rest and "]" not in rest:
        return (
            "the bracket of the IPv6 address is not closed",
            "falta cerrar el corchete de la dirección IPv6",
        )
    if port.isdigit():
        return (
            f"there is no port {port}; ports go from 0 (the system chooses) to 65535",
            f"no existe el puerto {port}; van del 0 (elige el sistema) al 65535",
        )
    return "the port is not a number", "el puerto no es un número"


def _unknown(uri: str, scheme: str, rest: str) -> DoorError:
    near = _MEANT.get(scheme) or next(iter(difflib.get_close_matches(scheme, SCHEMES, 1)), None)
    if near:
        hint, pista = (
            f"did you mean {near}://{rest} ({SCHEMES[near].what})?",
            f"¿querías decir {near}://{rest}?",
        )
    else:
        hint, pista = f"there are {', '.join(SCHEMES)}", f"hay {', '.join(SCHEMES)}"
    return DoorError(
        f'"{uri}": no door speaks "{scheme}"; {hint}', f"«{uri}»: ninguna puerta habla «{scheme}»; {pista}"
    )
