"""The ledger in memory keeps the contract."""

from __future__ import annotations

import pytest

from tertulia.models.ledger import Ledger, MemoryLedger
from tertulia.protocol.ledger import Call
from tests.contracts.ledger import MODEL_DAY, LedgerContract, call, ended, keep


class TestMemoryLedger(LedgerContract):
    @pytest.fixture
    def ledger(self) -> MemoryLedger:
        return MemoryLedger()

    def all_calls(self, ledger: Ledger) -> list[Call]:
        assert isinstance(ledger, MemoryLedger)
        return ledger.calls()


def test_it_forgets_the_oldest_settled_calls_and_not_their_sums() -> None:
    ledger = MemoryLedger(calls=2)
    first = keep(ledger, call(1))
    ledger.settle(ended(first))
    second, third = keep(ledger, call(2)), keep(ledger, call(3))
    assert [one.id for one in ledger.calls()] == [second.id, third.id]
    assert ledger.spent([MODEL_DAY])[0].calls == 3
