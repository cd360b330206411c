"""Urls and durability lead to the right store, or to a text that helps. And opening is quick."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tertulia.ports import StoreError
from tertulia.store.memory import MemoryStore
from tertulia.store.open import open_store, path_of
from tertulia.store.sqlite import SqliteStore
from tests.store.conftest import MovedClock


@pytest.mark.parametrize(
    ("url", "path"),
    [("sqlite:///data/tertulia.db", "data/tertulia.db"), ("sqlite:////var/lib/t.db", "/var/lib/t.db")],
)
def test_three_slashes_are_relative_and_four_absolute(url: str, path: str) -> None:
    assert path_of(url) == Path(path)


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("postgresql+psycopg://me:secret@db/tertulia", "must be postgresql://"),
        ("postgres:me:secret@db/tertulia", "must be postgresql://"),
        ("mysql://me:secret@db/x", "mysql: is not a store"),
        ("sqlite://", "must be sqlite:///relative"),
        ("sqlite:///:memory:", "must be sqlite:///relative"),
        ("sqlite:///data/", "must be sqlite:///relative"),
        ("sqlite:///x.db?mode=ro", "must be sqlite:///relative"),
        ("tertulia.db", "tertulia.db: is not a store"),
    ],
)
def test_other_urls_are_refused_without_their_secrets(url: str, text: str, clock: MovedClock) -> None:
    with pytest.raises(StoreError, match=text) as refused:
        open_store(url, "full", clock)
    assert "secret" not in str(refused.value)


def test_off_is_memory(clock: MovedClock) -> None:
    assert isinstance(open_store("sqlite:///never/made.db", "off", clock), MemoryStore)
    assert not Path("never").exists()


def test_an_unknown_durability_is_refused(tmp_path: Path, clock: MovedClock) -> None:
    with pytest.raises(StoreError, match="full, normal, off"):
        open_store(f"sqlite:///{tmp_path}/x.db", "fulll", clock)


def test_the_folder_is_made_for_its_owner_alone(tmp_path: Path, clock: MovedClock) -> None:
    store = open_store(f"sqlite:///{tmp_path}/new folder/100%/t?.db".replace("?", "#"), "full", clock)
    assert isinstance(store, SqliteStore)
    store.close()
    assert (tmp_path / "new folder" / "100%" / "t#.db").is_file()
    assert (tmp_path / "new folder" / "100%").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made(tmp_path: Path, clock: MovedClock) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError):
        open_store(f"sqlite:///{tmp_path}/file/x.db", "full", clock)


OPEN = """
import sys
from tertulia.store.open import open_store
class Clock:
    def monotonic(self): return 0.0
    def now_ms(self): return 0
open_store(sys.argv[1], "full", Clock()).close()
print([name for name in ("alembic", "sqlalchemy") if name in sys.modules])
"""


def test_a_current_database_is_opened_without_alembic(tmp_path: Path) -> None:
    """Their import takes a third of a second: only a database with something to do pays for it."""
    command = [sys.executable, "-c", OPEN, f"sqlite:///{tmp_path}/t.db"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    said = [subprocess.check_output(command, env=environment, text=True).strip() for _ in range(2)]
    assert said == ["['alembic', 'sqlalchemy']", "[]"]
