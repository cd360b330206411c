"""The ledger in a database, through SQLAlchemy: each deed one short transaction in the caller's thread.

What belongs here: `models.ledger.Ledger`, unknown to this room, on the tables `calls` and `spending`.
What must not: budgets, who may ask.

The sums of `spending` change in the same transaction as the call that changes them, so that a limit costs a
look at one row and not at a month of calls; and no death of the process leaves the one without the other. A
transaction begins by taking the right to write: two nodes on one database cannot both see the last cent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from tertulia.ports import StoreError
from tertulia.protocol.ledger import LOST, OPEN, Call, Caller, Key, Spent, keys_of, spent_by
from tertulia.store.aside import aside, looking
from tertulia.store.export import moved_rooms, reading
from tertulia.store.schema import calls, spending

_FIELDS = [column.name for column in calls.c if column.name != "id"]


class LedgerFailure(Exception):
    """The database could not be read or written; `str()` is for the operator's log."""


class DatabaseLedger:
    """On an engine whose database has the newest shape. `failure`: the exception that callers know."""

    def __init__(self, engine: Engine, failure: type[Exception] = LedgerFailure) -> None:
        self._engine = engine
        self._failure = failure

    def reserve(self, keys: Sequence[Key], decide: Callable[[list[Spent]], Call | None]) -> Call | None:
        with self._writing() as connection:
            call = decide(_spent(connection, keys))
            if call is None:
                return None
            made = connection.execute(_INSERT, _row(call))
            call = call._replace(id=made.scalar_one())
            _add(connection, (call, 1))
            return call

    def settle(self, call: Call) -> bool:
        with self._writing() as connection:
            return _settle(connection, call)

    def release(self, before_ms: int) -> list[Call]:
        with self._writing() as connection:
            old = select(calls).where(calls.c.outcome == OPEN, calls.c.time_ms < before_ms)
            lost = [_call(row)._replace(outcome=LOST) for row in connection.execute(old.order_by(calls.c.id))]
            for call in lost:
                _settle(connection, call)
            return lost

    def spent(self, keys: Sequence[Key]) -> list[Spent]:
        with self._reading() as connection:
            return _spent(connection, keys)

    def open_calls(self) -> list[Call]:
        with self._reading() as connection:
            found = select(calls).where(calls.c.outcome == OPEN).order_by(calls.c.id)
            return [_call(row) for row in connection.execute(found)]

    def calls(self, since_ms: int = 0, until_ms: int = 1 << 62) -> Iterator[Call]:
        """Every call that began in the interval, by its id."""
        within = (calls.c.time_ms >= since_ms) & (calls.c.time_ms < until_ms)
        with self._reading() as connection:
            for row in connection.execute(select(calls).where(within).order_by(calls.c.id)):
                yield _call(row)

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                if connection.dialect.name == "postgresql":
                    connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
                yield connection
        except (SQLAlchemyError, OSError) as error:
            self._engine.dispose()
            raise self._failure(f"the ledger: {error}") from error

    _reading = _writing  # a look is as short, and must not see half of another's deed


_LOCK = 0x7E27_1ED6  # any number: the ledger's own among a database's advisory locks


def read_calls(url: str, since_ms: int, until_ms: int) -> Iterator[Call]:
    """Every call in the interval, from the side, while the server may be writing; rooms by the names that
    they have now. Raises `StoreError`."""
    with reading(url) as connection:  # it is there, and has the newest tables
        names = {kept: name for name, kept in moved_rooms(connection).items()}
        ledger = DatabaseLedger(looking(url))
    try:
        for call in ledger.calls(since_ms, until_ms):
            room = names.get(call.caller.room, call.caller.room)
            yield call._replace(caller=call.caller._replace(room=room))
    except LedgerFailure as error:
        raise StoreError("failed", str(error)) from error
    finally:
        ledger.close()


def open_ledger(url: str, failure: type[Exception] = LedgerFailure) -> DatabaseLedger:
    """The ledger in the database of the store at `url`, which has been opened and migrated. It is opened at
    its first use.

    It does not wait for the disk by itself: a dead process loses nothing of it, and no word of an answer is
    heard before the reservation, and none of its end before the settling, have reached the disk: they stand
    before them in one log, which is synced with them. What a power cut can take with it are reservations for
    which nothing was heard yet, and these would be released after the start anyway.
    """
    return DatabaseLedger(aside(url, "normal"), failure)


# --- Rows -------------------------------------------------------------------------------------------------


def _row(call: Call) -> dict[str, Any]:
    values = call._asdict()
    del values["id"]
    caller: Caller = values.pop("caller")
    return {**values, **caller._asdict()}


def _call(row: Any) -> Call:
    values = dict(row._mapping)
    caller = Caller(*(values.pop(name) for name in Caller._fields))
    return Call(caller=caller, **values)


def _settle(connection: Connection, call: Call) -> bool:
    found = connection.execute(_OPEN_ONE, {"wanted": call.id}).first()
    if found is None:
        return False
    connection.execute(_UPDATE, {"wanted": call.id, **_row(call)})
    _add(connection, (_call(found), -1), (call, 1))
    return True


# --- Sums -------------------------------------------------------------------------------------------------


def _spent(connection: Connection, keys: Sequence[Key]) -> list[Spent]:
    found = []
    for key in keys:
        row = connection.execute(_SUM, key._asdict()).first()
        found.append(Spent(*row) if row else Spent())
    return found


def _add(connection: Connection, *changes: tuple[Call, int]) -> None:
    """Each call's amounts, once added (1) or taken away (-1), to all sums that they belong to."""
    sums: dict[Key, list[int]] = {}
    for call, sign in changes:
        for key in keys_of(call):
            before = sums.get(key, _NOTHING)
            sums[key] = [old + sign * amount for old, amount in zip(before, spent_by(call), strict=True)]
    upsert = _ADD[connection.dialect.name == "postgresql"]
    rows = [{**key._asdict(), **Spent(*amounts)._asdict()} for key, amounts in sums.items()]
    connection.execute(upsert, rows)


_NOTHING = [0] * len(Spent._fields)

# --- Statements, made once: making one costs several times what the database needs for it -------------------


def _add_in(insert: Callable[[Any], Any]) -> Any:
    statement = insert(spending)
    more = {name: spending.c[name] + statement.excluded[name] for name in Spent._fields}
    return statement.on_conflict_do_update(index_elements=list(Key._fields), set_=more)


_ADD = (_add_in(sqlite.insert), _add_in(postgresql.insert))
_SUM = select(*(spending.c[name] for name in Spent._fields)).where(
    *(spending.c[name] == bindparam(name) for name in Key._fields)
)
_INSERT = calls.insert().values({name: bindparam(name) for name in _FIELDS}).returning(calls.c.id)
_OPEN_ONE = select(calls).where(calls.c.id == bindparam("wanted"), calls.c.outcome == OPEN)
_UPDATE = (
    update(calls).where(calls.c.id == bindparam("wanted")).values({name: bindparam(name) for name in _FIELDS})
)
