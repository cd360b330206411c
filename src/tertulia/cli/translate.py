"""The configuration as the server's rooms want to have it.

What belongs here: one value made of another. What must not: opening, starting, judging; what the shell's
commands need as well (`translate_models.py`, `password.py`): this file loads all the verbs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from tertulia import __version__, config
from tertulia.commands.settings import (
    Accounts,
    Bounds,
    Files,
    Gateway,
    History,
    Operator,
    ServerSettings,
    Service,
    Sts,
)
from tertulia.commands.tokens import FILEHOST
from tertulia.config import Settings
from tertulia.config.settings import rights_of, title_of
from tertulia.protocol.casemap import fold
from tertulia.transports.files import PATH

MOTD_LINES = 200  # a message of the day, not a book
MOTD_COLUMNS = 400  # fits one line of the protocol


def for_core(settings: Settings, started: datetime) -> ServerSettings:
    """What the verbs and the loop need to know."""
    server = settings.server
    return ServerSettings(
        name=server.name,
        description=server.description,
        network=server.network,
        version=f"tertulia-{__version__}",
        password=_open(server.password),
        language=server.language,
        motd=motd_lines(server.motd),
        admin=server.admin,
        operators=tuple(_operator(settings, one) for one in settings.operators),
        started=f"{started:%Y-%m-%d %H:%M:%S} UTC",
        capabilities_off=_capabilities_off(settings),
        client_tags_denied=server.client_tags_denied,
        icon=server.icon or "",
        sts=None if settings.sts.port is None else Sts(settings.sts.port, settings.sts.duration),
        cloak_key=_open(settings.cloaks.key) or "",
        gateways=tuple(
            Gateway(one.name, one.password.get_secret_value(), one.addresses) for one in settings.webirc
        ),
        services=tuple(
            Service(one.key, one.url, one.description, one.addresses, one.guests) for one in settings.services
        ),
        files=Files(**settings.files.model_dump(exclude={"enabled", "folder", "url", "guests"})),
        accounts=Accounts(**settings.accounts.model_dump(exclude={"hash_memory_kib", "hash_passes"})),
        history=History(**settings.history.model_dump()),
        bounds=Bounds(**settings.limits.model_dump()),
    )


def _operator(settings: Settings, one: config.Operator) -> Operator:
    return Operator(
        one.name,
        _open(one.password),
        certificate=one.certificate or "",
        account=fold(one.account or ""),
        auto=one.auto,
        rights=rights_of(settings, one.class_),
        title=title_of(settings, one.class_),
    )


def web_address(settings: Settings, doors: Iterable[str]) -> str:
    """Where browsers find this server: as it is configured, else at a door of this machine's; "" when
    neither is an address."""
    base = settings.files.url or next((uri for uri in doors if uri.startswith("http")), "")
    if not base or urlsplit(base).hostname in ("0.0.0.0", "::"):
        return ""
    return base.replace("+insecure", "").rstrip("/")


def with_filehost(core: ServerSettings, settings: Settings, doors: Iterable[str]) -> ServerSettings:
    """The same with the place where files are handed in, and its service: at the address that is configured,
    else at a door of this machine's."""
    base = web_address(settings, doors)
    core = replace(core, web=base)
    if not settings.files.enabled or not base:
        return core
    link = f"{base}{PATH}"
    spanish = settings.server.language == "es"
    words = "donde se dejan los archivos" if spanish else "where files are handed in"
    service = Service(FILEHOST, link, words, guests=settings.files.guests)
    return replace(core, filehost=link, services=(service, *core.services))


def _capabilities_off(settings: Settings) -> frozenset[str]:
    off = frozenset(settings.server.capabilities_off)
    if not settings.accounts.registration:
        off |= {"draft/account-registration"}
    return off if settings.push.enabled else off | {"draft/webpush", "soju.im/webpush"}


def push_contact(settings: Settings) -> str:
    """Whom a push service may write to about this server (RFC 8292, 2.1)."""
    return settings.push.contact or f"mailto:webmaster@{settings.server.name}"


def motd_lines(text: str) -> tuple[str, ...]:
    """The message of the day: the lines of the file of that name if there is one, else of the text itself."""
    if text and "\n" not in text and _is_file(text):
        text = Path(text).read_text(encoding="utf-8", errors="replace")
    return tuple(line[:MOTD_COLUMNS] for line in text.splitlines()[:MOTD_LINES])


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # too long for a name, or a NUL in it
        return False


def _open(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()
