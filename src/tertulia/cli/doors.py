"""The doors of the house: opened together, described to people, closed together.

What belongs here: which doors, and how one joins at each. What must not: how a door works (`transports`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from shlex import quote
from urllib.parse import urlsplit

from tertulia.cli.language import say
from tertulia.ports import Accept
from tertulia.transports.certificates import TlsFiles
from tertulia.transports.listen import DoorContext, DoorError, Listener, open_listener

# How to join, by scheme; braces are filled from the URI.
JOIN = {
    "irc": "irssi -c {host} -p {port}",
    "ircs": "openssl s_client -crlf -quiet -connect {netloc}",
    "unix": "nc -U {path}",
    "http": "http://{netloc}/",
    "https": "https://{netloc}/",
    "plain": "nc {host} {port}",
}
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # an address to listen on is none to connect to


@dataclass(slots=True)
class Doors:
    """All that are open."""

    listeners: list[Listener] = field(default_factory=list)

    async def open(self, uris: Iterable[str], accept: Accept, context: DoorContext) -> None:
        """Open every one, or none. Raises `DoorError`."""
        try:
            for uri in uris:
                self.listeners.append(await open_listener(uri, accept, context))
        except DoorError:
            await self.close()
            raise

    async def close(self) -> None:
        for listener in self.listeners:
            await listener.close()
        self.listeners.clear()

    def reload_certificates(self, files: TlsFiles) -> list[str]:
        """Read the certificate again, which may be another one; what went wrong, door by door."""
        return [error for listener in self.listeners if (error := listener.reload_tls(files)) is not None]

    def uris(self) -> list[str]:
        return [listener.uri for listener in self.listeners]


def how_to_join(uri: str) -> str:
    """A command that joins at this door, or the address for a client."""
    parts = urlsplit(uri)
    scheme = parts.scheme.removesuffix("+insecure")
    host = EVERYWHERE.get(parts.hostname or "", parts.hostname or "")
    port = parts.port or 0
    netloc = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return JOIN[scheme].format(host=host, port=port, path=quote(parts.path), netloc=netloc)


def opening_lines(name: str, version: str, uris: Iterable[str]) -> list[str]:
    """What a person sees first: that it is open, and how to come in at each door."""
    open_at = list(uris)
    width = max((len(uri) for uri in open_at), default=0)
    doors = [f"  {uri:<{width}}  {how_to_join(uri)}" for uri in open_at]
    title = say(f"Tertulia {version} is open as {name}", f"Tertulia {version} está abierta como {name}")
    return [title, *doors]
