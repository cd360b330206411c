"""Errands of the shell: asked of the running server at its control door; when none runs, done on its store.

What belongs here: finding who answers, and showing the answer. What must not: what is done
(`server.control`).
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tertulia.cli.complaints import sentence
from tertulia.cli.language import chosen, say, told
from tertulia.config import ConfigError, Settings, load, store_url
from tertulia.ports import Record, StoreError
from tertulia.protocol.accounts import AccountGone, AccountRecord
from tertulia.transports.uri import UNIX_PATH_BYTES

CONTROL_NAME = "control.sock"  # in the data folder
ANSWER_SECONDS = 30.0  # a thousand people put out at once take one
NEEDS_SERVER = frozenset({"kill", "rehash", "announce"})  # on a store alone they have no meaning


def errand(named: Path | None, do: str, as_json: bool = False, **args: Any) -> int:
    """Have something done, and show the answer. The exit code."""
    try:
        settings = load(named)
        found = ask(settings, {"do": do, "language": chosen(), **args})
    except ConfigError as error:
        return _fail(*map(sentence, error.problems))
    except (StoreError, OSError) as error:
        return _fail(told(error))
    if "error" in found:
        return _fail(found["error"])
    show(found, as_json)
    return 0


def ask(settings: Settings, request: dict[str, Any]) -> dict[str, Any]:
    """The answer of the running server, or of its store. Raises `StoreError`, `OSError`."""
    plug = connected(settings)
    if plug is not None:
        with plug:
            return _asked(plug, request)
    if request["do"] in NEEDS_SERVER:
        return {"error": say("No server is running", "No hay ningún servidor en marcha")}
    if settings.store.durability == "off":
        return {"error": say('durability = "off" keeps nothing', 'con durability = "off" no se guarda nada')}
    return asyncio.run(_alone(settings, request))


def connected(settings: Settings) -> socket.socket | None:
    """The control door of the running server; None when there is none."""
    path = settings.server.data / CONTROL_NAME
    if len(str(path).encode()) > UNIX_PATH_BYTES:
        return None
    plug = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    plug.settimeout(ANSWER_SECONDS)
    try:
        plug.connect(str(path))
    except (FileNotFoundError, ConnectionRefusedError):
        plug.close()
        return None
    except BaseException:
        plug.close()
        raise
    return plug


def _asked(plug: socket.socket, request: dict[str, Any]) -> dict[str, Any]:
    with plug.makefile("rwb") as talk:
        talk.write(json.dumps(request).encode() + b"\n")
        talk.flush()
        line = talk.readline()
    found: dict[str, Any] = json.loads(line) if line else {
        "error": say("The server closed the control door", "El servidor cerró la puerta de control")
    }  # fmt: skip
    return found


async def _alone(settings: Settings, request: dict[str, Any]) -> dict[str, Any]:
    """A hub without doors on the store, for as long as one request takes."""
    from tertulia.bus.local import LocalBus
    from tertulia.cli.translate import for_core
    from tertulia.cli.world import LoopScheduler, SystemClock, SystemIds, SystemPasswords
    from tertulia.server.control import answer
    from tertulia.server.hub import Hub
    from tertulia.state.network import Network
    from tertulia.store.open import open_store

    clock, network = SystemClock(), Network()
    store = open_store(store_url(settings), settings.store.durability, clock)
    try:
        hub = Hub(
            for_core(settings, datetime.now(UTC)), network=network, bus=LocalBus(network.apply), store=store,
            clock=clock, ids=SystemIds(store.last_id()), passwords=SystemPasswords(),
            scheduler=LoopScheduler(asyncio.get_running_loop()), log=lambda *_, **__: None,
        )  # fmt: skip
        hub.start()
        return await answer(hub, request, f"shell:{os.getuid()}")
    finally:
        store.close()


# --- accounts -------------------------------------------------------------------------------------


class RemoteAccounts:
    """The accounts of a running server, as `cli.accounts` uses those of a store."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def accounts(self) -> Iterable[AccountRecord]:
        found = self._ask({"do": "accounts.list"})["records"]
        return [AccountRecord(**{**one, "certificates": tuple(one["certificates"])}) for one in found]

    def commit(self, records: Sequence[Record]) -> None:
        for record in records:
            if isinstance(record, AccountGone):
                self._ask(
                    {"do": "accounts.drop", "key": record.key, "name": record.name, "words": record.words}
                )
            else:
                assert isinstance(record, AccountRecord)
                values = {name: getattr(record, name) for name in AccountRecord.__slots__}
                self._ask({"do": "accounts.put", "record": values})

    def close(self) -> None:
        """Nothing is held between two questions."""

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        found = ask(self._settings, {"language": chosen(), **request})
        if "error" in found:
            raise StoreError("failed", found["error"])
        return found


# --- showing --------------------------------------------------------------------------------------


def show(found: dict[str, Any], as_json: bool) -> None:
    """A table or a sentence, for people or for programs."""
    if "text" in found:
        print(json.dumps(found, ensure_ascii=False) if as_json else found["text"])
        return
    columns, rows = found["columns"], found["rows"]
    if as_json:
        print(
            json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False, indent=1)
        )
        return
    cells = [[TITLES.get(name, (name, name))[chosen() == "es"] for name in columns]]
    cells += [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


TITLES = {
    "account": ("account", "cuenta"), "agent": ("agent", "agente"), "owner": ("owner", "dueño"),
    "rights": ("rights", "derechos"), "state": ("state", "estado"),
    "address": ("address", "dirección"), "at": ("at", "el"),
    "certificates": ("certificates", "certificados"), "made": ("made", "creada"),
    "suspended": ("suspended", "suspendida"), "used": ("last used", "último uso"),
    "by": ("by", "por"), "deed": ("deed", "hecho"), "door": ("door", "puerta"),
    "effect": ("effect", "efecto"), "founder": ("founder", "fundador"), "host": ("host", "equipo"),
    "members": ("members", "miembros"), "modes": ("modes", "modos"), "nick": ("nick", "nombre"),
    "note": ("note", "nota"), "number": ("no.", "n.º"), "operator": ("operator", "operador"),
    "rank": ("rank", "rango"), "reason": ("reason", "motivo"), "room": ("room", "sala"),
    "rooms": ("rooms", "salas"), "since": ("since", "desde"), "target": ("target", "destino"),
    "text": ("text", "texto"), "time": ("time", "hora"), "topic": ("topic", "tema"),
    "until": ("until", "hasta"), "user": ("user", "usuario"), "who": ("who", "quién"),
}  # fmt: skip


def _fail(*lines: str) -> int:
    print(*lines, sep="\n", file=sys.stderr)
    return 1
