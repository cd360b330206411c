"""The durable store in PostgreSQL: a tick's records in one transaction, in the caller's thread.

What belongs here: `ports.Store` over one connection. What must not: how it is opened
(`postgres_connection.py`), causes of failure (`postgres_failures.py`).

The loop waits for each commit, as with SQLite: nothing may leave before it anyway. The database server should
be near: a millisecond on the way is a millisecond in every tick. A lost connection is made again after a
pause, in which everything is refused at once.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial

import psycopg

from tertulia.ports import Clock, StoreError
from tertulia.store.attempting import SENSE
from tertulia.store.postgres_connection import PostgresConnection
from tertulia.store.postgres_failures import OURS, explained, place_of
from tertulia.store.postgres_migrate import migrate, revision
from tertulia.store.postgres_words import PostgresWords
from tertulia.store.sql import SqlStore
from tertulia.store.writing import end_open_streams

LOCK = 0x7E27_0117
"""One server for one database: an advisory lock, which PostgreSQL lets go of when its connection ends."""

TRY_LOCK = f"SELECT pg_try_advisory_lock({LOCK})"
UNLOCK = f"SELECT pg_advisory_unlock({LOCK})"


class PostgresStore(SqlStore[PostgresConnection]):
    """`ports.Store` at `url` (`postgresql://user@host/database`). `durability`: "full" or "normal".

    Opening raises `StoreError`: "locked" when another server has it; the text says what to do.
    """

    ours = (*OURS, *SENSE)
    theirs = (psycopg.Error,)

    def __init__(self, url: str, durability: str, clock: Clock) -> None:
        super().__init__(place_of(url), clock, PostgresWords())
        self._url = url
        self._durability = durability
        self._begin(partial(end_open_streams, self._words))

    def _first(self) -> PostgresConnection:
        connection = self._open()
        try:
            migrate(connection, self._url)
            self._attach(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _open(self) -> PostgresConnection:
        """A connection that serves alone. Raises `StoreError`, `psycopg.Error`."""
        connection = PostgresConnection(self._url, self._durability)
        if not connection.execute(TRY_LOCK).fetchone()[0]:
            connection.close()
            raise StoreError(
                "locked",
                f"{self._place} is being served by another server. Stop it first, or give this one a "
                "database of its own.",
                f"Otro servidor está sirviendo ya {self._place}. Detenlo antes, o da a este una base de "
                "datos propia.",
            )
        return connection

    def _again(self) -> PostgresConnection:
        connection = self._open()
        try:
            found = revision(connection, self._url)
            if found is None:
                raise StoreError("failed", f"{self._place} is empty now: start the server again")
            self._attach(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """The lock would go with the connection, but only once PostgreSQL has noticed that it ended: who
        serves next need not wait for that."""
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.execute(UNLOCK)
        super().close()

    def _attach(self, connection: PostgresConnection) -> None:
        if not self._words.attach(connection):
            self._transact(connection, self._words.make)

    def _index_some(self, connection: PostgresConnection) -> bool:
        messages = self._words.next(connection)
        if not messages:
            return False

        def index(connection: PostgresConnection) -> None:
            connection.execute("SET LOCAL synchronous_commit = off")
            self._words.index(connection, messages)

        self._transact(connection, index)
        self._words.mark = messages[-1].id
        return True

    def _transact(self, connection: PostgresConnection, work: Callable[[PostgresConnection], None]) -> None:
        connection.execute("BEGIN")
        try:
            work(connection)
            connection.execute("COMMIT")
        except BaseException:
            connection.roll_back()
            raise

    def _explained(self, error: Exception) -> StoreError:
        assert isinstance(error, psycopg.Error)
        return explained(error, self._url)
