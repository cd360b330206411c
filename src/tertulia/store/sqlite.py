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
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from tertulia.ports import Clock, Record, StoreError
from tertulia.protocol.accounts import AccountGone, AccountRecord
from tertulia.protocol.files import FileGone, FileRecord, FileUse
from tertulia.protocol.history import (
    Message,
    Page,
    Piece,
    Redaction,
    RoomRecord,
    Search,
    StreamEnd,
    TargetSeen,
)
from tertulia.protocol.presence import AccountTime, Presence, PresenceGone
from tertulia.store import files as handed
from tertulia.store import presence, rows
from tertulia.store import statements as sql
from tertulia.store.database import Database
from tertulia.store.failures import Pause, code_of, explained
from tertulia.store.fulltext import Fulltext
from tertulia.store.lock import ServingLock

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
)
"""What SQLite and its driver raise for records that cannot be stored, whatever the disk does."""

INDEX_LOST = (
    "the index of words is damaged, so nothing can be searched. Check the file as in docs/store.md, Backup; "
    'with the server stopped, sqlite3 and "DROP TABLE words_mark" have it made anew.'
)

Answer = TypeVar("Answer")


class SqliteStore:
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
            _transact(self._connection, self._end_open_streams)
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
            _transact(connection, lambda connection: self._write(connection, records))

        self._attempt(keep)

    def page(self, page: Page) -> list[Message]:
        return self._attempt(lambda connection: read_page(connection, page))

    def targets(
        self,
        identity: str,
        rooms: Sequence[str],
        after_ms: int,
        before_ms: int,
        limit: int,
        newest_first: bool = False,
    ) -> list[TargetSeen]:
        found = self._attempt(lambda connection: _targets(connection, identity, rooms))
        return rows.in_interval(found, after_ms, before_ms, limit, newest_first)

    def search(self, search: Search) -> list[Message]:
        if self._words.lost:
            raise StoreError("corrupt", f"{self._database.path}: {INDEX_LOST}")
        return self._attempt(lambda connection: self._words.search(connection, search))

    def tend(self) -> bool:
        return self._attempt(self._index_some)

    def rooms(self) -> Iterable[RoomRecord]:
        return self._attempt(
            lambda connection: rows.room_records(
                connection.execute(sql.ROOMS), connection.execute(sql.MASKS), connection.execute(sql.ACCESS)
            )
        )

    def accounts(self) -> Iterable[AccountRecord]:
        return self._attempt(
            lambda connection: rows.account_records(
                connection.execute(sql.ACCOUNTS), connection.execute(sql.CERTIFICATES)
            )
        )

    def account_times(self, account: str) -> Sequence[AccountTime]:
        return self._attempt(lambda connection: presence.account_times(connection, account))

    def presences(self) -> Iterable[Presence]:
        return self._attempt(presence.presences)

    def file(self, key: str) -> FileRecord | None:
        return self._attempt(lambda connection: handed.file(connection, key))

    def files(self, owner: str | None, room: str | None, limit: int) -> list[FileRecord]:
        return self._attempt(lambda connection: handed.files(connection, owner, room, limit))

    def file_use(self, owner: str | None) -> FileUse:
        return self._attempt(lambda connection: handed.file_use(connection, owner))

    def files_expired(self, now: int, limit: int) -> list[FileRecord]:
        return self._attempt(lambda connection: handed.files_expired(connection, now, limit))

    def last_id(self) -> int:
        return self._attempt(lambda connection: int(connection.execute(sql.LAST_ID).fetchone()[0] or 0))

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

    def _write(self, connection: sqlite3.Connection, records: Sequence[Record]) -> None:
        for kind, run in groupby(records, type):
            batch = list(run)
            before, after = INDEXED.get(kind, (None, None))
            if before is not None:
                before(self._words, connection, batch)
            WRITERS[kind](connection, batch)
            if after is not None:
                after(self._words, connection, batch)

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

    def _end_open_streams(self, connection: sqlite3.Connection) -> None:
        """What a dead process left open: its end is what is there."""
        left = [Message._make(row) for row in connection.execute(sql.OPEN_STREAMS)]
        self._write(
            connection, [rows.cut_short(message, _pieces(connection, message.id)) for message in left]
        )

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


USUAL_AFTER_TEXT = Message(0, 0, "", "", "", "", "")[sql.PLAIN_FIELDS :]
USUAL_AFTER_ACCOUNT = USUAL_AFTER_TEXT[1:]


def _write_messages(connection: sqlite3.Connection, messages: list[Message]) -> None:
    """Fields that have their usual value are left to the table: to bind a None costs the driver as much as
    the rest of a column's way, and most lines are usual. Measured with a thousand at a time: 134,000 messages
    a second instead of 80,000."""
    plain, named, whole = [], [], []
    for message in messages:
        if message[sql.NAMED_FIELDS :] != USUAL_AFTER_ACCOUNT:
            whole.append(message)
        elif message.account is None:
            plain.append(message[: sql.PLAIN_FIELDS])
        else:
            named.append(message[: sql.NAMED_FIELDS])
    forms: list[tuple[str, list[Any]]] = [
        (sql.INSERT_PLAIN, plain),
        (sql.INSERT_NAMED, named),
        (sql.INSERT_WHOLE, whole),
    ]
    for statement, values in forms:
        if values:
            connection.executemany(statement, values)


