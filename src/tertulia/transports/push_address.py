"""Where a notification may be sent: an endpoint is a URL that a member gave us, so it is not to be trusted.

What belongs here: which URLs, and which addresses their names may lead to. What must not: sending
(`push.py`).

A server that fetches what it is told to is a way into the network that it stands in. So: https alone, no
credentials in the URL, no address that is not public, redirects are not followed, and the connection is made
to the very address that was judged (a name may lead somewhere else a moment later).
"""

from __future__ import annotations

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))  # IPv4 addresses in another dress
PORTS = {"https": 443, "http": 80}


class Endpoint(NamedTuple):
    scheme: str
    host: str
    port: int
    path: str  # with the query

    @property
    def authority(self) -> str:
        """As the header Host writes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"


def endpoint_of(url: str, private: bool) -> Endpoint | None:
    """The parts of a URL that may be pushed to; None when it may not. `private`: any address and http too."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return None
    if parts.scheme not in (("https", "http") if private else ("https",)) or not host or "@" in parts.netloc:
        return None
    if parts.fragment or (not private and not _may_be_public(host)):
        return None
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    return Endpoint(parts.scheme, host, port or PORTS[parts.scheme], path)


def _may_be_public(host: str) -> bool:
    try:
        return is_public(ip_address(host))
    except ValueError:
        return "." in host and not host.endswith((".localhost", ".local", ".internal", ".localhost."))


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is somewhere in the internet, and not this machine, this network, or a disguise of them."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped or address.sixtofour or address.teredo:
            return False
        if any(address in network for network in NAT64):
            return False
    return address.is_global and not address.is_multicast


async def addresses_of(endpoint: Endpoint, private: bool) -> list[str]:
    """The addresses of a host, one at least. Raises OSError: also when any of them is not public."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    for address in addresses:
        if not private and not is_public(ip_address(address.partition("%")[0])):
            raise OSError(f"{endpoint.host} is not a public address")
    if not addresses:
        raise OSError(f"{endpoint.host} has no address")
    return addresses
