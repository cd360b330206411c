"""The records of files in SQLite: rows and questions.

What belongs here: statements about the table `files`. What must not: the files themselves (`folder.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from tertulia.protocol.files import FileGone, FileRecord, FileUse
from tertulia.store.connection import Connection

_COLUMNS = ", ".join(FileRecord._fields)
_INSERT = f"INSERT INTO files ({_COLUMNS}) VALUES ({', '.join('?' * len(FileRecord._fields))})"
_SELECT = f"SELECT {_COLUMNS} FROM files"


def write_files(connection: Connection, records: Sequence[FileRecord]) -> None:
    """A record takes the place of one with the same key."""
    forget_files(connection, [FileGone(record.key) for record in records])
    connection.executemany(_INSERT, records)


def forget_files(connection: Connection, gone: Sequence[FileGone]) -> None:
    connection.executemany("DELETE FROM files WHERE key = ?", gone)


def file(connection: Connection, key: str) -> FileRecord | None:
    row = connection.execute(f"{_SELECT} WHERE key = ?", (key,)).fetchone()
    return None if row is None else FileRecord._make(row)


def files(connection: Connection, owner: str | None, room: str | None, limit: int) -> list[FileRecord]:
    wanted = {"owner": owner, "room": room}
    named = {name: value for name, value in wanted.items() if value is not None}
    where = " AND ".join(f"{name} = :{name}" for name in named) or "TRUE"
    found = connection.execute(
        f"{_SELECT} WHERE {where} ORDER BY made_at DESC, key LIMIT :limit", {**named, "limit": limit}
    )
    return [FileRecord._make(row) for row in found]


def file_use(connection: Connection, owner: str | None) -> FileUse:
    where, values = ("", ()) if owner is None else (" WHERE owner = ?", (owner,))
    found = connection.execute(
        f"SELECT count(*), coalesce(sum(size), 0) FROM files{where}", values
    ).fetchone()
    return FileUse(int(found[0]), int(found[1]))  # PostgreSQL's sum is a decimal


def files_expired(connection: Connection, now: int, limit: int) -> list[FileRecord]:
    found = connection.execute(
        f"{_SELECT} WHERE expires_at > 0 AND expires_at <= ? ORDER BY expires_at, key LIMIT ?", (now, limit)
    )
    return [FileRecord._make(row) for row in found]