def _write_pieces(connection: sqlite3.Connection, pieces: list[Piece]) -> None:
    _each(connection, sql.INSERT_PIECE, pieces, "a piece of a stream that is not open")


def _end_streams(connection: sqlite3.Connection, ends: list[StreamEnd]) -> None:
    _each(connection, sql.END_STREAM, ends, "the end of a stream that is not open")
    connection.executemany(sql.DELETE_PIECES, [(end.message_id,) for end in ends])


def _each(connection: sqlite3.Connection, statement: str, values: Sequence[Any], what: str) -> None:
    """Run a statement that must change one row for each value."""
    if connection.executemany(statement, values).rowcount != len(values):
        raise sqlite3.IntegrityError(what)


def _write_rooms(connection: sqlite3.Connection, records: list[RoomRecord]) -> None:
    for record in records:
        connection.execute(sql.DELETE_ROOM, (record.key,))
        connection.execute(sql.INSERT_ROOM, rows.room_row(record))
        connection.executemany(sql.INSERT_MASK, rows.mask_rows(record))
        connection.executemany(sql.INSERT_ACCESS, rows.access_rows(record))


def _redact(connection: sqlite3.Connection, redactions: list[Redaction]) -> None:
    connection.executemany(sql.REDACT, redactions)


def _write_accounts(connection: sqlite3.Connection, records: list[AccountRecord]) -> None:
    for record in records:
        connection.execute(sql.DELETE_ACCOUNT, (record.key,))
        connection.execute(sql.INSERT_ACCOUNT, rows.account_row(record))
        connection.executemany(
            sql.INSERT_CERTIFICATE,
            [(record.key, position, one) for position, one in enumerate(record.certificates)],
        )


def _forget_accounts(connection: sqlite3.Connection, gone: list[AccountGone]) -> None:
    for one in gone:
        connection.execute(sql.DELETE_ACCOUNT, (one.key,))
        presence.forget_account(connection, one.key)
        if one.words:
            connection.execute(sql.FORGET_WORDS, (one.name,))
        connection.execute(sql.FORGET_NAME, (one.name,))


WRITERS: dict[type, Callable[[sqlite3.Connection, list[Any]], None]] = {
    Message: _write_messages,
    Piece: _write_pieces,
    StreamEnd: _end_streams,
    Redaction: _redact,
    RoomRecord: _write_rooms,
    AccountRecord: _write_accounts,
    AccountGone: _forget_accounts,
    AccountTime: presence.write_times,
    Presence: presence.write_presences,
    PresenceGone: presence.forget_presences,
    FileRecord: handed.write_files,
    FileGone: handed.forget_files,
}


Index = Callable[[Fulltext, sqlite3.Connection, list[Any]], None]

INDEXED: dict[type, tuple[Index | None, Index | None]] = {
    Message: (None, Fulltext.late),
    StreamEnd: (None, lambda words, connection, ends: words.ended(connection, _ids(ends))),
    Redaction: (lambda words, connection, gone: words.redacted(connection, _ids(gone)), None),
    AccountGone: (lambda words, connection, gone: _forget_words_of(words, connection, gone), None),
}
"""What the index of words is told before and after records are written."""


def _ids(records: Sequence[StreamEnd | Redaction]) -> list[int]:
    return [record.message_id for record in records]


def _forget_words_of(words: Fulltext, connection: sqlite3.Connection, gone: list[AccountGone]) -> None:
    for account in gone:
        if account.words:
            words.account_gone(connection, account.name)


# --- Reading ------------------------------------------------------------------------------------------------


def read_page(connection: sqlite3.Connection, page: Page) -> list[Message]:
    """A page of one or several buffers. Each is read along the index, at most `limit` rows of it."""
    after, before = rows.bounds(page)
    statement = sql.NEWEST if page.newest_first else sql.OLDEST
    found: list[Message] = []
    for buffer in dict.fromkeys(page.buffers):
        found += map(
            Message._make, connection.execute(statement, (buffer, after, before, max(0, page.limit)))
        )
    return with_pieces(connection, rows.stretch(found, page))


def with_pieces(connection: sqlite3.Connection, messages: list[Message]) -> list[Message]:
    """The same messages; those still growing with what their pieces say so far."""
    return [
        rows.grown(message, _pieces(connection, message.id)) if message.state == rows.OPEN else message
        for message in messages
    ]


def _pieces(connection: sqlite3.Connection, message_id: int) -> list[Piece]:
    found = connection.execute(sql.PIECES, (message_id,))
    return [Piece(message, number, text, bool(concat)) for message, number, text, concat in found]


def _targets(connection: sqlite3.Connection, identity: str, rooms: Sequence[str]) -> list[TargetSeen]:
    """The latest word of each buffer that the asker knows, whenever it was."""
    named = {room: connection.execute(sql.ROOM_NAME, (room,)).fetchone() for room in rooms}
    buffers = dict.fromkeys(rooms)
    for statement in (sql.CONVERSATIONS_SENT, sql.CONVERSATIONS_RECEIVED):
        found = connection.execute(statement, (identity, rows.CONVERSATIONS)).fetchall()
        buffers.update(dict.fromkeys(buffer for (buffer,) in found))
    latest = (connection.execute(sql.LATEST, (buffer,)).fetchone() for buffer in buffers)
    return [
        rows.seen(message, identity, (named.get(message.buffer) or (None,))[0])
        for message in (Message._make(row) for row in latest if row is not None)
    ]
