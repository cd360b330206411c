"""What the world does to a database, done for real where that can be: full, locked, corrupt, denied, gone.

After each the same must hold: the call raises `StoreError` with the right code, all is refused at once
while the pause lasts, and once the cause is gone and the pause over, service goes on and nothing
acknowledged is missing.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tertulia.limits import STORE_RETRY_SECONDS
from tertulia.ports import StoreError
from tertulia.protocol.history import Message, Page
from tertulia.store.failures import ADVICE, code_of, explained
from tertulia.store.sqlite import SqliteStore
from tests.contracts.store import said, texts
from tests.store.conftest import MovedClock

NOBODY = 65_534
BULK = "x" * 20_000


def code_of_commit(store: SqliteStore, *records: Message) -> str:
    with pytest.raises(StoreError) as refused:
        store.commit(records)
    assert str(refused.value)
    return refused.value.code


def everything(store: SqliteStore) -> list[str]:
    return texts(store.page(Page(("#tea",), limit=10_000)))


def after_the_pause(clock: MovedClock) -> None:
    clock.seconds += STORE_RETRY_SECONDS


# --- Full -------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of one mebibyte."""
    folder = Path(tempfile.mkdtemp(prefix="tertulia-small-"))
    mounted = shutil.which("mount") and os.geteuid() == 0
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tertulia-test", str(folder)]
    if not mounted or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        folder.rmdir()
        pytest.skip("a file system cannot be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()


def fill(store: SqliteStore, first: int = 0) -> tuple[list[str], str]:
    """Commit until it is refused; the texts that were acknowledged, and the code."""
    kept: list[str] = []
    for number in range(first, first + 1_000):
        message = said(number, text=f"{number} {BULK}")
        try:
            store.commit([message])
        except StoreError as error:
            return kept, error.code
        kept.append(message.text)
    raise AssertionError("never full")


def test_a_full_disk(small_disk: Path, clock: MovedClock) -> None:
    path = small_disk / "tertulia.db"
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(300_000))
    store = SqliteStore(path, "full", clock)
    kept, code = fill(store)
    assert code == "full"
    assert len(kept) > 5
    assert code_of_commit(store, said(2_000)) == "full"  # small enough to fit, but refused at once
    assert everything(store) == kept  # nothing is written for a look at what there is
    after_the_pause(clock)
    assert fill(store, 3_000)[1] == "full"
    assert everything(store) == kept
    ballast.unlink()
    assert code_of_commit(store, said(2_000)) == "full"
    after_the_pause(clock)
    store.commit([said(2_001)])
    assert everything(store) == [*kept, "line 2001"]
    store.close()


def test_opening_on_a_full_disk(small_disk: Path, clock: MovedClock) -> None:
    ballast = small_disk / "ballast"
    with ballast.open("wb") as file, pytest.raises(OSError, match="No space"):
        while True:
            os.write(file.fileno(), bytes(4_096))
    with pytest.raises(StoreError) as refused:
        SqliteStore(small_disk / "tertulia.db", "full", clock)
    assert refused.value.code == "full"
    ballast.unlink()
    SqliteStore(small_disk / "tertulia.db", "full", clock).close()


def test_a_database_at_its_page_limit(store: SqliteStore, clock: MovedClock) -> None:
    """The same cause as SQLite knows it, where nothing can be mounted."""
    assert store._connection is not None
    store._connection.execute("PRAGMA max_page_count = 60")
    kept, code = fill(store)
    assert code == "full"
    assert everything(store) == kept
    store._connection.execute("PRAGMA max_page_count = 10000")
    assert code_of_commit(store, said(2_000)) == "full"  # the pause
    after_the_pause(clock)
    store.commit([said(2_000)])
    assert everything(store) == [*kept, "line 2000"]


# --- Locked -----------------------------------------------------------------------------------------------


def test_a_lock_of_another_process(store: SqliteStore, path: Path, clock: MovedClock) -> None:
    store.commit([said(1)])
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert code_of_commit(store, said(2)) == "locked"
    other.execute("ROLLBACK")
    assert code_of_commit(store, said(2)) == "locked"  # still the pause
    assert everything(store) == ["line 1"]  # who writes hinders nobody who reads
    after_the_pause(clock)
    store.commit([said(2)])
    assert everything(store) == ["line 1", "line 2"]
    other.close()


def test_a_lock_that_ends_in_time_is_waited_for(store: SqliteStore, path: Path) -> None:
    """A backup's reading transaction does not hinder a commit at all."""
    store.commit([said(1)])
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM messages").fetchone() == (1,)
    store.commit([said(2)])
    assert reader.execute("SELECT count(*) FROM messages").fetchone() == (1,)
    reader.close()


# --- Corrupt ----------------------------------------------------------------------------------------------


def big_database(path: Path, clock: MovedClock) -> None:
    store = SqliteStore(path, "full", clock)
    store.commit([said(number, text=f"{number} {'y' * 500}") for number in range(500)])
    store.close()


