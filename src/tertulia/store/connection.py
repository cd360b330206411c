"""A connection to a SQL database, as the stores' shared parts see it.

What belongs here: the few calls that `reading.py`, `writing.py` and their like make. What must not: a
database's own (`sqlite.py`, `postgres.py`). Statements mark parameters as SQLite does: `?`, `?1`, `:name`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol


class Refused(Exception):
    """The database would keep it, but it makes no sense: the records are refused; the database is well."""


class Rows(Protocol):
    """What a statement found."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...

    def close(self) -> None: ...


class Connection(Protocol):
    """`sqlite3.Connection` is one; `postgres_connection.PostgresConnection` is another."""

    def execute(self, statement: str, values: Any = (), /) -> Rows: ...

    def executemany(self, statement: str, values: Sequence[Any], /) -> Rows: ...
