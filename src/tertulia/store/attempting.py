"""A connection to a database that may fail, and is made again.

What belongs here: the three kinds of error, what follows each, and who is told. What must not: a database's
own words (`sqlite.py`, `postgres.py`), what is done through the connection (`sql.py`).

The world's errors (disk, lock, file, network) become a `StoreError` and a pause; the connection is given up,
unless something was only locked or full, and made again after the pause; reading goes on then. Ours (a
record that breaks the schema) become a `StoreError` "failed" for that commit alone. In both, nothing of the
commit is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Generic, Protocol, TypeVar

from tertulia.ports import Clock, StoreError
from tertulia.store.connection import Connection, Refused
from tertulia.store.failures import Pause


class Closing(Connection, Protocol):
    """A connection that can be let go of."""

    def close(self) -> None: ...


C = TypeVar("C", bound=Closing)
Answer = TypeVar("Answer")
Errors = tuple[type[Exception], ...]
SENSE: Errors = (OverflowError, UnicodeError, Refused)


class Attempting(Generic[C]):
    """`place`: what is served, in words for an operator."""

    ours: ClassVar[Errors]
    """What is raised for records that cannot be stored, in any world: the driver's, and `SENSE`."""
    theirs: ClassVar[Errors]
    """What it raises otherwise."""

    def __init__(self, place: str, clock: Clock) -> None:
        self._place = place
        self._pause = Pause(clock)
        self._connection: C | None = None
        self._closed = False

    # --- What each does in its own way ---------------------------------------------------------------------

    def _first(self) -> C:
        """The connection as this process opens it, the database brought to its newest shape. Raises
        `StoreError`, `theirs`."""
        raise NotImplementedError

    def _again(self) -> C:
        """The connection after a failure: the database must still be there, and still be ours. Raises
        as `_first`."""
        raise NotImplementedError

    def _transact(self, connection: C, work: Callable[[C], None]) -> None:
        """Do `work` in one transaction: all of it is kept, or none."""
        raise NotImplementedError

    def _explained(self, error: Exception) -> StoreError:
        """The `StoreError` for one of `theirs`."""
        raise NotImplementedError

    def _outlives(self, failure: StoreError, error: Exception) -> bool:
        """Whether the connection is as good as before its `error`, and may be read through."""
        return failure.code in ("locked", "full")

    # --- What all do alike --------------------------------------------------------------------------------

    def _begin(self, work: Callable[[C], None]) -> None:
        """Open it, and do `work` in a transaction. Raises `StoreError`, having let go of everything."""
        try:
            self._connection = self._first()
            self._transact(self._connection, work)
        except BaseException as error:
            self.close()
            if isinstance(error, self.theirs):
                raise self._explained(error) from error
            raise

    def _look(self, work: Callable[[C], Answer]) -> Answer:
        """Do `work` that only reads, or raise `StoreError`."""
        return self._attempt(work, reading=True)

    def _attempt(self, work: Callable[[C], Answer], reading: bool = False) -> Answer:
        """Do `work` on a live connection, or raise `StoreError`."""
        if self._closed:
            raise StoreError("failed", f"{self._place} is closed")
        self._pause.check(reading)
        try:
            if self._connection is None:
                self._connection = self._again()
            return work(self._connection)
        except self.ours as error:
            refused = f"The records were refused: {type(error).__name__}: {error}"
            raise StoreError("failed", refused) from error
        except self.theirs as error:
            raise self._failed(self._explained(error), error, reading) from error
        except StoreError as error:
            raise self._failed(error, error, reading) from None

    def _failed(self, failure: StoreError, error: Exception, reading: bool) -> StoreError:
        outlived = self._outlives(failure, error)
        if not outlived:
            self._give_up()
        self._pause.begin(failure, readable=outlived and not reading and self._connection is not None)
        return failure

    def _give_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except self.theirs:  # what was committed is committed, and is found there again
                pass

    def close(self) -> None:
        """Let go of it. Further calls raise `StoreError`."""
        self._closed = True
        self._give_up()
