"""A connection to PostgreSQL, with the marks for parameters that SQLite has.

What belongs here: `connection.Connection` over psycopg, and how it is opened. What must not: what goes wrong
(`postgres_failures.py`), transactions (`postgres.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus

from tertulia.limits import STORE_LOCK_SECONDS

CONNECT_SECONDS = 2  # the loop stands still meanwhile: psycopg's least
STATEMENT_SECONDS = 10  # forgetting all that an account said reads every message
SILENCE_MS = 2_000  # data that a dead network does not take: then the connection is

COPIED = 10  # so many rows at once, and more, go as a stream: 1,000 take a fifth of the time

SYNCHRONOUS = {"full": "on", "normal": "off"}
"""Durability in PostgreSQL's words: "off" loses the last fraction of a second with the machine, no more."""

_PLAIN_INSERT = re.compile(r"INSERT INTO (\w+ \([^)]*\)) VALUES \((?:\?, )*\?\)")
_MARK = re.compile(r"\?(\d+)|\?|:([a-z_]+)|%")


class PostgresConnection:
    """`connection.Connection`. Every statement is a transaction of its own, unless BEGIN came before it."""

    def __init__(self, url: str, durability: str) -> None:
        self._raw = psycopg.connect(
            conninfo(url, durability),
            autocommit=True,  # we say BEGIN and COMMIT ourselves
        )

    def execute(self, statement: str, values: Any = (), /) -> Found:
        words, numbered = _translated(statement)
        return Found(self._raw.execute(words, _given(values, numbered) if values else None))

    def executemany(self, statement: str, values: Sequence[Any], /) -> Found:
        cursor = self._raw.cursor()
        if not values:
            return Found(cursor)
        if len(values) >= COPIED and (insertion := _PLAIN_INSERT.fullmatch(statement)):
            with cursor.copy(f"COPY {insertion[1]} FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
            return Found(cursor)
        words, numbered = _translated(statement)
        cursor.executemany(words, [_given(one, numbered) for one in values])
        return Found(cursor)

    def roll_back(self) -> None:
        """Whatever was begun is not to be. Never raises."""
        try:
            if self._raw.info.transaction_status is not TransactionStatus.IDLE:
                self._raw.execute("ROLLBACK")
        except psycopg.Error:  # the connection is dead, and with it what was begun
            pass

    def close(self) -> None:
        self._raw.close()


class Found:
    """`connection.Rows`."""

    def __init__(self, cursor: psycopg.Cursor[Any]) -> None:
        self._cursor = cursor

    @property
    def rowcount(self) -> int:
        return max(0, self._cursor.rowcount)

    def fetchone(self) -> Any:
        return self._cursor.fetchone()

    def fetchall(self) -> list[Any]:
        return self._cursor.fetchall()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor)

    def close(self) -> None:
        self._cursor.close()


def conninfo(url: str, durability: str) -> str:
    """The url with our bounds, where it has none of its own."""
    given = conninfo_to_dict(url)
    ours: dict[str, str | int | None] = {
        "application_name": "tertulia",
        "connect_timeout": CONNECT_SECONDS,
        "tcp_user_timeout": SILENCE_MS,
        "options": " ".join(
            f"-c {name}={value}"
            for name, value in {
                "synchronous_commit": SYNCHRONOUS[durability],
                "statement_timeout": f"{STATEMENT_SECONDS}s",
                "lock_timeout": f"{round(STORE_LOCK_SECONDS * 1000)}ms",
                "client_encoding": "UTF8",
            }.items()
        ),
    }
    if "options" in given:
        ours["options"] = f"{ours['options']} {given['options']}"
    return make_conninfo("", **{**ours, **given, "options": ours["options"]})


@lru_cache(maxsize=512)
def _translated(statement: str) -> tuple[str, bool]:
    """The statement with psycopg's marks, and whether its parameters are numbered."""
    numbered = "?1" in statement

    def mark(found: re.Match[str]) -> str:
        number, name = found.groups()
        if found.group() == "%":
            return "%%"
        return f"%(p{number})s" if number else f"%({name})s" if name else "%s"

    return _MARK.sub(mark, statement), numbered


def _given(values: Any, numbered: bool) -> Any:
    return {f"p{at}": value for at, value in enumerate(values, 1)} if numbered else values
