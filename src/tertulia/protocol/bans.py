"""Bans of the whole server as values: whom one means, for how long, and what is told.

What belongs here: the record, and reading what people type as a target or a duration. What must not: whom a
ban hits (`state.bans`), whether it may be made (`policy.bans`), words for people (`commands.ban_words`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Literal, NamedTuple

from tertulia.limits import BAN_BYTES
from tertulia.protocol.casemap import fold
from tertulia.protocol.names import complete_mask

Kind = Literal["address", "mask", "account", "realname"]
Effect = Literal["ban", "login", "exempt"]
KINDS: tuple[Kind, ...] = ("address", "mask", "account", "realname")


class Target(NamedTuple):
    """Whom a ban means. `address`: a network in CIDR; `mask`: nick!user@host with `*` and `?`; `account`: a
    folded name; `realname`: a pattern."""

    kind: str  # a `Kind`
    text: str


@dataclass(frozen=True, slots=True)
class BanRecord:
    """All that is kept of a ban, of an exemption from bans, or of a network that must log in."""

    kind: str  # a `Kind`
    target: str
    effect: str = "ban"  # an `Effect`: kept out; let in with an account only; never kept out
    reason: str = ""  # what the banned are told
    note: str = ""  # what only operators read
    set_by: str = ""
    set_at: int = 0  # seconds since 1970
    expires_at: int = 0  # the same; 0: never

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.target


@dataclass(frozen=True, slots=True)
class BanGone:
    """A ban that is lifted or has expired."""

    kind: str
    target: str


# --- what people type -----------------------------------------------------------------------------

_SIGNS = {
    "a": "account",
    "account": "account",
    "cuenta": "account",
    "r": "realname",
    "realname": "realname",
    "nombre": "realname",
}
_SIGN = re.compile(r"[~$]?([a-z]+):(.+)", re.DOTALL | re.IGNORECASE)  # `~a:`, as bans of rooms are written
_UNITS = {"y": 31_536_000, "mo": 2_592_000, "w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_DURATION = re.compile(r"(?:\d{1,6}(?:y|mo|w|d|h|m|s))+")
_PART = re.compile(r"(\d+)(y|mo|w|d|h|m|s)")
SECONDS_MOST = 100 * 31_536_000  # who means longer than a lifetime means for ever


def target(text: str) -> Target | None:
    """Who is meant by `192.0.2.0/24`, `nick!user@host`, `*@host`, `account:ana` or `realname:*spam*`.

    None when it is none of these: a bare word is somebody's name, which only the network knows.
    """
    text = text[:BAN_BYTES]
    if (network := network_of(text)) is not None:
        return Target("address", network)
    if (sign := _SIGN.fullmatch(text)) and sign[1].lower() in _SIGNS:
        kind = _SIGNS[sign[1].lower()]
        return Target(kind, fold(sign[2]))
    if "@" in text or "!" in text or "*" in text:
        mask = complete_mask(text)
        network = network_of(mask.removeprefix("*!*@"))
        return Target("address", network) if network is not None else Target("mask", fold(mask))
    return None


def network_of(text: str) -> str | None:
    """An address or network in its one form: `192.0.2.7/32`, `2001:db8::/64`; None for anything else."""
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return None
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    if mapped is not None and network.prefixlen >= 96:
        return str(ip_network((mapped, network.prefixlen - 96), strict=False))
    return str(network)


def shown(kind: str, text: str) -> str:
    """A target as it can be typed again; single addresses without their length."""
    if kind == "address":
        return text.removesuffix("/128" if ":" in text else "/32")
    return text if kind == "mask" else f"{kind}:{text}"


def seconds_of(text: str, bare_minutes: bool = False) -> int | None:
    """`1d12h`, `90m`, `2w`; with `bare_minutes` a number alone is minutes, and 0 for ever. None: not a time.

    0 is for ever.
    """
    if bare_minutes and text.isascii() and text.isdecimal() and len(text) < 9:
        return min(int(text) * 60, SECONDS_MOST)
    if not _DURATION.fullmatch(text.lower()):
        return None
    parts = _PART.findall(text.lower())
    return min(sum(int(number) * _UNITS[unit] for number, unit in parts), SECONDS_MOST)


def written(seconds: int) -> str:
    """A duration in its two largest units: `1d12h`."""
    parts: list[str] = []
    for unit, size in _UNITS.items():
        number, seconds = divmod(seconds, size)
        if number:
            parts.append(f"{number}{unit}")
    return "".join(parts[:2]) or "0s"
