"""Bans of the server, what operators did, and what the server remembers of itself, in SQL.

What belongs here: statements and rows, in words that every database here
understands. What must not: tables (`schema.py`), transactions (the stores).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tertulia.limits import AUDIT_ENTRIES
from tertulia.protocol.audit import AuditEntry, AuditPage, AuditPrune, Fact
from tertulia.protocol.bans import BanGone, BanRecord
from tertulia.store.connection import Connection

_BAN = "kind, target, effect, reason, note, set_by, set_at, expires_at"
DELETE_BAN = "DELETE FROM server_bans WHERE kind = ? AND target = ?"
INSERT_BAN = f"INSERT INTO server_bans ({_BAN}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
BANS = f"SELECT {_BAN} FROM server_bans ORDER BY kind, target"
DELETE_FACT = "DELETE FROM facts WHERE name = ?"
INSERT_FACT = "INSERT INTO facts (name, value) VALUES (?, ?)"
FACTS = "SELECT name, value FROM facts ORDER BY name"

_ENTRY = ", ".join(AuditEntry._fields)
INSERT_ENTRY = f"INSERT INTO audit ({_ENTRY}) VALUES (?, ?, ?, ?, ?, ?, ?)"
PRUNE = "DELETE FROM audit WHERE id < ?"
PRUNE_COUNT = f"""
DELETE FROM audit WHERE id <= (SELECT id FROM audit ORDER BY id DESC LIMIT 1 OFFSET {AUDIT_ENTRIES})
"""


def audit_query(page: AuditPage) -> tuple[str, list[Any]]:
    """The statement for a page, newest first, and its parameters."""
    where, given = ["id < ?"], [page.before]
    if page.operator:
        name = page.operator.lower()
        where.append("(lower(operator) = ? OR lower(who) LIKE ? ESCAPE '\\')")
        given += [name, f"{_plain(name)}!%"]  # type: ignore[list-item]
    for column, text in (("deed", page.deed), ("target", page.target)):
        if text:
            where.append(f"lower({column}) = ?")
            given.append(text.lower())  # type: ignore[arg-type]
    statement = f"SELECT {_ENTRY} FROM audit WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT ?"
    return statement, [*given, max(0, page.limit)]


def _plain(text: str) -> str:
    """A text in which LIKE finds no pattern."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def ban_row(record: BanRecord) -> tuple[Any, ...]:
    return (
        record.kind,
        record.target,
        record.effect,
        record.reason,
        record.note,
        record.set_by,
        record.set_at,
        record.expires_at,
    )


# --- what is written --------------------------------------------------------------------------------


def _write_bans(connection: Connection, records: list[BanRecord]) -> None:
    connection.executemany(DELETE_BAN, [record.key for record in records])
    connection.executemany(
        INSERT_BAN, [ban_row(record) for record in {one.key: one for one in records}.values()]
    )


def _lift_bans(connection: Connection, gone: list[BanGone]) -> None:
    connection.executemany(DELETE_BAN, [(one.kind, one.target) for one in gone])


def _write_facts(connection: Connection, facts: list[Fact]) -> None:
    connection.executemany(DELETE_FACT, [(fact.name,) for fact in facts])
    connection.executemany(INSERT_FACT, list({fact.name: fact for fact in facts}.values()))


def _write_entries(connection: Connection, entries: list[AuditEntry]) -> None:
    connection.executemany(INSERT_ENTRY, entries)


def _prune(connection: Connection, prunes: list[AuditPrune]) -> None:
    connection.executemany(PRUNE, prunes)
    connection.execute(PRUNE_COUNT)


WRITERS: dict[type, Callable[[Connection, list[Any]], None]] = {
    BanRecord: _write_bans,
    BanGone: _lift_bans,
    Fact: _write_facts,
    AuditEntry: _write_entries,
    AuditPrune: _prune,
}


def read_bans(connection: Connection) -> list[BanRecord]:
    return [BanRecord(*row) for row in connection.execute(BANS)]


def read_facts(connection: Connection) -> list[Fact]:
    return [Fact._make(row) for row in connection.execute(FACTS)]


def read_audit(connection: Connection, page: AuditPage) -> list[AuditEntry]:
    return [AuditEntry._make(row) for row in connection.execute(*audit_query(page))][::-1]
