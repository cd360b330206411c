"""`tertulia accounts`: accounts of the running server, or in the store of one that is not running.

What belongs here: arguments to records, and words for the shell. What must not: what a running server does
with them (`commands.services`), SQL.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tertulia.cli.complaints import sentence
from tertulia.cli.errands import RemoteAccounts, connected, show
from tertulia.cli.language import say, told
from tertulia.cli.password import password_cost, read_password
from tertulia.cli.world import SystemClock, kept
from tertulia.config import ConfigError, Settings, load, store_url
from tertulia.limits import ACCOUNTS, PASSWORD_BYTES
from tertulia.ports import Record, Store, StoreError
from tertulia.protocol import scram
from tertulia.protocol.accounts import AccountGone, AccountRecord
from tertulia.protocol.casemap import fold
from tertulia.protocol.names import reserved_nick, valid_nick

Work = Callable[[Settings, Store | RemoteAccounts], str | None]
"""What to do with an open store; what went wrong, or None."""


def list_all(named: Path | None, as_json: bool = False) -> int:
    """Every account on a line: name, when it was made and last used, certificates, why it is suspended. The
    exit code."""

    def work(settings: Settings, store: Store | RemoteAccounts) -> str | None:
        rows = [
            [one.name, _day(one.created_at), _day(one.seen_at), len(one.certificates), one.suspended]
            for one in store.accounts()
        ]
        show({"columns": ["account", "made", "used", "certificates", "suspended"], "rows": rows}, as_json)
        return None

    return _run(named, work)


def add(name: str, email: str, named: Path | None) -> int:
    """A new account, its password read from the terminal or from standard input."""

    def work(settings: Settings, store: Store | RemoteAccounts) -> str | None:
        existing = list(store.accounts())
        if not valid_nick(name) or reserved_nick(name):
            return say("An account's name is a valid nick", "El nombre ha de ser válido como apodo")
        if any(record.key == fold(name) for record in existing) or len(existing) >= ACCOUNTS:
            return say("There is such an account already, or no room", "Ya existe esa cuenta, o no caben más")
        made = _password(settings, name)
        if isinstance(made, str):
            return made
        now = SystemClock().now_ms() // 1000
        store.commit([AccountRecord(fold(name), name, now, *made, email=email, seen_at=now)])
        return None

    return _run(named, work)


def change_password(name: str, named: Path | None) -> int:
    """Another password for an account, read in the same way."""

    def change(settings: Settings, record: AccountRecord) -> Record | str:
        made = _password(settings, record.name)
        return made if isinstance(made, str) else replace(record, password=made[0], scram=made[1])

    return _change(name, named, change)


def suspend(name: str, reason: str, lift: bool, named: Path | None) -> int:
    """Nobody may log in to it from now on; `lift`: again they may."""
    why = "" if lift else reason or say("by the operator", "por el operador")
    return _change(name, named, lambda settings, record: replace(record, suspended=why))


def delete(name: str, words: bool, named: Path | None) -> int:
    """The account goes; `words`: with all that it said."""
    return _change(name, named, lambda settings, record: AccountGone(record.key, record.name, words))


def _change(name: str, named: Path | None, change: Callable[[Settings, AccountRecord], Record | str]) -> int:
    def work(settings: Settings, store: Store | RemoteAccounts) -> str | None:
        record = next((one for one in store.accounts() if one.key == fold(name)), None)
        if record is None:
            return say(f"There is no account {name}", f"No existe la cuenta {name}")
        changed = change(settings, record)
        if isinstance(changed, str):
            return changed
        store.commit([changed])
        return None

    return _run(named, work)


def _run(named: Path | None, work: Work) -> int:
    """Open the store that the configuration names, and do the work. The exit code."""
    from tertulia.store.open import open_store

    try:
        settings = load(named)
        if (running := connected(settings)) is not None:
            running.close()
            return _done(RemoteAccounts(settings), settings, work)
        if settings.store.durability == "off":
            return _fail(
                say('durability = "off" keeps no accounts', 'con durability = "off" no se guardan cuentas')
            )
        store = open_store(store_url(settings), settings.store.durability, SystemClock())
    except ConfigError as error:
        return _fail(*map(sentence, error.problems))
    except StoreError as error:
        return _fail(*([_running()] if error.code == "locked" else []), told(error))
    except OSError as error:
        return _fail(told(error))
    return _done(store, settings, work)


def _done(store: Store | RemoteAccounts, settings: Settings, work: Work) -> int:
    try:
        wrong = work(settings, store)
    except StoreError as error:
        wrong = told(error)
    finally:
        with suppress(StoreError):
            store.close()
    return _fail(wrong) if wrong else 0


def _running() -> str:
    return say(
        "A server is running on this database: stop it first, or let the account's owner use /msg NickServ.",
        "Hay un servidor en marcha con esta base de datos: párelo antes, o que quien tiene la cuenta use "
        "/msg NickServ.",
    )


def _password(settings: Settings, name: str) -> tuple[str, str] | str:
    """What is stored of the password that is read; or what is wrong with it."""
    password, least = read_password(), settings.accounts.password_characters
    if not password:
        return say("No password, or two different ones.", "Sin contraseña, o dos distintas.")
    try:
        prepared = scram.prepared(password)
    except ValueError:
        prepared = ""
    if len(prepared) < least or len(password.encode()) > PASSWORD_BYTES or fold(prepared) == fold(name):
        return say(
            f"A password has at least {least} characters, at most {PASSWORD_BYTES} bytes, and is no name",
            f"Una contraseña tiene al menos {least} caracteres, como mucho {PASSWORD_BYTES} bytes, y no es "
            "el nombre",
        )
    return kept(prepared, password_cost(settings))


def _day(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"


def _fail(*lines: str) -> int:
    print(*lines, sep="\n", file=sys.stderr)
    return 1
