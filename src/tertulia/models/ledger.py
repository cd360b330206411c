"""What the models' side asks of whoever keeps the ledger, and one that forgets everything at the end.

What belongs here: the Protocol, and the ledger in memory. What must not: SQL (`store/ledger.py`), decisions
(`budget`). Both pass `tests/contracts/ledger.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from tertulia.protocol.ledger import LOST, OPEN, Call, Key, Spent, keys_of, spent_by

MEMORY_CALLS = 100_000  # of the ledger in memory; the oldest settled ones are forgotten, not their sums


class LedgerError(Exception):
    """The ledger could not be read or written; `str()` is for the operator's log."""


class Ledger(Protocol):
    """Called from the loop's thread only. Every call is one short transaction, or raises `LedgerError`."""

    def reserve(self, keys: Sequence[Key], decide: Callable[[list[Spent]], Call | None]) -> Call | None:
        """Ask `decide` with what was spent and is reserved under each of `keys`, and keep the open call that
        it makes of it, with an id; nothing else is read or written meanwhile. None: it made none."""

    def settle(self, call: Call) -> bool:
        """The call of that id has ended so: what was reserved is let go, and what was used counts. False when
        it was not open, and nothing changed."""

    def release(self, before_ms: int) -> list[Call]:
        """Calls that have been open since before then end as "lost"; nothing of them counts any more."""

    def spent(self, keys: Sequence[Key]) -> list[Spent]:
        """What was spent and is reserved, in the order of `keys`."""

    def open_calls(self) -> list[Call]:
        """Those that were not settled yet, oldest first."""

    def close(self) -> None: ...


class MemoryLedger:
    """As `Ledger` says; gone with the process."""

    def __init__(self, calls: int = MEMORY_CALLS) -> None:
        self._most = calls
        self._calls: dict[int, Call] = {}
        self._spent: dict[Key, Spent] = {}
        self._last = 0

    def reserve(self, keys: Sequence[Key], decide: Callable[[list[Spent]], Call | None]) -> Call | None:
        call = decide(self.spent(keys))
        if call is None:
            return None
        self._last += 1
        call = call._replace(id=self._last)
        self._calls[call.id] = call
        self._add(call)
        self._forget()
        return call

    def settle(self, call: Call) -> bool:
        before = self._calls.get(call.id)
        if before is None or before.outcome != OPEN:
            return False
        self._take_away(before)
        self._calls[call.id] = call
        self._add(call)
        return True

    def release(self, before_ms: int) -> list[Call]:
        found = [call._replace(outcome=LOST) for call in self.open_calls() if call.time_ms < before_ms]
        for call in found:
            self.settle(call)
        return found

    def spent(self, keys: Sequence[Key]) -> list[Spent]:
        return [self._spent.get(key, Spent()) for key in keys]

    def open_calls(self) -> list[Call]:
        return [call for call in self._calls.values() if call.outcome == OPEN]

    def calls(self) -> list[Call]:
        return list(self._calls.values())

    def close(self) -> None:
        pass

    def _add(self, call: Call) -> None:
        for key in keys_of(call):
            self._spent[key] = self._spent.get(key, Spent()).plus(spent_by(call))

    def _take_away(self, call: Call) -> None:
        for key in keys_of(call):
            self._spent[key] = self._spent[key].minus(spent_by(call))

    def _forget(self) -> None:
        if len(self._calls) > self._most:
            oldest = next((id for id, call in self._calls.items() if call.outcome != OPEN), None)
            if oldest is not None:
                del self._calls[oldest]
