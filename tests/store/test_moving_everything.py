"""Any database comes back from PostgreSQL as it left SQLite, with rows in every table that there is.

The tables and what may stand in them are read from `schema.metadata`: a new table is among them by itself.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Integer, Table, Text
from sqlalchemy.dialects import sqlite

from tertulia.store.moving import move
from tertulia.store.open import open_store
from tertulia.store.rows import INCOMPLETE
from tertulia.store.schema import messages, metadata
from tests.store.conftest import MovedClock
from tests.support import postgres

ROWS = 3  # of a table, at most
EXAMPLES = 5  # each makes four databases
Row = dict[str, Any]
Database = dict[str, list[Row]]

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
"""IRC has no NUL, and PostgreSQL none in its texts."""

BY_TYPE: tuple[tuple[type, st.SearchStrategy[Any]], ...] = (
    (Boolean, st.booleans()),
    (BigInteger, st.integers(-(2**63), 2**63 - 1)),
    (Integer, st.integers(-(2**31), 2**31 - 1)),
    (Text, TEXTS | st.sampled_from(["", "ñ'\"\\%s:x?1", "\t\r\n", "🫖", "A", "a", "Á"])),
)


def values_of(column: Column[Any]) -> st.SearchStrategy[Any]:
    """What may stand in a column, apart from what other tables have to say of it."""
    if column is column.table.autoincrement_column:
        return st.integers(1, 2**62)  # the database counts on from the highest
    allowed = listed(column)
    values = (
        st.sampled_from(allowed)
        if allowed
        else next(values for kind, values in BY_TYPE if isinstance(column.type, kind))
    )
    return st.none() | values if column.nullable else values


def listed(column: Column[Any]) -> list[str]:
    """The texts that a check of the table allows in it; empty: any. A check of another form is refused."""
    if column is messages.c.state:
        return ["", INCOMPLETE]  # what is open is ended by opening the store
    for check in column.table.constraints:
        if isinstance(check, CheckConstraint) and not check._type_bound:
            found = re.fullmatch(r"(\w+) IN \((.*)\)", str(check.sqltext))
            assert found, f"the test must learn of this check: {check.sqltext}"
            if found[1] == column.name:
                return re.findall(r"'([^']*)'", found[2])
    return []


def rows_of(table: Table, there: Database) -> st.SearchStrategy[list[Row]]:
    columns = {
        column.name: st.sampled_from([row[key.column.name] for row in there[key.column.table.name]])
        if (key := next(iter(column.foreign_keys), None))
        else values_of(column)
        for column in table.columns
    }
    keys = [column.name for column in table.primary_key]
    return st.lists(
        st.fixed_dictionaries(columns),
        min_size=1,
        max_size=ROWS,
        unique_by=lambda row: tuple(row[key] for key in keys),
    )


@st.composite
def databases(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Database:
    there: Database = {}
    for table in metadata.sorted_tables:  # those that others refer to come first
        there[table.name] = draw(rows_of(table, there))
    return there


def put(path: Path, database: Database) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        for table in metadata.sorted_tables:
            insert = str(table.insert().compile(dialect=sqlite.dialect(paramstyle="named")))
            connection.executemany(insert, database[table.name])


def everything(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Each table's rows with the types that SQLite has for them, in the order of their keys."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            table.name: connection.execute(
                f"SELECT {', '.join(f'{name}, typeof({name})' for name in named(table.columns))} "
                f'FROM "{table.name}" ORDER BY {", ".join(named(table.primary_key))}'
            ).fetchall()
            for table in metadata.sorted_tables
        }


def named(columns: Any) -> list[str]:
    return [f'"{column.name}"' for column in columns]


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # to find a smaller example takes minutes here
    suppress_health_check=list(HealthCheck),
)
@given(databases())
def test_there_and_back_is_the_same_database(database: Database) -> None:
    clock = MovedClock()
    there = postgres.database(empty=True)
    with tempfile.TemporaryDirectory() as folder:
        here, back = Path(folder, "here.db"), Path(folder, "back.db")
        open_store(f"sqlite:///{here}", "normal", clock).close()
        put(here, database)
        before = everything(here)
        assert all(before.values())
        rows = move(f"sqlite:///{here}", there, clock)
        assert rows == sum(map(len, before.values()))
        assert move(there, f"sqlite:///{back}", clock) == rows
        assert everything(back) == everything(here) == before
    postgres.drop(there)
