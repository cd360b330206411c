"""Hosts: cloaks of addresses, and which hosts may be shown.

What belongs here: pure functions of an address and a key. What must not: who sees what (`policy.user`).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import re

from tertulia.limits import HOST_BYTES

PREFIXES = {4: (32, 24, 16), 6: (128, 64, 48)}  # bits: one address, its neighbours, its provider's block
PART_CHARACTERS = 10  # 50 bits of each keyed hash: no two networks of one server will meet
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9./:_-]*")


def host_of(address: str, key: str) -> str:
    """What is shown of an address: its cloak, where there is a key and something to hide; else itself."""
    if key and not is_own(address):
        return cloak(address, key)
    return address[:HOST_BYTES].lstrip(":") or "localhost"


def cloak(address: str, key: str) -> str:
    """`address.network.block.ip`: keyed hashes, so that equal addresses and networks look equal, and a ban of
    `*!*@*.block.ip` still shuts a whole network out, while nobody without the key learns where somebody is.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return f"{_part(address, key)}.ip"
    networks = (ipaddress.ip_network((found, bits), strict=False) for bits in PREFIXES[found.version])
    return ".".join([*(_part(str(network), key) for network in networks), "ip"])


def is_own(address: str) -> bool:
    """Whether it is this machine's own: there is nothing to hide."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return True  # "localhost": a Unix socket or memory


def valid_host(host: str) -> bool:
    """Whether a host may be shown: it never looks like anything else in a prefix or a parameter."""
    return len(host) <= HOST_BYTES and _HOST.fullmatch(host) is not None


def _part(text: str, key: str) -> str:
    digest = hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:PART_CHARACTERS]