@pytest.mark.parametrize("content", [b"this is no database. " * 400, b"SQLite format 3\0" + b"\xff" * 8_000])
def test_a_file_that_is_no_database(path: Path, clock: MovedClock, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(StoreError) as refused:
        SqliteStore(path, "full", clock)
    assert refused.value.code == "corrupt"
    assert str(path) in str(refused.value)
    assert "restore a backup" in str(refused.value)
    assert path.read_bytes() == content  # evidence is left alone


def test_a_truncated_database(path: Path, clock: MovedClock) -> None:
    big_database(path, clock)
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(StoreError) as refused:
        store = SqliteStore(path, "full", clock)
        store.page(Page(("#tea",), limit=10_000))
    assert refused.value.code == "corrupt"


def test_garbled_pages_are_found_when_they_are_read(path: Path, clock: MovedClock) -> None:
    big_database(path, clock)
    whole = path.read_bytes()
    spared = len(whole) // 2  # the tables' first pages lie at the beginning
    path.write_bytes(whole[:spared] + os.urandom(len(whole) - spared - 40_960) + whole[-40_960:])
    store = SqliteStore(path, "full", clock)
    with pytest.raises(StoreError) as refused:
        store.page(Page(("#tea",), limit=10_000))
    assert refused.value.code == "corrupt"
    assert code_of_commit(store, said(1_000)) == "corrupt"
    path.write_bytes(whole)  # a backup is put back in place while the server runs
    after_the_pause(clock)
    store.commit([said(1_000)])
    assert len(everything(store)) == 501
    store.close()


# --- Denied -----------------------------------------------------------------------------------------------


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """A folder of ours, seen with the rights of a user who owns nothing in it."""
    folder = Path(tempfile.mkdtemp(prefix="tertulia-denied-"))
    folder.chmod(0o755)
    if os.geteuid() == 0:
        os.seteuid(NOBODY)
        yield folder
        os.seteuid(0)
    else:
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_folder_without_permission(as_nobody: Path, clock: MovedClock) -> None:
    with pytest.raises(StoreError) as refused:
        SqliteStore(as_nobody / "tertulia.db", "full", clock)
    assert refused.value.code == "denied"
    assert "read and write" in str(refused.value)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs two users")
def test_a_file_of_somebody_else(as_nobody: Path, clock: MovedClock) -> None:
    os.seteuid(0)
    as_nobody.chmod(0o777)
    SqliteStore(as_nobody / "tertulia.db", "full", clock).close()
    (as_nobody / "tertulia.db.lock").chmod(0o666)
    (as_nobody / "tertulia.db").chmod(0o644)
    os.seteuid(NOBODY)
    with pytest.raises(StoreError) as refused:
        SqliteStore(as_nobody / "tertulia.db", "full", clock)
    assert refused.value.code == "denied"


def test_a_database_that_becomes_read_only(store: SqliteStore, clock: MovedClock) -> None:
    store.commit([said(1)])
    assert store._connection is not None
    store._connection.execute("PRAGMA query_only = ON")
    assert code_of_commit(store, said(2)) == "denied"
    after_the_pause(clock)
    store.commit([said(2)])
    assert everything(store) == ["line 1", "line 2"]


# --- Gone -------------------------------------------------------------------------------------------------


def test_a_file_deleted_under_the_server(store: SqliteStore, path: Path, clock: MovedClock) -> None:
    """The system would go on writing into the nameless file, and all of it would be lost."""
    store.commit([said(1)])
    aside = path.with_name("aside.db")
    path.rename(aside)
    assert code_of_commit(store, said(2)) == "failed"
    after_the_pause(clock)
    assert code_of_commit(store, said(2)) == "failed"
    assert not path.exists()
    aside.rename(path)
    after_the_pause(clock)
    store.commit([said(3)])
    assert everything(store) == ["line 1", "line 3"]


def test_a_file_replaced_by_another_program(store: SqliteStore, path: Path, clock: MovedClock) -> None:
    path.unlink()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (x)")
    other.close()
    assert code_of_commit(store, said(2)) == "failed"
    after_the_pause(clock)
    assert code_of_commit(store, said(2)) == "failed"


def test_a_backup_beside_the_log_of_the_old_file(store: SqliteStore, path: Path, clock: MovedClock) -> None:
    """SQLite would apply that log to it, and the result would be neither of them."""
    store.commit([said(1)])
    backup = path.with_name("backup.db")
    assert store._connection is not None
    store._connection.execute("VACUUM INTO ?", (str(backup),))
    store.commit([said(2)])
    whole, aside = backup.read_bytes(), path.with_name("aside.db")
    path.rename(aside)
    backup.rename(path)
    assert code_of_commit(store, said(3)) == "failed"
    after_the_pause(clock)
    with pytest.raises(StoreError, match="write-ahead log beside it is the old one's"):
        store.commit([said(3)])
    assert path.read_bytes() == whole
    aside.replace(path)
    after_the_pause(clock)
    store.commit([said(4)])
    assert everything(store) == ["line 1", "line 2", "line 4"]


# --- Words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "full"), (errno.EDQUOT, "full"), (errno.EROFS, "denied"), (errno.EIO, "failed")],
)
def test_what_the_system_says_is_put_in_our_words(tmp_path: Path, number: int, code: str) -> None:
    error = explained(OSError(number, os.strerror(number)), tmp_path / "x.db")
    assert error.code == code
    assert [ADVICE[code][0] in str(error), ADVICE[code][1] in error.spanish] == [True, True]


def test_bytes_that_are_no_text_are_corruption(store: SqliteStore) -> None:
    assert store._connection is not None
    store._connection.execute(
        "INSERT INTO messages (id, time_ms, buffer, kind, source, target, text)"
        " VALUES (1, 1, '#tea', '', '', '', CAST(x'FF' AS TEXT))"
    )
    with pytest.raises(StoreError) as refused:
        store.page(Page(("#tea",)))
    assert refused.value.code == "corrupt"


def test_an_error_without_a_code_is_just_a_failure(tmp_path: Path) -> None:
    assert code_of(sqlite3.OperationalError("no such table: messages"), tmp_path / "x.db") == "failed"
