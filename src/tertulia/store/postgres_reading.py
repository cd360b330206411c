"""Looking at a PostgreSQL database from the side, while its server may be writing.

What belongs here: a connection that can change nothing. What must not: what is looked at (`export.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tertulia.ports import StoreError
from tertulia.store.migrate import HEAD
from tertulia.store.postgres_connection import PostgresConnection
from tertulia.store.postgres_failures import explained, place_of
from tertulia.store.postgres_migrate import revision


@contextmanager
def postgres_reading(url: str) -> Iterator[PostgresConnection]:
    """Raises `StoreError`."""
    try:
        connection = PostgresConnection(url, "full")
        try:
            connection.execute("SET default_transaction_read_only = on")
            found = revision(connection, url)
            if found != HEAD:
                raise StoreError(
                    "failed",
                    f"{place_of(url)} has an older schema ({found}): start the server once, then export",
                )
            yield connection
        finally:
            connection.close()
    except psycopg.Error as error:
        raise explained(error, url) from error
