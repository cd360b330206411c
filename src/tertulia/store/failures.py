"""What can go wrong with a database, in the five words of `ports.StoreError`, and what an operator can do.

What belongs here: causes to codes, codes to advice, and the pause after a failure. What must not: SQL.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

from tertulia.limits import STORE_RETRY_SECONDS
from tertulia.ports import Clock, StoreError

FREE_BYTES_MIN = 64 * 1024
"""An I/O error on a disk with less room than this is taken for a full disk: SQLite's shared-memory file
needs 32 KiB at once, and says only "disk I/O error" when it does not get them."""

BY_RESULT = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_PROTOCOL: "locked",
    sqlite3.SQLITE_CORRUPT: "corrupt",
    sqlite3.SQLITE_NOTADB: "corrupt",
    sqlite3.SQLITE_READONLY: "denied",
    sqlite3.SQLITE_PERM: "denied",
    sqlite3.SQLITE_AUTH: "denied",
    sqlite3.SQLITE_CANTOPEN: "denied",
}
"""Primary result codes of SQLite (sqlite.org/rescode.html); the others are "failed"."""

BY_ERRNO = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EACCES: "denied",
    errno.EPERM: "denied",
    errno.EROFS: "denied",
}

ADVICE = {
    "full": (
        "The disk or the quota is full: make room on it. Nothing else needs to be done.",
        "El disco o la cuota están llenos: haz sitio. No hace falta nada más.",
    ),
    "locked": (
        "Another process holds the database. If that is a backup or a shell, let it end.",
        "Otro proceso tiene la base de datos. Si es una copia o una consola, deja que acabe.",
    ),
    "corrupt": (
        "The file is damaged or is not a database. Stop the server, move the file and its -wal and -shm "
        "neighbours aside, and restore a backup, or take out what is readable (docs/store.md, Recovery).",
        "El fichero está dañado o no es una base de datos. Para el servidor, aparta el fichero y sus vecinos "
        "-wal y -shm, y recupera una copia, o saca lo que se pueda leer (docs/store.md, Recovery).",
    ),
    "denied": (
        "The user that runs the server must be able to read and write the file, its -wal and -shm neighbours "
        "and the folder, on a file system which is not mounted read-only.",
        "El usuario que ejecuta el servidor debe poder leer y escribir el fichero, sus vecinos -wal y -shm y "
        "la carpeta, en un sistema de ficheros que no esté montado en solo lectura.",
    ),
    "failed": (
        "See the log of the system for the disk and the file system.",
        "Mira el registro del sistema sobre el disco y el sistema de ficheros.",
    ),
}


def explained(error: sqlite3.Error | OSError, path: Path) -> StoreError:
    """The `StoreError` for what SQLite or the system said of `path`."""
    code = code_of(error, path)
    said = getattr(error, "sqlite_errorname", None) or type(error).__name__
    english, spanish = ADVICE[code]
    return StoreError(code, f"{path}: {error} ({said}). {english}", f"{path}: {error} ({said}). {spanish}")


def code_of(error: sqlite3.Error | OSError, path: Path) -> str:
    if isinstance(error, OSError):
        return BY_ERRNO.get(error.errno or 0, "failed")
    if "Could not decode to UTF-8" in str(error):  # the driver's own, without a code: garbled bytes in a text
        return "corrupt"
    result = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF  # the low byte is the primary code
    if result == sqlite3.SQLITE_IOERR and _is_full(path.parent):
        return "full"
    return BY_RESULT.get(result, "failed")


def _is_full(folder: Path) -> bool:
    try:
        room = os.statvfs(folder)
    except OSError:
        return False
    return room.f_bavail * room.f_frsize < FREE_BYTES_MIN


class Pause:
    """After a failure, all is refused at once for `STORE_RETRY_SECONDS`: the loop must not stand still each
    time. But for reading where only writing failed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failure: StoreError | None = None
        self._readable = False
        self._until = 0.0

    def check(self, reading: bool) -> None:
        """Raises the last failure again while its pause lasts."""
        if self._failure is None or (reading and self._readable):
            return
        if self._clock.monotonic() < self._until:
            raise StoreError(self._failure.code, str(self._failure), self._failure.spanish)
        self._failure = None

    def begin(self, failure: StoreError, readable: bool) -> None:
        self._failure, self._readable = failure, readable
        self._until = self._clock.monotonic() + STORE_RETRY_SECONDS
