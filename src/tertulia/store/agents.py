"""Agents, and how far each has got, in SQL that every database here understands.

What belongs here: statements and rows. What must not: tables (`schema.py`), transactions (the stores).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tertulia.protocol.agents import AgentRecord, Place
from tertulia.store.connection import Connection

_AGENT = ", ".join(AgentRecord._fields)
_PLACE = ", ".join(Place._fields)


def _write_agents(connection: Connection, records: list[AgentRecord]) -> None:
    newest = {record.key: record for record in records}
    connection.executemany("DELETE FROM agents WHERE key = ?", [(key,) for key in newest])
    rows = [(*one[:4], " ".join(one.rooms), " ".join(one.rights), *one[6:]) for one in newest.values()]
    connection.executemany(f"INSERT INTO agents ({_AGENT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _write_places(connection: Connection, places: list[Place]) -> None:
    newest = {place[:2]: place for place in places}
    connection.executemany("DELETE FROM places WHERE agent = ? AND buffer = ?", list(newest))
    connection.executemany(
        f"INSERT INTO places ({_PLACE}) VALUES (?, ?, ?, ?, ?, ?, ?)", list(newest.values())
    )


WRITERS: dict[type, Callable[[Connection, list[Any]], None]] = {
    AgentRecord: _write_agents,
    Place: _write_places,
}


def forget_account(connection: Connection, account: str) -> None:
    """An account is deleted: the agent that it was goes with it."""
    connection.execute("DELETE FROM agents WHERE key = ?", (account,))
    connection.execute("DELETE FROM places WHERE agent = ?", (account,))


def agents(connection: Connection) -> list[AgentRecord]:
    found = connection.execute(f"SELECT {_AGENT} FROM agents ORDER BY key")
    return [_agent(row) for row in found]


def _agent(row: tuple[Any, ...]) -> AgentRecord:
    record = AgentRecord._make(row)
    return record._replace(rooms=tuple(row[4].split()), rights=tuple(row[5].split()))


def places(connection: Connection, agent: str) -> list[Place]:
    found = connection.execute(f"SELECT {_PLACE} FROM places WHERE agent = ? ORDER BY buffer", (agent,))
    return [Place._make(row) for row in found]
