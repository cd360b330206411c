"""Records into SQL: what a commit writes, in words that every database here understands.

What belongs here: a writer for each kind of record. What must not: transactions (the stores), questions
(`reading.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from tertulia.ports import Record
from tertulia.protocol.accounts import AccountGone, AccountRecord
from tertulia.protocol.files import FileGone, FileRecord
from tertulia.protocol.history import Happening, Message, Piece, Redaction, RoomMoved, RoomRecord, StreamEnd
from tertulia.protocol.presence import AccountTime, Presence, PresenceGone
from tertulia.store import agents, happenings, invitations, moderation, presence, push, rows
from tertulia.store import files as handed
from tertulia.store import statements as sql
from tertulia.store.connection import Connection, Refused
from tertulia.store.fulltext import Fulltext
from tertulia.store.reading import pieces_of


def write(words: Fulltext, connection: Connection, records: Sequence[Record]) -> None:
    """Write them in order, in the transaction that is open, and keep the index of words in step."""
    for kind, run in groupby(records, type):
        batch = list(run)
        before, after = INDEXED.get(kind, (None, None))
        if before is not None:
            before(words, connection, batch)
        WRITERS[kind](connection, batch)
        if after is not None:
            after(words, connection, batch)


def end_open_streams(words: Fulltext, connection: Connection) -> None:
    """What a dead process left open: its end is what is there."""
    left = [Message._make(row) for row in connection.execute(sql.OPEN_STREAMS)]
    write(words, connection, [rows.cut_short(message, pieces_of(connection, message.id)) for message in left])


USUAL_AFTER_TEXT = Message(0, 0, "", "", "", "", "")[sql.PLAIN_FIELDS :]
USUAL_AFTER_ACCOUNT = USUAL_AFTER_TEXT[1:]


def _write_messages(connection: Connection, messages: list[Message]) -> None:
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


def _write_pieces(connection: Connection, pieces: list[Piece]) -> None:
    _each(connection, sql.INSERT_PIECE, pieces, "a piece of a stream that is not open")


def _end_streams(connection: Connection, ends: list[StreamEnd]) -> None:
    _each(connection, sql.END_STREAM, ends, "the end of a stream that is not open")
    connection.executemany(sql.DELETE_PIECES, [(end.message_id,) for end in ends])


def _each(connection: Connection, statement: str, values: Sequence[Any], what: str) -> None:
    """Run a statement that must change one row for each value."""
    if connection.executemany(statement, values).rowcount != len(values):
        raise Refused(what)


def _write_rooms(connection: Connection, records: list[RoomRecord]) -> None:
    for record in records:
        connection.execute(sql.DELETE_ROOM, (record.key,))
        connection.execute(sql.INSERT_ROOM, rows.room_row(record))
        connection.executemany(sql.INSERT_MASK, rows.mask_rows(record))
        connection.executemany(sql.INSERT_ACCESS, rows.access_rows(record))


def _redact(connection: Connection, redactions: list[Redaction]) -> None:
    connection.executemany(sql.REDACT, [(one.message_id,) for one in redactions])
    happenings.redact(connection, redactions)


def _write_accounts(connection: Connection, records: list[AccountRecord]) -> None:
    for record in records:
        connection.execute(sql.DELETE_ACCOUNT, (record.key,))
        connection.execute(sql.INSERT_ACCOUNT, rows.account_row(record))
        connection.executemany(
            sql.INSERT_CERTIFICATE,
            [(record.key, position, one) for position, one in enumerate(record.certificates)],
        )


def _forget_accounts(connection: Connection, gone: list[AccountGone]) -> None:
    for one in gone:
        connection.execute(sql.DELETE_ACCOUNT, (one.key,))
        presence.forget_account(connection, one.key)
        agents.forget_account(connection, one.key)
        push.forget_account(connection, one.key)
        invitations.forget_account(connection, one.key)
        if one.words:
            connection.execute(sql.FORGET_WORDS, (one.name,))
        connection.execute(sql.FORGET_NAME, (one.name,))
        happenings.forget_account(connection, one)


def _move_rooms(connection: Connection, moved: list[RoomMoved]) -> None:
    for one in moved:
        connection.execute(sql.DELETE_ROOM, (one.key,))
        _write_rooms(connection, [one.record])
        presence.move_marks(connection, one.key, one.record.key)


WRITERS: dict[type, Callable[[Connection, list[Any]], None]] = {
    Message: _write_messages,
    Piece: _write_pieces,
    StreamEnd: _end_streams,
    Redaction: _redact,
    Happening: happenings.write,
    RoomRecord: _write_rooms,
    RoomMoved: _move_rooms,
    AccountRecord: _write_accounts,
    AccountGone: _forget_accounts,
    AccountTime: presence.write_times,
    Presence: presence.write_presences,
    PresenceGone: presence.forget_presences,
    FileRecord: handed.write_files,
    FileGone: handed.forget_files,
    **agents.WRITERS,
    **moderation.WRITERS,
    **push.WRITERS,
    **invitations.WRITERS,
}


Index = Callable[[Fulltext, Connection, list[Any]], None]

INDEXED: dict[type, tuple[Index | None, Index | None]] = {
    Message: (None, Fulltext.late),
    StreamEnd: (None, lambda words, connection, ends: words.ended(connection, _ids(ends))),
    Redaction: (lambda words, connection, gone: words.redacted(connection, _ids(gone)), None),
    AccountGone: (lambda words, connection, gone: _forget_words_of(words, connection, gone), None),
}
"""What the index of words is told before and after records are written."""


def _ids(records: Sequence[StreamEnd | Redaction]) -> list[int]:
    return [record.message_id for record in records]


def _forget_words_of(words: Fulltext, connection: Connection, gone: list[AccountGone]) -> None:
    for account in gone:
        if account.words:
            words.account_gone(connection, account.name)
