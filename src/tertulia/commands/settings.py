"""What the verbs need to know of the configuration, as frozen values. `config` fills it; REHASH replaces
it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from tertulia import limits
from tertulia.protocol.rights import EVERY


@dataclass(frozen=True, slots=True)
class Operator:
    """Who may become one: whoever shows all that is named here."""

    name: str
    password: str | None = None  # clear or an argon2id hash
    certificate: str = ""  # SHA-256 fingerprint of a client's certificate
    account: str = ""  # folded name
    auto: bool = False  # without asking, once certificate or account are shown
    rights: frozenset[str] = EVERY
    title: str = ""  # how WHOIS calls them; "": as it calls all


@dataclass(frozen=True, slots=True)
class Sts:
    """Strict transport security (IRCv3 sts): where TLS is, and for how many seconds clients insist on it."""

    port: int
    duration: int = 0


@dataclass(frozen=True, slots=True)
class Gateway:
    """A web client's gateway that may say whose connection it brings (IRCv3 webirc)."""

    name: str
    password: str  # clear or an argon2id hash
    networks: tuple[IPv4Network | IPv6Network, ...]  # from where it comes

    def is_at(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self.networks)


@dataclass(frozen=True, slots=True)
class Service:
    """Something outside of IRC for which members can show who they are (IRCv3 authtoken)."""

    key: str
    url: str
    description: str
    networks: tuple[IPv4Network | IPv6Network, ...] = ()  # from where it may check tokens
    guests: str = "none"  # "none": it wants an account; "local": or a guest on this machine; "all"

    def admits(self, account: str | None, local: bool) -> bool:
        """Whether somebody with this account, or a guest, may have a token."""
        return account is not None or self.guests == "all" or (self.guests == "local" and local)


@dataclass(frozen=True, slots=True)
class Files:
    """How much may be handed in, and for how long it stays."""

    file_bytes: int = limits.FILE_BYTES
    quota_bytes: int = limits.FILE_QUOTA_BYTES
    total_bytes: int = limits.FILE_TOTAL_BYTES
    days: int = limits.FILE_DAYS  # 0: for ever
    strip_metadata: bool = True  # of pictures: where they were taken


@dataclass(frozen=True, slots=True)
class Accounts:
    """Who may have one, and who needs one."""

    registration: bool = True  # whether people may make accounts by themselves
    before_connect: bool = True  # even before they have entered
    guests: bool = True  # whether one may enter without an account
    always_on: str = "opt-in"  # who stays without a connection: opt-in, opt-out, mandatory, disabled
    always_on_days: int = limits.ALWAYS_ON_DAYS  # of absence, after which one leaves; 0: never
    multi_session: bool = True  # whether several connections of an account are one user, unless it chose
    password_characters: int = limits.PASSWORD_CHARACTERS  # at least


@dataclass(frozen=True, slots=True)
class History:
    """What is remembered, and for how long."""

    events: bool = True  # who came and went, topics, modes, reactions
    days: int = 0  # after which what was said is deleted; 0: never
    event_days: int = 90  # the same of what was done; it is only worth something beside talk


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits that an operator may move; the defaults are those of `limits`."""

    flood: bool = True  # False: no per-client rate limit at all
    flood_burst: int = limits.FLOOD_BURST
    flood_per_second: float = limits.FLOOD_PER_SECOND
    flood_lines_waiting: int = limits.FLOOD_LINES_WAITING
    connections: int = limits.CONNECTIONS
    connections_per_address: int = limits.CONNECTIONS_PER_ADDRESS
    connections_per_network: int = limits.CONNECTIONS_PER_NETWORK
    address_bits_v4: int = limits.ADDRESS_BITS_V4
    address_bits_v6: int = limits.ADDRESS_BITS_V6
    network_bits_v4: int = limits.NETWORK_BITS_V4
    network_bits_v6: int = limits.NETWORK_BITS_V6
    connects_per_address: int = limits.CONNECTS_PER_ADDRESS
    connect_seconds: float = limits.CONNECT_SECONDS
    connect_ban_seconds: float = limits.CONNECT_BAN_SECONDS
    exempt: tuple[IPv4Network | IPv6Network, ...] = ()  # from limits of connections, throttles and levels
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
    capabilities_off: frozenset[str] = frozenset()  # names that are not offered
    client_tags_denied: tuple[str, ...] = ()  # as ISUPPORT CLIENTTAGDENY writes them
    icon: str = ""  # URL of the network's picture
    sts: Sts | None = None
    cloak_key: str = ""  # empty: addresses are shown
    gateways: tuple[Gateway, ...] = ()
    services: tuple[Service, ...] = ()
    files: Files = field(default_factory=Files)
    web: str = ""  # address of the HTTP door as browsers see it, without "/" at its end; empty: none
    filehost: str = ""  # URL where files are handed in; empty: nowhere
    accounts: Accounts = field(default_factory=Accounts)
    history: History = field(default_factory=History)
    bounds: Bounds = field(default_factory=Bounds)

    @property
    def before_connect(self) -> bool:
        """account-registration: it "cannot be used to bypass ... requirements that clients send a server
        password"."""
        return self.accounts.before_connect and self.password is None

    @property
    def capability_values(self) -> dict[str, str]:
        """What the settings make of the values of CAP LS."""
        keys = "before-connect,custom-account-name" if self.before_connect else "custom-account-name"
        return {"draft/account-registration": keys}

    @property
    def tokens(self) -> tuple[str, ...]:
        """The tokens of ISUPPORT that are there because the operator wants them."""
        found = []
        if self.client_tags_denied:
            found.append(f"CLIENTTAGDENY={','.join(self.client_tags_denied)}")
        if self.icon:
            found.append(f"draft/ICON={self.icon}")
        if self.services:
            found.append("draft/AUTHTOKEN")
        if self.filehost:
            found += [f"draft/FILEHOST={self.filehost}", f"soju.im/FILEHOST={self.filehost}"]
        return tuple(found)
