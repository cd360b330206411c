"""The settings as frozen values: every key, its default, and what it may be.

What belongs here: keys, and values that follow from other values. What must not: reading a file
(`reading.py`), words for people (`cli/complaints.py`), and anything that acts on a setting.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from tertulia import limits
from tertulia.protocol.capabilities import BY_NAME, FIXED
from tertulia.protocol.rights import RIGHTS

# --- Kinds of values --------------------------------------------------------------------------------------


def _matching(code: str, pattern: str) -> AfterValidator:
    """A text of this pattern; `code` is how `cli/complaints.py` finds the words for what was expected."""
    whole = re.compile(pattern)

    def check(value: str) -> str:
        if not whole.fullmatch(value):
            raise PydanticCustomError(code, "not a {code}", {"code": code})
        return value

    return AfterValidator(check)


ServerName = Annotated[str, _matching("server_name", r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")]
NetworkName = Annotated[str, _matching("network_name", r"[^\s:,=\x00-\x1f][^\s\x00-\x1f]{0,62}")]
Text = Annotated[str, _matching("one_line", r"[^\r\n\x00]{0,300}")]
Nick = Annotated[str, _matching("nick", r"[A-Za-z\[\]\\`_^{|}][A-Za-z0-9\[\]\\`_^{|}-]{0,31}")]
RoomName = Annotated[str, _matching("room", r"#[^\s,\x00-\x1f\x7f]{0,63}")]
# Upper case only: an API key pasted here by mistake has small letters or dashes, and is refused unread.
Variable = Annotated[str, _matching("variable_name", r"[A-Z_][A-Z0-9_]{0,63}")]
# Without user:password@ before the host: a key stands in the environment, and addresses are shown.
Link = Annotated[str, _matching("http_url", r"https?://[^\s@/?#]+(?:[/?#]\S*)?")]
AtLeastOne = Annotated[int, Field(ge=1)]
_OPTIONAL = "|".join(re.escape(name) for name in BY_NAME if name not in FIXED)
Capability = Annotated[str, _matching("capability", _OPTIONAL)]
TagRule = Annotated[str, _matching("tag_rule", r"\*|-?[A-Za-z0-9][A-Za-z0-9./-]{0,39}")]
NotNegative = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
CONDITION = r"\*|operators|(?:model|room|account):[^\s,]+"  # of who may use a tool: docs/tools.md


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError):
        raise PydanticCustomError("timezone", "not a time zone") from None
    return value


TimeZone = Annotated[str, AfterValidator(_zone)]
KEY_CHARACTERS = 16  # of a secret that hides addresses: there are only four thousand million of them to try
Port = Annotated[int, Field(ge=1, le=65_535)]
Origin = Annotated[str, _matching("origin", r"https?://[^\s/]+")]


Word = Annotated[str, _matching("operator_name", r"[^\s:\x00-\x1f][^\s\x00-\x1f]{0,31}")]
Fingerprint = Annotated[
    str,
    AfterValidator(lambda text: text.replace(":", "").lower()),
    _matching("fingerprint", r"[0-9a-f]{64}"),
]
EVERY_RIGHT = "admin"  # the class that needs no definition


def _right(name: str) -> str:
    if name != "*" and name not in RIGHTS:
        close = get_close_matches(name, RIGHTS, n=1)
        raise PydanticCustomError("right", "not a right", {"nearest": close[0]} if close else {})
    return name


Right = Annotated[str, AfterValidator(_right)]


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


# --- The sections -----------------------------------------------------------------------------------------


class Server(Section):
    name: ServerName = "tertulia.local"
    description: Text = "A Tertulia server"
    network: NetworkName = "Tertulia"
    password: SecretStr | None = None
    listen: tuple[str, ...] | None = None
    data: Path = Path("data")
    language: Literal["en", "es"] = "en"
    motd: str = ""
    admin: Annotated[tuple[Text, ...], Field(max_length=3)] = ()
    icon: Annotated[str, _matching("http_url", r"https?://[^\s\\]{1,300}")] | None = None
    capabilities_off: tuple[Capability, ...] = ()
    client_tags_denied: Annotated[tuple[TagRule, ...], Field(max_length=8)] = ()  # fits a line of ISUPPORT


class Tls(Section):
    certificate: Path | None = None
    key: Path | None = None

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.certificate is None) != (self.key is None):
            raise PydanticCustomError("certificate_pair", "certificate and key belong together")
        return self


class Sts(Section):
    port: Port | None = None
    duration: Annotated[int, Field(ge=0)] = 0


class Http(Section):
    origins: tuple[Origin, ...] = ()
    metrics_public: bool = False
    mcp: bool = True


class Store(Section):
    url: str | None = None
    durability: Literal["full", "normal", "off"] = "full"


class History(Section):
    events: bool = True
    days: Annotated[int, Field(ge=0, le=36_500)] = 0
    event_days: Annotated[int, Field(ge=0, le=36_500)] = 90


class Log(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class Local(Section):
    folder: Path | None = None


class OperatorClass(Section):
    rights: tuple[Right, ...] = ()
    extends: Word | None = None
    title: Annotated[str, _matching("one_line", r"[^\r\n\x00]{0,150}")] = ""


class Operator(Section):
    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_alias=True, validate_by_name=False)

    name: Word
    class_: Word = Field(default=EVERY_RIGHT, alias="class")
    password: SecretStr | None = None
    certificate: Fingerprint | None = None
    account: Nick | None = None
    auto: bool = False

    @model_validator(mode="after")
    def _shows_something(self) -> Self:
        if self.password is None and self.certificate is None and self.account is None:
            raise PydanticCustomError("operator_needs", "needs a password, a certificate or an account")
        if self.auto and (self.password is not None or (self.certificate is None and self.account is None)):
            raise PydanticCustomError("operator_auto", "auto needs a certificate or an account alone")
        return self


class Accounts(Section):
    registration: bool = True
    before_connect: bool = True
    guests: bool = True
    multi_session: bool = True
    always_on: Literal["opt-in", "opt-out", "mandatory", "disabled"] = "opt-in"
    always_on_days: Annotated[int, Field(ge=0, le=36_500)] = limits.ALWAYS_ON_DAYS
    password_characters: AtLeastOne = limits.PASSWORD_CHARACTERS
    hash_memory_kib: Annotated[int, Field(ge=8_192, le=4_194_304)] = 65_536
    hash_passes: Annotated[int, Field(ge=1, le=100)] = 3


class Cloaks(Section):
    key: SecretStr | None = None

    @model_validator(mode="after")
    def _long_enough(self) -> Self:
        if self.key is not None and len(self.key.get_secret_value()) < KEY_CHARACTERS:
            raise PydanticCustomError("cloak_key", "too short", {"least": KEY_CHARACTERS})
        return self


class Webirc(Section):
    name: Annotated[str, _matching("operator_name", r"[^\s:\x00-\x1f][^\s\x00-\x1f]{0,31}")]
    password: SecretStr
    addresses: Annotated[tuple[IPv4Network | IPv6Network, ...], Field(min_length=1)]


class Files(Section):
    enabled: bool = True
    folder: Path | None = None
    url: Annotated[str, _matching("http_url", r"https?://[^\s?#]{1,200}")] | None = None
    guests: Literal["none", "local", "all"] = "local"
    file_bytes: AtLeastOne = limits.FILE_BYTES
    quota_bytes: AtLeastOne = limits.FILE_QUOTA_BYTES
    total_bytes: AtLeastOne = limits.FILE_TOTAL_BYTES
    days: Annotated[int, Field(ge=0)] = limits.FILE_DAYS
    strip_metadata: bool = True


class Push(Section):
    enabled: bool = True
    contact: Annotated[str, _matching("contact", r"(mailto:[^\s@]+@|https://)[^\s@]{1,200}")] | None = None
    allow_private: bool = False


class Service(Section):
    key: Annotated[str, _matching("service_key", r"[A-Za-z0-9._-]{1,63}/[A-Za-z0-9._-]{1,64}")]
    url: Annotated[str, _matching("http_url", r"https?://[^\s]{1,200}")]
    description: Text = ""
    addresses: tuple[IPv4Network | IPv6Network, ...] = ()
    guests: Literal["none", "local", "all"] = "none"


class Model(Section):
    nick: Nick
    provider: Literal["local", "openai", "anthropic", "google", "openai-compatible", "scripted"] = "local"
    model: str = ""
    base_url: Link | None = None
    key_env: Variable | None = None
    rooms: tuple[RoomName, ...] = ("#tertulia",)
    prompt: str = ""
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    answer_tokens: AtLeastOne | None = None
    context_tokens: AtLeastOne | None = None
    tools: bool | None = None
    vision: bool | None = None
    price_in: NotNegative | None = None
    price_out: NotNegative | None = None
    price_cached: NotNegative | None = None
    fallback: tuple[Nick, ...] = ()
    script: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _what_the_provider_needs(self) -> Self:
        if self.provider == "openai-compatible" and self.base_url is None:
            raise PydanticCustomError(
                "provider_needs", "{key}", {"provider": self.provider, "key": "base_url"}
            )
        return self


class Mcp(Section):
    """A server of tools for models: a command or an url."""

    name: Annotated[str, _matching("mcp_name", r"[A-Za-z0-9-]{1,24}")]
    command: tuple[str, ...] = ()
    url: Link | None = None
    env: tuple[Variable, ...] = ()
    key_env: Variable | None = None
    timeout_seconds: Positive = limits.TOOL_SECONDS
    allow: tuple[Annotated[str, _matching("mcp_allow", rf"(?:{CONDITION})(?: (?:{CONDITION}))*")], ...] = ()
    reading: tuple[str, ...] = ()
    changing: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.command) == (self.url is not None):
            raise PydanticCustomError("mcp_way", "command or url")
        return self


class Calls(Section):
    concurrency: AtLeastOne = limits.MODEL_CONCURRENCY
    attempts: AtLeastOne = limits.MODEL_ATTEMPTS
    first_token_seconds: Positive = limits.MODEL_FIRST_TOKEN_SECONDS
    total_seconds: Positive = limits.MODEL_TOTAL_SECONDS


class Ledger(Section):
    currency: Annotated[str, _matching("currency", r"[A-Z]{3}")] = "USD"
    dollar: Positive | None = None
    timezone: TimeZone = "UTC"


class Budget(Section):
    of: Annotated[str, _matching("budget_of", r"all|guests|account|(?:model|room|account|purpose):[^\s:]+")]
    per: Literal["day", "month"] = "day"
    cost: NotNegative | None = None
    tokens: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _bounds_something(self) -> Self:
        if self.cost is None and self.tokens is None:
            raise PydanticCustomError("budget_bounds", "cost or tokens")
        return self


class Limits(Section):
    """The bounds that an operator may move, named as in `limits.py`; the reasons stand there."""

    flood: bool = True
    flood_burst: AtLeastOne = limits.FLOOD_BURST
    flood_per_second: Annotated[float, Field(gt=0)] = limits.FLOOD_PER_SECOND
    flood_lines_waiting: AtLeastOne = limits.FLOOD_LINES_WAITING
    connections: AtLeastOne = limits.CONNECTIONS
    connections_per_address: AtLeastOne = limits.CONNECTIONS_PER_ADDRESS
    connections_per_network: AtLeastOne = limits.CONNECTIONS_PER_NETWORK
    address_bits_v4: Annotated[int, Field(ge=8, le=32)] = limits.ADDRESS_BITS_V4
    address_bits_v6: Annotated[int, Field(ge=16, le=128)] = limits.ADDRESS_BITS_V6
    network_bits_v4: Annotated[int, Field(ge=8, le=32)] = limits.NETWORK_BITS_V4
    network_bits_v6: Annotated[int, Field(ge=16, le=128)] = limits.NETWORK_BITS_V6
    connects_per_address: AtLeastOne = limits.CONNECTS_PER_ADDRESS
    connect_seconds: AtLeastOne = limits.CONNECT_SECONDS
    connect_ban_seconds: AtLeastOne = limits.CONNECT_BAN_SECONDS
    exempt: tuple[IPv4Network | IPv6Network, ...] = ()
    registration_seconds: AtLeastOne = limits.REGISTRATION_SECONDS
    ping_seconds: AtLeastOne = limits.PING_SECONDS
    pong_seconds: AtLeastOne = limits.PONG_SECONDS
    hops: AtLeastOne = limits.HOPS


class Settings(BaseSettings):
    """All settings. Frozen: a change of configuration is a new value."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid")

    server: Server = Server()
    tls: Tls = Tls()
    sts: Sts = Sts()
    http: Http = Http()
    store: Store = Store()
    history: History = History()
    log: Log = Log()
    local: Local = Local()
    limits: Limits = Limits()
    cloaks: Cloaks = Cloaks()
    accounts: Accounts = Accounts()
    operator_classes: dict[Word, OperatorClass] = Field(default_factory=dict)
    files: Files = Files()
    push: Push = Push()
    calls: Calls = Calls()
    ledger: Ledger = Ledger()
    budgets: tuple[Budget, ...] = ()
    operators: tuple[Operator, ...] = ()
    webirc: tuple[Webirc, ...] = ()
    services: tuple[Service, ...] = ()
    mcp: tuple[Mcp, ...] = ()
    models: tuple[Model, ...] | None = None

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, *_: Any, **__: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Made by hand, it reads its arguments alone; `reading.load` adds the file and the environment."""
        return (init_settings,)


# --- Values that follow from others -----------------------------------------------------------------------


def listeners(settings: Settings) -> tuple[str, ...]:
    """The doors to open: those named, else one of each kind, all on loopback."""
    if settings.server.listen is not None:
        return settings.server.listen
    socket = (settings.server.data / "tertulia.sock").absolute()
    return (
        "irc://127.0.0.1:6667",
        "ircs://127.0.0.1:6697",
        f"unix://{socket}",
        "http://127.0.0.1:8080",
        "plain://127.0.0.1:7000",
    )


def file_folder(settings: Settings) -> Path:
    """Where files that people hand in lie."""
    return settings.files.folder or settings.server.data / "files"


def store_url(settings: Settings) -> str:
    """Where messages are kept: the URL named, else a SQLite file in the data folder."""
    return settings.store.url or f"sqlite:///{settings.server.data / 'tertulia.db'}"


def model_folder(settings: Settings, environ: Mapping[str, str]) -> Path:
    """Where model files are kept: shared by all servers of one user, since one file is a gigabyte."""
    if settings.local.folder is not None:
        return settings.local.folder
    if environ.get("XDG_DATA_HOME"):
        return Path(environ["XDG_DATA_HOME"]) / "tertulia" / "models"
    if environ.get("HOME"):
        return Path(environ["HOME"]) / ".local" / "share" / "tertulia" / "models"
    return settings.server.data / "models"


def class_chain(settings: Settings, name: str) -> list[str]:
    """A class of operators and those that it extends, nearest first; one that comes again ends the list, and
    so does one that is not there."""
    chain = [name]
    while (found := settings.operator_classes.get(chain[-1])) and found.extends is not None:
        chain.append(found.extends)
        if chain.count(found.extends) > 1:
            break
    return chain


def rights_of(settings: Settings, name: str) -> frozenset[str]:
    """What a class of operators may do, with all that it extends."""
    rights: set[str] = set()
    for one in class_chain(settings, name):
        found = settings.operator_classes.get(one)
        named = found.rights if found is not None else ("*",) if one == EVERY_RIGHT else ()
        rights.update(RIGHTS if "*" in named else named)
    return frozenset(rights)


def title_of(settings: Settings, name: str) -> str:
    """How WHOIS calls operators of this class: its own title, else that of the nearest it extends."""
    classes = [settings.operator_classes.get(one) for one in class_chain(settings, name)]
    return next((one.title for one in classes if one is not None and one.title), "")
