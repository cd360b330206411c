"""The durable store in one SQLite file: a tick's records in one transaction, in the caller's thread.

What belongs here: `ports.Store` over `database.py` and `statements.py`. What must not: causes of failure.

In the loop's own thread because a commit takes less than handing it to another one and back: 0.2 ms with
the disk synced, on the machine where both were measured.

Three kinds of error. The world's (disk, lock, file) becomes a `StoreError` and a pause; the connection is
given up, unless the file was only locked, and made again after the pause. Ours (a record that breaks the
schema) becomes a `StoreError` "failed" for that commit alone. In both, nothing of the commit is kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from tertulia.ports import Clock, Record, StoreError
from tertulia.protocol.history import (
    Forgetting,
    Message,
    Search,
)
from tertulia.store.connection import Refused
from tertulia.store.database import Database
from tertulia.store.failures import Pause, code_of, explained
from tertulia.store.forgetting import forget
from tertulia.store.fulltext import Fulltext
from tertulia.store.lock import ServingLock
from tertulia.store.sql import Answer, SqlStore
from tertulia.store.writing import end_open_streams, write

SYNCHRONOUS = {"full": "FULL", "normal": "NORMAL"}
"""Durability in SQLite's words. FULL: the log is synced at each commit. NORMAL: only before it is carried
over into the database, so a dead process loses nothing and a power cut at most the last commits (72,000
messages a second at 20 a commit, where FULL makes 51,000). OFF would make 106,000, but after a power cut the
file could be broken."""

OURS = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    OverflowError,
    UnicodeError,
    Refused,
)
"""What SQLite and its driver raise for records that cannot be stored, whatever the disk does."""

INDEX_LOST = (
    "the index of words is damaged, so nothing can be searched. Check the file as in docs/store.md, Backup; "
    'with the server stopped, sqlite3 and "DROP TABLE words_mark" have it made anew.'
)


class SqliteStore(SqlStore):
    """`ports.Store` on the file at `path`, whose folder exists. `durability`: "full" or "normal".

    Opening raises `StoreError`: "locked" when another server has it; the text says what to do. Streams that
    a dead process left open are closed, and marked incomplete.
    """

    def __init__(self, path: Path, durability: str, clock: Clock) -> None:
        self._database = Database(path, SYNCHRONOUS[durability])
        self._pause = Pause(clock)
        self._connection: sqlite3.Connection | None = None
        self._words = Fulltext()
        self._closed = False
        try:
            self._lock = ServingLock(path)
        except OSError as error:
            raise explained(error, path) from error
        try:
            self._connection = self._database.create()
            self._attach(self._connection)
            _transact(self._connection, partial(end_open_streams, self._words))
        except BaseException as error:
            self.close()
            if isinstance(error, sqlite3.Error | OSError):
                raise explained(error, path) from error
            raise

    def commit(self, records: Sequence[Record]) -> None:
        if not records:
            return

        def keep(connection: sqlite3.Connection) -> None:
            self._database.check_in_place()
            _transact(connection, lambda connection: write(self._words, connection, records))

        self._attempt(keep)

    def search(self, search: Search) -> list[Message]:
        if self._words.lost:
            raise StoreError("corrupt", f"{self._database.path}: {INDEX_LOST}")
        return self._attempt(lambda connection: self._words.search(connection, search))

    def forget(self, forgetting: Forgetting) -> int:
        def step(connection: sqlite3.Connection) -> int:
            count: list[int] = []
            _transact(connection, lambda inside: count.append(forget(self._words, inside, forgetting)))
            return count[0]

        return self._attempt(step)

    def tend(self) -> bool:
        return self._attempt(self._index_some)

    def close(self) -> None:
        """Carry the log over into the database and let go of it. Further calls raise `StoreError`."""
        self._closed = True
        self._give_up()
        self._lock.release()

    def _attempt(self, work: Callable[[sqlite3.Connection], Answer]) -> Answer:
        """Do `work` on a live connection, or raise `StoreError`; see the three kinds of error above."""
        if self._closed:
            raise StoreError("failed", f"{self._database.path} is closed")
        self._pause.check()
        try:
            if self._connection is None:
                self._connection = self._database.reopen()
                self._attach(self._connection)
            return work(self._connection)
        except OURS as error:
            raise StoreError(
                "failed", f"The records were refused: {type(error).__name__}: {error}"
            ) from error
        except (sqlite3.Error, OSError) as error:
            raise self._failed(explained(error, self._database.path)) from error
        except StoreError as error:
            raise self._failed(error) from None

    def _attach(self, connection: sqlite3.Connection) -> None:
        """Find or make the index. A damaged one is not worth stopping for."""
        try:
            if not self._words.attach(connection):
                _transact(connection, self._words.make)
        except sqlite3.DatabaseError as error:
            self._lose(error)

    def _lose(self, error: sqlite3.DatabaseError) -> None:
        """Go on without the index if it is damaged; raises what else is wrong."""
        if code_of(error, self._database.path) != "corrupt":
            raise error
        self._words.lose()

    def _index_some(self, connection: sqlite3.Connection) -> bool:
        """One step of the index. It need not outlast a power cut, so the disk is not waited for: whatever is
        lost is indexed again."""
        messages = [] if self._words.lost else self._words.next(connection)
        if not messages:
            return False
        connection.execute("PRAGMA synchronous = NORMAL")
        try:
            _transact(connection, lambda connection: self._words.index(connection, messages))
        except sqlite3.DatabaseError as error:
            self._lose(error)
            return False
        finally:
            connection.execute(f"PRAGMA synchronous = {self._database.synchronous}")
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
            except sqlite3.Error:  # what was committed is in the log, and is found there again
                pass


# --- Writing ------------------------------------------------------------------------------------------------


def _transact(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], None]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        work(connection)
        connection.execute("COMMIT")
    except BaseException:
        _roll_back(connection)
        raise


def _roll_back(connection: sqlite3.Connection) -> None:
    try:
        if connection.in_transaction:  # after some errors SQLite has rolled back by itself
            connection.execute("ROLLBACK")
    except sqlite3.Error:  # the next BEGIN fails then, and the connection is given up
        pass
