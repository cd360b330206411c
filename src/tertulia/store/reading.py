"""Questions in SQL: pages, conversations, what is growing, in the words of `statements.py`.

What belongs here: rows to values. What must not: transactions (the stores), what is written (`writing.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from tertulia.protocol.history import Message, Own, Page, Piece, TargetSeen
from tertulia.store import happenings, rows
from tertulia.store import statements as sql
from tertulia.store.connection import Connection


def read_page(connection: Connection, page: Page) -> list[Message]:
    """A page of one or several buffers. Each is read along the index, at most `limit` rows of it."""
    after, before = rows.bounds(page)
    statement = sql.NEWEST if page.newest_first else sql.OLDEST
    found: list[Message] = []
    for buffer in dict.fromkeys(page.buffers):
        found += map(
            Message._make, connection.execute(statement, (buffer, after, before, max(0, page.limit)))
        )
    if page.events:
        found += happenings.page(connection, page)
    return with_pieces(connection, rows.stretch(found, page))


def read_own(connection: Connection, own: Own) -> tuple[list[Message], int]:
    """Of a stretch of all that was said, what is somebody's."""
    (end,) = connection.execute(sql.STRETCH_END, (own.after, own.rows)).fetchone()
    if end is None:
        return [], own.after
    values = (own.after, end + 1, own.account, own.identity, own.identity, own.rows)
    found = [Message._make(row) for row in connection.execute(sql.OF_ONE, values)]
    return with_pieces(connection, found), int(end)


def with_pieces(connection: Connection, messages: list[Message]) -> list[Message]:
    """The same messages; those still growing with what their pieces say so far."""
    return [
        rows.grown(message, pieces_of(connection, message.id)) if message.state == rows.OPEN else message
        for message in messages
    ]


def pieces_of(connection: Connection, message_id: int) -> list[Piece]:
    found = connection.execute(sql.PIECES, (message_id,))
    return [Piece(message, number, text, bool(concat)) for message, number, text, concat in found]


def latest_of(connection: Connection, identity: str, rooms: Sequence[str]) -> list[TargetSeen]:
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
