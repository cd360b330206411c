"""One server for one database: a lock file beside it, which the kernel lets go of when its process dies.

What belongs here: that file. What must not: SQLite's own locks, which guard single transactions.
Two servers on one database would each hold rooms the other does not know, and hand out the same message ids.
"""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path

from tertulia.ports import StoreError

PID_BYTES = 32


class ServingLock:
    """Held from construction until `release`. Raises `StoreError` "locked" when another process has it."""

    def __init__(self, database: Path) -> None:
        self._file = os.open(lock_path(database), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)
        except OSError as error:
            holder = os.pread(self._file, PID_BYTES, 0).decode(errors="replace").strip()
            os.close(self._file)
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise
            raise _held(database, holder) from error

    def release(self) -> None:
        """Let another process serve this database. The file stays: removing it would race with that
        process."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def lock_path(database: Path) -> Path:
    return database.with_name(f"{database.name}.lock")


def _held(database: Path, holder: str) -> StoreError:
    who, quien = (
        (f"process {holder}", f"el proceso {holder}") if holder else ("another process", "otro proceso")
    )
    return StoreError(
        "locked",
        f"{database} is being served by {who}. Stop it first, or give this server a data folder of its own.",
        f"{quien} está sirviendo ya {database}. Detenlo antes, o da a este una carpeta de datos propia.",
    )
