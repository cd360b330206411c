"""Deleting what is old, in SQL that every database here understands.

What belongs here: one small step of it. What must not: how old that is (`server/retention.py`), transactions.
"""

from __future__ import annotations

from tertulia.protocol.history import Forgetting
from tertulia.store import rows
from tertulia.store.connection import Connection
from tertulia.store.fulltext import Fulltext

OLD = "SELECT id FROM messages WHERE {where} id < ? AND state <> 'open' ORDER BY id LIMIT ?"
OLD_HAPPENINGS = "SELECT buffer, id FROM happenings WHERE {where} id < ? ORDER BY id LIMIT ?"


def forget(words: Fulltext, connection: Connection, forgetting: Forgetting) -> int:
    """Inside a transaction; as `ports.Store.forget`."""
    before = max(-1, min(forgetting.before, rows.ID_MAX))
    where, values = ("buffer = ? AND", [forgetting.buffer]) if forgetting.buffer else ("", [])
    statement = OLD_HAPPENINGS if forgetting.happenings else OLD
    found = connection.execute(statement.format(where=where), (*values, before, forgetting.limit)).fetchall()
    old = [tuple(row) for row in found]
    if forgetting.happenings:
        connection.executemany("DELETE FROM happenings WHERE buffer = ? AND id = ?", old)
    else:
        words.redacted(connection, [row[0] for row in old])
        connection.executemany("DELETE FROM messages WHERE id = ?", old)
    return len(old)
