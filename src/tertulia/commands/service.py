"""The services: names that answer, and are nobody.

What belongs here: which there are. What must not: what they do (`services`, `chanserv`).
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple

from tertulia.commands import answering, chanserv, room_desk, services
from tertulia.commands.turn import Turn
from tertulia.protocol.casemap import fold


class Service(NamedTuple):
    name: str
    about_en: str
    about_es: str
    heard: Callable[[Turn, str], Coroutine[Any, Any, None]]


SERVICES = {
    fold(one.name): one
    for one in (
        Service(answering.NICKSERV.name, "Accounts and nicks", "Cuentas y nombres", services.heard),
        Service(room_desk.CHANSERV.name, "Registered rooms", "Salas registradas", chanserv.VERBS.heard),
    )
}


def service_of(target: str) -> Service | None:
    """The service that is meant by what a message is sent to, or asked about."""
    return SERVICES.get(fold(target.partition("@")[0]))
