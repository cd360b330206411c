"""Bringing a database to the newest shape, in the fewest milliseconds.

What belongs here: asking which shape a database has, and running Alembic when it is not the newest. What
must not: the shapes (`schema.py`, `migrations`). Alembic and SQLAlchemy are imported only when there is
something to do: they take a third of a second, and a server whose database is current should be open by
then.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from tertulia.ports import StoreError

if TYPE_CHECKING:
    from sqlalchemy import Engine

HEAD = "0014"
"""The newest step in `migrations/versions`; a test holds the two together."""

KNOWN = frozenset(f"{number:04}" for number in range(1, int(HEAD) + 1))
"""All steps: they are numbered without a gap. A database at another one was made by a newer program."""

SCRIPTS = Path(__file__).parent / "migrations"


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Make `path`, which `connection` has open, have the newest shape. Raises `StoreError`,
    `sqlite3.Error`."""
    found = revision(connection, path)
    if found == HEAD:
        return
    upgrade(path)
    if revision(connection, path) != HEAD:
        raise not_brought(str(path))


def revision(connection: sqlite3.Connection, path: Path) -> str | None:
    """The last step this database has taken; None when it is empty. Raises `StoreError` when it is not
    ours."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "alembic_version" not in tables:
        if tables:
            raise foreign(str(path))
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if row is not None and row[0] not in KNOWN:
        raise newer(str(path), row[0])
    return None if row is None else str(row[0])


def newer(place: str, found: str) -> StoreError:
    """What to tell of a database whose step this program does not know."""
    return StoreError(
        "failed",
        f"{place} was written by a newer Tertulia (schema {found}; this one knows up to {HEAD}). "
        "Run that version again, or restore a backup that is older than it.",
        f"{place} lo escribió una Tertulia más nueva (esquema {found}; esta conoce hasta {HEAD}). "
        "Usa de nuevo esa versión, o recupera una copia anterior a ella.",
    )


def foreign(place: str) -> StoreError:
    """What to tell of a database whose tables are not ours."""
    return StoreError(
        "failed",
        f"{place} is a database of another program. Set another url under [store].",
        f"{place} es una base de datos de otro programa. Pon otra url en [store].",
    )


def not_brought(place: str) -> StoreError:
    """What to tell when the steps have not led to the newest shape."""
    return StoreError(
        "failed",
        f"{place} could not be brought to revision {HEAD}",
        f"no se pudo llevar {place} a la revisión {HEAD}",
    )


def upgrade(path: Path, target: str = "head") -> None:
    """Run the steps up to `target`, all or none. Raises `sqlite3.Error`."""
    from sqlalchemy import NullPool, create_engine, event
    from sqlalchemy.exc import DBAPIError

    engine = create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(path, isolation_level=None), poolclass=NullPool
    )
    # The driver's own habit is to begin late and commit before DDL; an explicit BEGIN makes the steps atomic.
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        run_steps(engine, target)
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise error.orig from error
        raise
    finally:
        engine.dispose()


def run_steps(engine: Engine, target: str) -> None:
    """Run Alembic's steps up to `target` in one transaction. Raises `sqlalchemy.exc.DBAPIError`."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("version_path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, target)
