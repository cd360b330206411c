"""What the verbs need to know of the configuration, as frozen values. `config` fills it; REHASH replaces
it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tertulia import limits


@dataclass(frozen=True, slots=True)
class Operator:
    name: str
    password: str  # clear or an argon2id hash


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits that an operator may move; the defaults are those of `limits`."""

    flood: bool = True  # False: no per-client rate limit at all
    flood_burst: int = limits.FLOOD_BURST
    flood_per_second: float = limits.FLOOD_PER_SECOND
    flood_lines_waiting: int = limits.FLOOD_LINES_WAITING
    connections: int = limits.CONNECTIONS
    connections_per_address: int = limits.CONNECTIONS_PER_ADDRESS
    registration_seconds: float = limits.REGISTRATION_SECONDS
    ping_seconds: float = limits.PING_SECONDS
    pong_seconds: float = limits.PONG_SECONDS
    hops: int = limits.HOPS


@dataclass(frozen=True, slots=True)
class ServerSettings:
    name: str = "tertulia.local"
    description: str = "A Tertulia server"
    network: str = "Tertulia"
    version: str = "tertulia"
    password: str | None = None
    language: str = "en"
    motd: tuple[str, ...] = ()
    admin: tuple[str, ...] = ()
    operators: tuple[Operator, ...] = ()
    started: str = ""  # for RPL_CREATED
    bounds: Bounds = field(default_factory=Bounds)
