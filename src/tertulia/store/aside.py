"""A second connection to the store's database, through SQLAlchemy, for what is written seldom.

What belongs here: engines and their settings. What must not: tables, queries; the log itself (`sqlite.py`).

It is used in the loop's own thread, like the log's connection, with short transactions: the two never wait
for each other. The database has its newest shape already: the store opened it first.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine, StaticPool, create_engine, event

from tertulia.limits import STORE_LOCK_SECONDS
from tertulia.store.database import SETTINGS
from tertulia.store.export import WAIT_SECONDS
from tertulia.store.sqlite import SYNCHRONOUS


def aside(url: str, durability: str) -> Engine:
    """An engine on the store's database, which exists. `durability`: "full" or "normal"."""
    from tertulia.store.open import is_postgres, path_of

    return _postgres(url, durability) if is_postgres(url) else sqlite_aside(path_of(url), durability)


def looking(url: str) -> Engine:
    """The same for looking only, beside a server that may be running."""
    from tertulia.store.open import is_postgres, path_of

    if is_postgres(url):
        return _postgres(url, "full").execution_options(postgresql_readonly=True)
    path = path_of(url)

    def connect() -> sqlite3.Connection:
        uri = f"file:{quote(str(path))}?mode=ro"
        return sqlite3.connect(uri, uri=True, timeout=WAIT_SECONDS, isolation_level=None)

    return create_engine("sqlite://", creator=connect, poolclass=StaticPool)


def _postgres(url: str, durability: str) -> Engine:
    import psycopg

    from tertulia.store.postgres_connection import conninfo

    place = conninfo(url, durability)
    return create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(place), pool_pre_ping=True)


def sqlite_aside(path: Path, durability: str) -> Engine:
    """An engine on the SQLite file at `path`, which exists. `durability`: "full" or "normal"."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(path))}?mode=rw", uri=True, timeout=STORE_LOCK_SECONDS, isolation_level=None
        )
        for setting in SETTINGS:
            connection.execute(setting.format(synchronous=SYNCHRONOUS[durability]))
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool)
    # The driver's own habit is to begin late; an explicit BEGIN makes reading and writing one.
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine
