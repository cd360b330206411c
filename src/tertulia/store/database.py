"""One SQLite file: how it is opened, kept an eye on, and opened again.

What belongs here: connections and their settings. What must not: what is written through them (`sqlite.py`).
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from tertulia.limits import STORE_LOCK_SECONDS
from tertulia.ports import StoreError
from tertulia.store.migrate import HEAD, migrate, revision

CACHE_KIB = 16_000  # the upper levels of the index, and the leaves that a hundred busy rooms append to
JOURNAL_BYTES = 64 * 1024 * 1024  # a log that a long reader made grow is cut back to this

SETTINGS = (
    "PRAGMA synchronous = {synchronous}",
    "PRAGMA wal_autocheckpoint = 0",  # see `checkpoints.py`
    f"PRAGMA cache_size = -{CACHE_KIB}",
    f"PRAGMA journal_size_limit = {JOURNAL_BYTES}",
    "PRAGMA temp_store = MEMORY",  # a sort must not need a file when the disk is full
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # what was taken back is written over, not only left unnamed
)


class Database:
    """The file at `path`, for writing. `synchronous`: SQLite's word for when it waits for the disk."""

    def __init__(self, path: Path, synchronous: str) -> None:
        self.path = path
        self.synchronous = synchronous
        self._place: tuple[int, int] | None = None

    def create(self) -> sqlite3.Connection:
        """Open it for the first time in this process: made, if it is missing, and brought to the newest
        shape.

        Raises `StoreError`, `sqlite3.Error`, `OSError`.
        """
        # Made by us first, because SQLite would let everybody on the machine read what was said in private.
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        connection = self._connect()
        try:
            migrate(connection, self.path)
        except BaseException:
            connection.close()
            raise
        return connection

    def reopen(self) -> sqlite3.Connection:
        """Open it again after a failure. It must still be there, and still be ours. Raises as `create`."""
        if not self.path.exists():
            raise StoreError(
                "failed", f"{self.path} is gone. Put it back, or start the server again without it."
            )
        if _place(self.path) != self._place and self._has_log():
            # SQLite would take the old file's last pages for those of the new one, and make a ruin of both.
            raise StoreError(
                "failed",
                f"{self.path} is another file now, and the write-ahead log beside it is the old one's. "
                "Put the old file back, or stop the server and restore a backup (docs/store.md, Restore).",
            )
        connection = self._connect()
        try:
            if revision(connection, self.path) != HEAD:
                raise StoreError(
                    "failed", f"{self.path} was replaced by another database: start the server again"
                )
        except BaseException:
            connection.close()
            raise
        return connection

    def check_in_place(self) -> None:
        """Raises `StoreError` when the file was deleted or replaced under the open connection.

        The system would let us write into the file without a name for ever, and all of it would be gone at
        the end.
        """
        try:
            place = _place(self.path)
        except FileNotFoundError:
            place = None
        if place != self._place:
            raise StoreError(
                "failed",
                f"{self.path} was moved, deleted or replaced while it was in use. "
                "Put it back, or stop the server and restore a backup (docs/store.md, Restore).",
            )

    def beside(self) -> sqlite3.Connection:
        """Another connection to the file that is open, for a thread of its own; it waits for nobody. Raises
        as `create`."""
        connection = sqlite3.connect(self._uri, uri=True, timeout=0, check_same_thread=False)
        try:
            self.check_in_place()
            connection.execute("PRAGMA synchronous = FULL")
        except BaseException:
            connection.close()
            raise
        return connection

    @property
    def _uri(self) -> str:
        return f"file:{quote(str(self.path))}?mode=rw"

    def _has_log(self) -> bool:
        try:
            return self.path.with_name(f"{self.path.name}-wal").stat().st_size > 0
        except FileNotFoundError:
            return False

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._uri,
            uri=True,
            timeout=STORE_LOCK_SECONDS,
            isolation_level=None,  # we say BEGIN and COMMIT ourselves
        )
        try:
            self._settle(connection)
        except BaseException:
            connection.close()
            raise
        self._place = _place(self.path)
        return connection

    def _settle(self, connection: sqlite3.Connection) -> None:
        mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        if mode != "wal":
            raise StoreError(
                "failed", f"{self.path}: this file system cannot hold a write-ahead log ({mode})"
            )
        for setting in SETTINGS:
            connection.execute(setting.format(synchronous=self.synchronous))


def _place(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino
