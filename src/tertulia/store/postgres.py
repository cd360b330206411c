"""The durable store in PostgreSQL: a tick's records in one transaction, in the caller's thread.

What belongs here: `ports.Store` over one connection. What must not: how it is opened
(`postgres_connection.py`), causes of failure (`postgres_failures.py`).

The loop waits for each commit, as with SQLite: nothing may leave before it anyway. The database server should
be near: a millisecond on the way is a millisecond in every tick. A lost connection is made again after a
pause, in which everything is refused at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import psycopg

from tertulia.ports import Clock, Record, StoreError
from tertulia.protocol.history import Forgetting, Message, Search
from tertulia.store.connection import Refused
from tertulia.store.failures import Pause
from tertulia.store.forgetting import forget
from tertulia.store.postgres_connection import PostgresConnection
from tertulia.store.postgres_failures import OURS, explained, place_of
from tertulia.store.postgres_migrate import migrate, revision
from tertulia.store.postgres_words import PostgresWords
from tertulia.store.sql import Answer, SqlStore
from tertulia.store.writing import end_open_streams, write

LOCK = 0x7E27_0117
"""One server for one database: an advisory lock, which PostgreSQL lets go of when its connection ends."""

TRY_LOCK = f"SELECT pg_try_advisory_lock({LOCK})"


class PostgresStore(SqlStore):
    """`ports.Store` at `url` (`postgresql://user@host/database`). `durability`: "full" or "normal".

    Opening raises `StoreError`: "locked" when another server has it; the text says what to do.
    """

    def __init__(self, url: str, durability: str, clock: Clock) -> None:
        self._url = url
        self._durability = durability
        self._pause = Pause(clock)
        self._connection: PostgresConnection | None = None
        self._words = PostgresWords()
        self._closed = False
        try:
            self._connection = self._open()
            migrate(self._connection, url)
            self._attach(self._connection)
            _transact(self._connection, partial(end_open_streams, self._words))
        except BaseException as error:
            self.close()
            if isinstance(error, psycopg.Error):
                raise explained(error, url) from error
            raise

    def commit(self, records: Sequence[Record]) -> None:
        if not records:
            return

        def keep(connection: PostgresConnection) -> None:
            _transact(connection, lambda connection: write(self._words, connection, records))

        self._attempt(keep)

    def search(self, search: Search) -> list[Message]:
        return self._attempt(lambda connection: self._words.search(connection, search))

    def forget(self, forgetting: Forgetting) -> int:
        def step(connection: PostgresConnection) -> int:
            count: list[int] = []
            _transact(connection, lambda inside: count.append(forget(self._words, inside, forgetting)))
            return count[0]

        return self._attempt(step)

    def tend(self) -> bool:
        return self._attempt(self._index_some)

    def close(self) -> None:
        """Let go of it. Further calls raise `StoreError`."""
        self._closed = True
        self._give_up()

    def _open(self) -> PostgresConnection:
        """A connection that serves alone. Raises `StoreError`, `psycopg.Error`."""
        connection = PostgresConnection(self._url, self._durability)
        if not connection.execute(TRY_LOCK).fetchone()[0]:
            connection.close()
            raise StoreError(
                "locked",
                f"{place_of(self._url)} is being served by another server. Stop it first, or give this one a "
                "database of its own.",
            )
        return connection

    def _reopen(self) -> PostgresConnection:
        """The same after a failure: it must still be ours. Raises as `_open`."""
        connection = self._open()
        try:
            found = revision(connection, self._url)
            if found is None:
                raise StoreError("failed", f"{place_of(self._url)} is empty now: start the server again")
            self._attach(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _attach(self, connection: PostgresConnection) -> None:
        if not self._words.attach(connection):
            _transact(connection, self._words.make)

    def _attempt(self, work: Callable[[PostgresConnection], Answer]) -> Answer:
        """Do `work` on a live connection, or raise `StoreError`; see the three kinds of error in
        `sqlite.py`."""
        if self._closed:
            raise StoreError("failed", f"{place_of(self._url)} is closed")
        self._pause.check()
        try:
            if self._connection is None:
                self._connection = self._reopen()
            return work(self._connection)
        except (*OURS, OverflowError, UnicodeError, Refused) as error:
            raise StoreError(
                "failed", f"The records were refused: {type(error).__name__}: {error}"
            ) from error
        except psycopg.Error as error:
            raise self._failed(explained(error, self._url)) from error
        except StoreError as error:
            raise self._failed(error) from None

    def _index_some(self, connection: PostgresConnection) -> bool:
        """One step of the index. It need not outlast a power cut, so the disk is not waited for."""
        messages = self._words.next(connection)
        if not messages:
            return False

        def index(connection: PostgresConnection) -> None:
            connection.execute("SET LOCAL synchronous_commit = off")
            self._words.index(connection, messages)

        _transact(connection, index)
        self._words.mark = messages[-1].id
        return True

    def _failed(self, failure: StoreError) -> StoreError:
        if failure.code != "locked":
            self._give_up()
        self._pause.begin(failure)
        return failure

    def _give_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except psycopg.Error:  # what was committed is committed
                pass


def _transact(connection: PostgresConnection, work: Callable[[PostgresConnection], None]) -> None:
    connection.execute("BEGIN")
    try:
        work(connection)
        connection.execute("COMMIT")
    except BaseException:
        connection.roll_back()
        raise
