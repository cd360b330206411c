"""Presences, read marks and devices in SQL that every database here understands.

What belongs here: statements about `account_times` and `presences`, and rows to values. What must not:
transactions (`sqlite.py`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from tertulia.protocol.presence import AccountTime, Presence, PresenceGone, StandsIn
from tertulia.store.connection import Connection

_TIMES = ", ".join(AccountTime._fields)
_PRESENCE = ", ".join(Presence._fields)


def write_times(connection: Connection, records: Sequence[AccountTime]) -> None:
    """The last one of several about the same counts."""
    newest = {record[:3]: record for record in records}
    connection.executemany(
        "DELETE FROM account_times WHERE account = ? AND kind = ? AND name = ?", list(newest)
    )
    kept = [record for record in newest.values() if record.at_ms]
    connection.executemany(f"INSERT INTO account_times ({_TIMES}) VALUES (?, ?, ?, ?)", kept)


def write_presences(connection: Connection, records: Sequence[Presence]) -> None:
    newest = {record.account: record for record in records}
    forget_presences(connection, [PresenceGone(account) for account in newest])
    marks = ", ".join("?" * len(Presence._fields))
    rows = [(*record[:-1], json.dumps(record.rooms, ensure_ascii=False)) for record in newest.values()]
    connection.executemany(f"INSERT INTO presences ({_PRESENCE}) VALUES ({marks})", rows)


def forget_presences(connection: Connection, gone: Sequence[PresenceGone]) -> None:
    connection.executemany("DELETE FROM presences WHERE account = ?", gone)


def forget_account(connection: Connection, account: str) -> None:
    """An account is deleted: nothing is known any more of where it was."""
    connection.execute("DELETE FROM account_times WHERE account = ?", (account,))
    connection.execute("DELETE FROM presences WHERE account = ?", (account,))


def account_times(connection: Connection, account: str) -> list[AccountTime]:
    found = connection.execute(
        f"SELECT {_TIMES} FROM account_times WHERE account = ? ORDER BY kind, name", (account,)
    )
    return [AccountTime._make(row) for row in found]


def presences(connection: Connection) -> list[Presence]:
    found = connection.execute(f"SELECT {_PRESENCE} FROM presences ORDER BY account")
    return [Presence._make([*row[:-1], _rooms(row[-1])]) for row in found]


def _rooms(text: str) -> tuple[StandsIn, ...]:
    return tuple(StandsIn(*values) for values in json.loads(text))


def move_marks(connection: Connection, old: str, new: str) -> None:
    """A room has another name: who has read so far there has read so far."""
    if old != new:
        connection.execute("DELETE FROM account_times WHERE kind = 'read' AND name = ?", (new,))
        moved = "UPDATE account_times SET name = ? WHERE kind = 'read' AND name = ?"
        connection.execute(moved, (new, old))
