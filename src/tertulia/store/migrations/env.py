"""Alembic's environment: run by Alembic, with the connection that `migrate.upgrade` hands over.

What belongs here: how steps are run (all of them in one transaction). What must not: where the database is.
"""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles

from tertulia.store.schema import metadata


@compiles(Text, "postgresql")
def _by_bytes(kind: Text, compiler: Any, **words: Any) -> str:
    """Texts compare byte by byte, as in SQLite, in whatever language the database server was set up."""
    return 'TEXT COLLATE "C"'


def run() -> None:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        # With an explicit BEGIN SQLite can take back its tables: a step cut short by a crash leaves no trace.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
