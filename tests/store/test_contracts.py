"""The contracts leave nothing out: every question of the port, every record, every store."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from tertulia.ports import Moderation, Record, Store
from tests import contracts
from tests.contracts.forgetting import ForgettingContract
from tests.contracts.happenings import HappeningsContract
from tests.contracts.ledger import LedgerContract
from tests.contracts.notebook import NotebookContract
from tests.contracts.search import SearchContract
from tests.contracts.store import StoreContract
from tests.models.test_ledger import TestMemoryLedger as MemoryLedger
from tests.models.test_notebook import TestMemoryNotebook as MemoryNotebook
from tests.store.test_ledger import TestDatabaseLedger as SqliteLedger
from tests.store.test_ledger import TestPostgresLedger as PostgresLedger
from tests.store.test_memory import TestMemoryStore as Memory
from tests.store.test_notebook import TestPostgresNotebook as PostgresNotebook
from tests.store.test_notebook import TestSqlNotebook as SqliteNotebook
from tests.store.test_postgres import TestPostgresStore as Postgres
from tests.store.test_sqlite import TestSqliteStore as Sqlite

SOURCE = "".join(path.read_text() for path in Path(contracts.__file__).parent.glob("*.py"))
QUESTIONS = [name for name in vars(Store) if not name.startswith("_") and name not in ("close", "tend")]
RECORDS = {one for kind in (Record, Moderation) for one in get_args(kind)}

KEPT_BY = {
    (StoreContract, SearchContract, HappeningsContract, ForgettingContract): (Memory, Sqlite, Postgres),
    (LedgerContract,): (MemoryLedger, SqliteLedger, PostgresLedger),
    (NotebookContract,): (MemoryNotebook, SqliteNotebook, PostgresNotebook),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_asked(question: str) -> None:
    assert f".{question}(" in SOURCE


@pytest.mark.parametrize("record", sorted(one.__name__ for one in RECORDS))
def test_every_record_is_kept(record: str) -> None:
    assert f"{record}(" in SOURCE


def test_memory_sqlite_and_postgresql_keep_the_same_contracts() -> None:
    for promised, keepers in KEPT_BY.items():
        for keeper in keepers:
            assert set(promised) <= set(keeper.__mro__), keeper
            left_out = [name for name in dir(keeper) if name.startswith("test_") and name in vars(keeper)]
            assert left_out == [], "a store may not have its own idea of what the contract says"


def test_no_contract_of_stores_is_left_out() -> None:
    files = Path(contracts.__file__).parent.glob("*.py")
    asking = {path.stem for path in files if "store: Store" in path.read_text()}
    kept = {base for promised in KEPT_BY for one in promised for base in one.__mro__}
    assert asking <= {base.__module__.rpartition(".")[2] for base in kept}
