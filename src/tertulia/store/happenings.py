"""What was done in rooms, and reactions, in SQL that every database here understands.

What belongs here: statements about `happenings`, and rows to values. What must not: transactions
(`sqlite.py`). The key begins with the buffer: one insertion into one tree for each, and a page is read in
one go.
"""

from __future__ import annotations

from collections.abc import Sequence

from tertulia.protocol.accounts import AccountGone
from tertulia.protocol.history import Happening, Message, Page, Redaction
from tertulia.store import rows
from tertulia.store.connection import Connection

_COLUMNS = ", ".join(Happening._fields)
_MARKS = ", ".join("?" * len(Happening._fields))
_STRETCH = f"SELECT {_COLUMNS} FROM happenings WHERE buffer = ? AND id > ? AND id < ? ORDER BY id"


def write(connection: Connection, happenings: Sequence[Happening]) -> None:
    newest = {one[:2]: one for one in happenings}
    connection.executemany("DELETE FROM happenings WHERE buffer = ? AND id = ?", list(newest))
    connection.executemany(f"INSERT INTO happenings ({_COLUMNS}) VALUES ({_MARKS})", list(newest.values()))


def page(connection: Connection, page: Page) -> list[Message]:
    """What a page that asks for happenings has of them, in any order, from each buffer at most its limit."""
    after, before = rows.bounds(page)
    statement = f"{_STRETCH} {'DESC ' if page.newest_first else ''}LIMIT ?"
    return [
        Happening._make(row).as_message()
        for buffer in dict.fromkeys(page.buffers)
        for row in connection.execute(statement, (buffer, after, before, max(0, page.limit)))
    ]


def redact(connection: Connection, redactions: Sequence[Redaction]) -> None:
    named = [(one.buffer, one.message_id) for one in redactions if one.buffer]
    connection.executemany("DELETE FROM happenings WHERE buffer = ? AND id = ?", named)


def forget_account(connection: Connection, gone: AccountGone) -> None:
    """Looks at all of them, as deleting an account does with the messages."""
    if gone.words:
        connection.execute("DELETE FROM happenings WHERE account = ?", (gone.name,))
    else:
        connection.execute("UPDATE happenings SET account = NULL WHERE account = ?", (gone.name,))
