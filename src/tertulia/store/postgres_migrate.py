"""Bringing a PostgreSQL database to the newest shape, by the same steps as SQLite's.

What belongs here: asking which shape it has, and running Alembic when it is not the newest. What must not:
the steps (`migrations`).
"""

from __future__ import annotations

from tertulia.ports import StoreError
from tertulia.store.connection import Connection
from tertulia.store.migrate import HEAD, KNOWN, foreign, newer, not_brought, run_steps
from tertulia.store.postgres_failures import place_of

HAS_VERSION = "SELECT to_regclass('alembic_version') IS NOT NULL"
HAS_OTHERS = "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema()"
CHARACTERS = "SELECT getdatabaseencoding()"


def migrate(connection: Connection, url: str) -> None:
    """Make the database have the newest shape. Raises `StoreError`, `psycopg.Error`."""
    if connection.execute(CHARACTERS).fetchone()[0] != "UTF8":
        raise StoreError(
            "failed",
            f"{place_of(url)}: make the database with ENCODING 'UTF8'",
            f"{place_of(url)}: crea la base de datos con ENCODING 'UTF8'",
        )
    if revision(connection, url) == HEAD:
        return
    upgrade(url)
    if revision(connection, url) != HEAD:
        raise not_brought(place_of(url))


def revision(connection: Connection, url: str) -> str | None:
    """The last step this database has taken; None when it is empty. Raises `StoreError` when it is not
    ours."""
    if not connection.execute(HAS_VERSION).fetchone()[0]:
        if connection.execute(HAS_OTHERS).fetchone()[0]:
            raise foreign(place_of(url))
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if row is not None and row[0] not in KNOWN:
        raise newer(place_of(url), row[0])
    return None if row is None else str(row[0])


def upgrade(url: str, target: str = "head") -> None:
    """Run the steps up to `target`, all or none. Raises `psycopg.Error`."""
    import psycopg
    from sqlalchemy import NullPool, create_engine
    from sqlalchemy.exc import DBAPIError

    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=NullPool)
    try:
        run_steps(engine, target)
    except DBAPIError as error:
        if isinstance(error.orig, psycopg.Error):
            raise error.orig from error
        raise
    finally:
        engine.dispose()
