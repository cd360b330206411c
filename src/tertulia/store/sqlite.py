"""The durable store in one SQLite file: a tick's records in one transaction, in the caller's thread.

What belongs here: `ports.Store` over `database.py` and `statements.py`. What must not: causes of failure.

In the loop's own thread because a commit takes less than handing it to another one and back: 0.2 ms with
the disk synced, on the machine where both were measured. What is written once more, from the log into the
database, is written in a thread of its own (`checkpoints.py`). What follows an error: `attempting.py`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tertulia.ports import Clock, StoreError
from tertulia.protocol.history import Message, Search
from tertulia.store.attempting import SENSE
from tertulia.store.checkpoints import Checkpoints
from tertulia.store.database import Database
from tertulia.store.failures import code_of, explained
from tertulia.store.fulltext import Fulltext
from tertulia.store.lock import ServingLock
from tertulia.store.sql import SqlStore
from tertulia.store.writing import end_open_streams

SYNCHRONOUS = {"full": "FULL", "normal": "NORMAL"}
"""Durability in SQLite's words. FULL: the log is synced at each commit. NORMAL: only before it is carried
over into the database, so a dead process loses nothing and a power cut at most the last commits (72,000
messages a second at 20 a commit, where FULL makes 51,000). OFF would make 106,000, but after a power cut the
file could be broken."""

INDEX_LOST = (
    "the index of words is damaged, so nothing can be searched. Check the file as in docs/store.md, Backup; "
    'with the server stopped, sqlite3 and "DROP TABLE words_mark" have it made anew.'
)


class SqliteStore(SqlStore[sqlite3.Connection]):
    """`ports.Store` on the file at `path`, whose folder exists. `durability`: "full" or "normal".

    Opening raises `StoreError`: "locked" when another server has it; the text says what to do. Streams that
    a dead process left open are closed, and marked incomplete.
    """

    ours = (sqlite3.IntegrityError, sqlite3.DataError, *SENSE)
    theirs = (sqlite3.Error, OSError)

    def __init__(self, path: Path, durability: str, clock: Clock) -> None:
        super().__init__(str(path), clock, Fulltext())
        self._database = Database(path, SYNCHRONOUS[durability])
        self._checkpoints = Checkpoints(self._database)
        try:
            self._lock = ServingLock(path)
        except OSError as error:
            raise explained(error, path) from error
        self._begin(partial(end_open_streams, self._words))

    def search(self, search: Search) -> list[Message]:
        if self._words.lost:
            raise StoreError("corrupt", f"{self._place}: {INDEX_LOST}")
        return super().search(search)

    def close(self) -> None:
        """Carry the log over into the database and let go of it. Further calls raise `StoreError`."""
        super().close()
        self._lock.release()

    def _first(self) -> sqlite3.Connection:
        return self._attached(self._database.create())

    def _again(self) -> sqlite3.Connection:
        return self._attached(self._database.reopen())

    def _attached(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        try:
            self._attach(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _check(self, connection: sqlite3.Connection) -> None:
        self._database.check_in_place()

    def _transact(self, connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], None]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        try:
            work(connection)
            connection.execute("COMMIT")
        except BaseException:
            _roll_back(connection)
            raise
        self._checkpoints.committed(connection)

    def _give_up(self) -> None:
        """The thread's connection first, so that the last to close is ours: it takes the log away."""
        self._checkpoints.close()
        super()._give_up()

    def _attach(self, connection: sqlite3.Connection) -> None:
        """Find or make the index. A damaged one is not worth stopping for."""
        try:
            if not self._words.attach(connection):
                self._transact(connection, self._words.make)
        except sqlite3.DatabaseError as error:
            self._lose(error)

    def _lose(self, error: sqlite3.DatabaseError) -> None:
        """Go on without the index if it is damaged; raises what else is wrong."""
        if code_of(error, self._database.path) != "corrupt":
            raise error
        self._words.lose()

    def _index_some(self, connection: sqlite3.Connection) -> bool:
        messages = [] if self._words.lost else self._words.next(connection)
        if not messages:
            self._checkpoints.rest()
            return False
        connection.execute("PRAGMA synchronous = NORMAL")
        try:
            self._transact(connection, lambda connection: self._words.index(connection, messages))
        except sqlite3.DatabaseError as error:
            self._lose(error)
            return False
        finally:
            connection.execute(f"PRAGMA synchronous = {self._database.synchronous}")
        self._words.mark = messages[-1].id
        return True

    def _explained(self, error: Exception) -> StoreError:
        assert isinstance(error, sqlite3.Error | OSError)
        return explained(error, self._database.path)

    def _outlives(self, failure: StoreError, error: Exception) -> bool:
        """An I/O error may have spoilt the connection, though its cause was a full disk."""
        result = getattr(error, "sqlite_errorcode", None) or 0
        return super()._outlives(failure, error) and result & 0xFF != sqlite3.SQLITE_IOERR


def _roll_back(connection: sqlite3.Connection) -> None:
    try:
        if connection.in_transaction:  # after some errors SQLite has rolled back by itself
            connection.execute("ROLLBACK")
    except sqlite3.Error:  # the next BEGIN fails then, and the connection is given up
        pass
