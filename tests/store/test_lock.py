"""One server for one database."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tertulia.ports import StoreError
from tertulia.store.lock import ServingLock, lock_path
from tertulia.store.sqlite import SqliteStore
from tests.contracts.store import said
from tests.store.conftest import MovedClock

HOLD = """
import sys
from pathlib import Path
from tertulia.store.lock import ServingLock
lock = ServingLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_the_second_server_is_told_who_is_first(tmp_path: Path, clock: MovedClock) -> None:
    path = tmp_path / "tertulia.db"
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert other.stdin is not None
    assert other.stdout is not None
    assert other.stdout.readline() == b"held\n"
    with pytest.raises(StoreError) as refused:
        SqliteStore(path, "full", clock)
    assert refused.value.code == "locked"
    assert f"process {other.pid}" in str(refused.value)
    assert not path.exists()  # the database itself was not touched
    other.kill()
    other.communicate()
    SqliteStore(path, "full", clock).close()


def test_the_lock_is_let_go_on_closing_and_when_opening_fails(tmp_path: Path, clock: MovedClock) -> None:
    path = tmp_path / "tertulia.db"
    path.write_bytes(b"this is no database. " * 400)
    with pytest.raises(StoreError):
        SqliteStore(path, "full", clock)
    path.unlink()
    first = SqliteStore(path, "full", clock)
    with pytest.raises(StoreError) as refused:
        SqliteStore(path, "full", clock)
    assert refused.value.code == "locked"
    first.commit([said(1)])
    first.close()
    second = SqliteStore(path, "full", clock)
    assert second.last_id() == said(1).id
    second.close()


def test_the_file_holds_the_process_and_stays(tmp_path: Path) -> None:
    lock = ServingLock(tmp_path / "x.db")
    assert lock_path(tmp_path / "x.db").read_text() == f"{os.getpid()}\n"
    lock.release()
    lock.release()
    assert lock_path(tmp_path / "x.db").exists()
