"""From one database to another, whole: SQLite to PostgreSQL, and back.

What belongs here: copying every table, and proving that it arrived. What must not: single tables. The index
of words is not copied: the new store makes its own. Both databases are held meanwhile, so no server can be
running on either; all is written in one transaction, so a move that fails leaves an empty database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b

from sqlalchemy import Connection, Engine, Table, func, select
from sqlalchemy.exc import SQLAlchemyError

from tertulia.ports import Clock, StoreError
from tertulia.store.aside import aside
from tertulia.store.open import open_store
from tertulia.store.schema import metadata

ROWS = 1_000  # read and written at a time
IN_PARTS = {"yield_per": ROWS}

Told = Callable[[str, int], None]
"""A table, and how many rows of it have arrived."""


def move(source: str, target: str, clock: Clock, told: Told = lambda table, rows: None) -> int:
    """Copy all that the store at `source` (a url) keeps into the empty one at `target`. How many rows it was.

    Raises `StoreError`: when either is being served, when the target is not empty, when anything differs at
    the end.
    """
    with _held(source, clock) as here, _held(target, clock) as there:
        try:
            with here.connect() as reading, there.begin() as writing:
                _must_be_empty(writing)
                return sum(_copy(table, reading, writing, told) for table in metadata.sorted_tables)
        except SQLAlchemyError as error:
            raise StoreError(
                "failed",
                f"The move failed, and nothing was moved: {error}",
                f"La mudanza falló, y no se ha movido nada: {error}",
            ) from error


@contextmanager
def _held(url: str, clock: Clock) -> Iterator[Engine]:
    """The database at `url` with the newest tables, and nobody else's meanwhile."""
    store = open_store(url, "full", clock)
    try:
        engine = aside(url, "full")
        try:
            yield engine
        finally:
            engine.dispose()
    finally:
        store.close()


def _must_be_empty(connection: Connection) -> None:
    for table in metadata.sorted_tables:
        if connection.execute(select(func.count()).select_from(table)).scalar_one():
            raise StoreError(
                "failed",
                f"The database to move to is not empty (there are rows in {table.name}). Name an empty one.",
                f"La base de datos de destino no está vacía (hay filas en {table.name}). Nombra una vacía.",
            )


def _copy(table: Table, reading: Connection, writing: Connection, told: Told) -> int:
    keys = list(table.primary_key.columns)
    number, sum_here = 0, 0
    found = reading.execute(select(table).order_by(*keys), execution_options=IN_PARTS)
    for part in found.mappings().partitions():
        rows = [dict(row) for row in part]
        writing.execute(table.insert(), rows)
        number += len(rows)
        sum_here += sum(_mark(tuple(row.values())) for row in rows)
        told(table.name, number)
    arrived = writing.execute(select(table), execution_options=IN_PARTS)
    if sum_here != sum(_mark(tuple(row)) for row in arrived):
        raise StoreError(
            "failed",
            f"The rows of {table.name} differ after the move: nothing was moved.",
            f"Las filas de {table.name} son otras tras la mudanza: no se ha movido nada.",
        )
    _go_on_counting(table, writing)
    return number


def _go_on_counting(table: Table, connection: Connection) -> None:
    """What gives new rows their numbers must know of those that arrived. SQLite looks at the rows."""
    if connection.dialect.name != "postgresql" or table.autoincrement_column is None:
        return
    column = table.autoincrement_column
    sequence = func.pg_get_serial_sequence(table.name, column.name)
    last = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
    connection.execute(select(func.setval(sequence, last, False)))


def _mark(row: tuple[object, ...]) -> int:
    """Of a row; the sum of all is the same in any order."""
    return int.from_bytes(blake2b(repr(row).encode("utf-8", "surrogatepass"), digest_size=16).digest())
