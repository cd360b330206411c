"""All that was said, as plain dictionaries: `tertulia history export`, and whoever wants to leave.

What belongs here: reading a database from the side, while its server may be writing. What must not:
writing, files of output, the store's own connection. A page at a time, each in a short transaction of its
own: a reader that stayed inside one would keep the write-ahead log from being carried over.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tertulia.limits import HISTORY_PAGE
from tertulia.ports import StoreError
from tertulia.protocol import exported
from tertulia.protocol.accounts import AccountRecord, identity_of
from tertulia.protocol.history import Message, Page, id_floor
from tertulia.store import statements as sql
from tertulia.store.connection import Connection
from tertulia.store.failures import explained
from tertulia.store.migrate import HEAD, revision
from tertulia.store.open import is_postgres, needs_postgres, path_of
from tertulia.store.reading import read_page, with_pieces
from tertulia.store.rows import ID_MAX

WAIT_SECONDS = 5.0  # nobody's loop stands still for this one


def history(
    url: str,
    rooms: Sequence[str] = (),
    since_ms: int | None = None,
    until_ms: int | None = None,
    account: str = "",
) -> Iterator[dict[str, Any]]:
    """Every message of the database at `url`, ascending, each as `protocol.exported` makes it; one page of
    them in memory.

    `rooms`: folded names; without any, all rooms and private conversations. `since_ms` is included,
    `until_ms` is not; both in milliseconds since 1970 UTC. `account`: folded name of the one whose own data
    it is to be, which is all that it said, and the private talk it had. Raises `StoreError`.
    """
    after = -1 if since_ms is None else min(id_floor(since_ms), ID_MAX) - 1
    before = ID_MAX if until_ms is None else min(id_floor(until_ms), ID_MAX)
    with reading(url) as connection:
        buffers = _buffers(connection, rooms)
        owner = _owner(connection, account) if account else ()
        while page := _next_page(connection, buffers, owner, after, before):
            yield from map(exported.message, page)
            after = page[-1].id


@contextmanager
def reading(url: str) -> Iterator[Connection]:
    """A connection of one's own to look at the database of a server, which may be running. Raises
    `StoreError`."""
    if is_postgres(url):
        needs_postgres()
        from tertulia.store.postgres_reading import postgres_reading

        with postgres_reading(url) as found:
            yield found
        return
    path = path_of(url)
    try:
        connection = _open(path)
        try:
            yield connection
        finally:
            connection.close()
    except (sqlite3.Error, OSError) as error:
        raise explained(error, path) from error


def _open(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise StoreError(
            "failed", f"{path}: there is no such database", f"{path}: no existe esa base de datos"
        )
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=ro", uri=True, timeout=WAIT_SECONDS, isolation_level=None
    )
    try:
        found = revision(connection, path)
        if found != HEAD:
            raise StoreError(
                "failed",
                f"{path} has an older schema ({found}): start the server once, then export",
                f"{path} tiene un esquema anterior ({found}): arranca el servidor una vez, y luego exporta",
            )
    except BaseException:
        connection.close()
        raise
    return connection


def moved_rooms(connection: Connection) -> dict[str, str]:
    """Of rooms that have been renamed: their folded names, and under which name each is kept."""
    settings = {key: json.loads(kept) for key, kept in connection.execute(sql.SETTINGS)}
    return {key: kept["buffer"] for key, kept in settings.items() if "buffer" in kept}


def _buffers(connection: Connection, rooms: Sequence[str]) -> tuple[str, ...]:
    moved = moved_rooms(connection)
    return tuple(moved.get(room, room) for room in rooms)


def _owner(connection: Connection, account: str) -> tuple[str, ...]:
    """The account's name as it stands on messages, and twice the identity of its private talk."""
    found = connection.execute(sql.ACCOUNT_NAMED, (account,)).fetchone()
    if found is None:
        raise StoreError("failed", f"there is no account {account}", f"no existe la cuenta {account}")
    identity = identity_of(AccountRecord(account, found[0], found[1]))
    return found[0], identity, identity


def _next_page(
    connection: Connection, rooms: tuple[str, ...], owner: tuple[str, ...], after: int, before: int
) -> list[Message]:
    connection.execute("BEGIN")  # a message and its pieces must be of one moment
    try:
        if rooms:
            return read_page(connection, Page(rooms, after, before, HISTORY_PAGE, newest_first=False))
        if owner:
            found = connection.execute(sql.OF_ONE, (after, before, *owner, HISTORY_PAGE))
        else:
            found = connection.execute(sql.EVERYWHERE, (after, before, HISTORY_PAGE))
        return with_pieces(connection, [Message._make(row) for row in found])
    finally:
        connection.execute("COMMIT")
