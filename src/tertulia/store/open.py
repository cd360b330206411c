"""The way into the room: the store that a configuration asks for.

What belongs here: urls, and which store goes with which. What must not: what stores do.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tertulia.ports import Clock, Store, StoreError
from tertulia.store.failures import explained

if TYPE_CHECKING:
    from tertulia.store.notebook import SqlNotebook

SQLITE = "sqlite:///"
POSTGRES = ("postgresql", "postgres")


def open_store(url: str, durability: str, clock: Clock) -> Store:
    """The store at `url` with durability "full", "normal" or "off" (memory only; the url is not looked at
    then).

    `url`: `sqlite:///relative/path` or `sqlite:////absolute/path`, whose missing folder is made; or
    `postgresql://user:password@host/database`. Raises `StoreError` with a text for the operator.
    """
    check(url)
    if durability == "off":
        from tertulia.store.memory import MemoryStore

        return MemoryStore()
    if durability not in ("full", "normal"):
        raise StoreError(
            "failed",
            f'durability = "{durability}": must be one of full, normal, off',
            f'durability = "{durability}": debe ser full, normal u off',
        )
    if is_postgres(url):
        needs_postgres()
        from tertulia.store.postgres import PostgresStore

        return PostgresStore(url, durability, clock)
    from tertulia.store.sqlite import SqliteStore

    path = path_of(url)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise explained(error, path) from error
    return SqliteStore(path, durability, clock)


def open_notebook(url: str, durability: str) -> SqlNotebook | None:
    """What models keep, in the database of the store that is open at `url`; None: nothing lasts there.

    Apart from `open_store`: SQLAlchemy takes a third of a second to load.
    """
    if durability == "off":
        return None
    from tertulia.store.aside import aside
    from tertulia.store.notebook import SqlNotebook

    return SqlNotebook(aside(url, durability))


def check(url: str) -> None:
    """Raises `StoreError` when no store is meant, with a text for the operator."""
    if not is_postgres(url):
        path_of(url)


def is_postgres(url: str) -> bool:
    return _scheme(url) in POSTGRES and "://" in url


def needs_postgres() -> None:
    """Raises `StoreError` when the driver is not installed."""
    from importlib.util import find_spec

    if find_spec("psycopg") is None:
        raise StoreError(
            "failed",
            "PostgreSQL needs its driver: pip install 'tertulia[postgres]'",
            "PostgreSQL necesita su controlador: pip install 'tertulia[postgres]'",
        )


def path_of(url: str) -> Path:
    """The file that the url of a SQLite store names. Raises `StoreError` when it names none."""
    if url.startswith(SQLITE) and _is_path(url[len(SQLITE) :]):
        return Path(url[len(SQLITE) :])
    if _scheme(url).partition("+")[0] in POSTGRES:
        raise StoreError(
            "failed",
            f"{_scheme(url)}: must be postgresql://user:password@host/database",
            f"{_scheme(url)}: debe ser postgresql://usuario:clave@host/base",
        )
    if url.startswith("sqlite:"):
        raise StoreError(
            "failed",
            f"{url}: must be sqlite:///relative/path or sqlite:////absolute/path",
            f"{url}: debe ser sqlite:///ruta/relativa o sqlite:////ruta/absoluta",
        )
    raise StoreError(
        "failed",
        f"{_scheme(url)}: is not a store; use sqlite:///path or postgresql://user@host/database",
        f"{_scheme(url)}: no es un almacén; usa sqlite:///ruta o postgresql://usuario@host/base",
    )


def _is_path(text: str) -> bool:
    return text not in ("", ":memory:") and "?" not in text and not text.endswith("/")


def _scheme(url: str) -> str:
    """What may be shown of a url that is not ours: the rest may hold a password."""
    return url.partition(":")[0]
