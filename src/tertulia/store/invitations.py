"""Invitations by link in SQL that every database here understands.

What belongs here: statements about `invitations`, and rows to values. What must not: transactions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tertulia.protocol.invitations import Invitation, InvitationGone
from tertulia.store.connection import Connection

_FIELDS = ", ".join(Invitation._fields)
_MARKS = ", ".join("?" * len(Invitation._fields))


def write(connection: Connection, records: Sequence[Invitation]) -> None:
    newest = {record.key: record for record in records}
    forget(connection, [InvitationGone(key) for key in newest])
    connection.executemany(f"INSERT INTO invitations ({_FIELDS}) VALUES ({_MARKS})", list(newest.values()))


def forget(connection: Connection, gone: Sequence[InvitationGone]) -> None:
    connection.executemany("DELETE FROM invitations WHERE key = ?", gone)


def forget_account(connection: Connection, account: str) -> None:
    """An account is deleted: what it made lets nobody in any more."""
    connection.execute("DELETE FROM invitations WHERE account = ?", (account,))


def invitations(connection: Connection) -> list[Invitation]:
    found = connection.execute(f"SELECT {_FIELDS} FROM invitations ORDER BY room, key")
    return [Invitation._make(row) for row in found]


WRITERS: dict[type, Callable[[Connection, list[Any]], None]] = {Invitation: write, InvitationGone: forget}
