"""Alembic's environment: run by Alembic, with the connection that `migrate.upgrade` hands over.

What belongs here: how steps are run (all of them in one transaction). What must not: where the database is.
"""

from __future__ import annotations

from alembic import context

from tertulia.store.schema import metadata


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
