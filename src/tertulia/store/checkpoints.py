"""Checkpoints: what the write-ahead log holds is carried over into the database, beside the writer.

What belongs here: when that is done, the thread that does most of it, how far the log has come. What must
not: commits (`sqlite.py`).

Left to itself SQLite carries the log over within the commit that makes it long, and everybody waits. Here the
writer only looks, after each commit, whether the log has passed a mark, and then asks a thread with a
connection of its own. A checkpoint hinders no writer; but only what nobody adds to can be begun anew, so the
writer carries over the short rest itself, when the thread has left it one. A promise is not touched: the
commit has synced what it had to, and a checkpoint syncs the log before it writes to the database.

A reader who stays in an old state of the database (a long export) keeps its pages in the log, whoever wants
to carry them over: the log grows until that reader has gone, and is cut back then (`database.JOURNAL_BYTES`).
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread

from tertulia.limits import STORE_LOCK_SECONDS
from tertulia.ports import StoreError
from tertulia.store.database import Database

STEP_PAGES = 1_000  # each so many pages (4 MB) the thread is asked: the log mostly begins anew by then
END_PAGES = 8_000  # in a log so long (32 MB) the writer makes an end of it, or it would grow for ever
SHORT_PAGES = 100  # what the writer may carry over itself: no more than a large commit writes
BEHIND_PAGES = 8_000  # so far beyond the end the thread is waited for, as a commit waits for a lock

CARRY_OVER = "PRAGMA wal_checkpoint(PASSIVE)"


class Checkpoints:
    """Of one writer; its connection is given to `committed`. After `close` it can be used again."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._log = Log(database.path)
        self._carrier: Carrier | None = None
        self._begin(b"")

    def committed(self, connection: sqlite3.Connection) -> None:
        """Call it after each commit. Never raises what concerns the database: the commit has been."""
        salts = self._log.salts()
        if salts != self._salts:
            self._begin(salts)
        if not self._log.reaches(self._due):
            return
        if self._idle():
            self._go_on(connection)
        elif self._log.reaches(self._end + BEHIND_PAGES):
            self._wait()
            self._finish(connection)

    def rest(self) -> None:
        """Nothing else is to be done now."""
        if self._idle() and self._log.reaches(self._carried() + SHORT_PAGES):
            self._ask()

    def close(self) -> None:
        """Stop the thread, in the midst of what it does. What is in the log stays there."""
        carrier, self._carrier = self._carrier, None
        if carrier is not None:
            carrier.close()
        self._log.close()
        self._begin(b"")

    def _begin(self, salts: bytes, pages: int = 0) -> None:
        """A log was begun anew; or an end of it was made after so many pages, and it goes on if somebody
        reads in it."""
        self._salts = salts
        self._due = pages + STEP_PAGES
        self._end = pages + END_PAGES

    def _go_on(self, connection: sqlite3.Connection) -> None:
        long = self._log.reaches(self._end)
        if long and not self._log.reaches(self._carried() + SHORT_PAGES):
            self._finish(connection)
        elif self._ask():
            self._due += SHORT_PAGES if long else STEP_PAGES
        elif long:
            self._finish(connection)

    def _finish(self, connection: sqlite3.Connection) -> None:
        """Carry the rest over. With what is written next SQLite begins the log anew, if nobody reads."""
        frames = _carry_over(connection)[0]
        self._begin(self._salts, max(frames, self._end))

    # --- The thread ---------------------------------------------------------------------------------------

    def _ask(self) -> bool:
        """False when there can be no thread now."""
        if self._carrier is None:
            try:
                self._carrier = Carrier(self._database.beside())
            except (sqlite3.Error, OSError, RuntimeError, StoreError):
                return False
        self._carrier.ask(self._salts)
        return True

    def _idle(self) -> bool:
        return self._carrier is None or self._carrier.idle.is_set()

    def _wait(self) -> None:
        if self._carrier is not None:
            self._carrier.idle.wait(STORE_LOCK_SECONDS)

    def _carried(self) -> int:
        """How many pages of the log the thread has found carried over, of what it is now."""
        carrier = self._carrier
        return carrier.carried if carrier is not None and carrier.salts == self._salts else 0


class Carrier:
    """A thread with a connection, which it closes at its end."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.idle = Event()
        self.idle.set()
        self.salts = b""
        self.carried = 0
        self._connection = connection
        self._wishes: SimpleQueue[bool] = SimpleQueue()
        # A daemon: a program that ends without closing its store must not wait for it.
        self._thread = Thread(target=self._run, name="checkpoints", daemon=True)
        self._thread.start()

    def ask(self, salts: bytes) -> None:
        """Only while it is idle. `salts`: of the log as it is."""
        self.idle.clear()
        self.salts, self.carried = salts, 0
        self._wishes.put(True)

    def close(self) -> None:
        self._wishes.put(False)
        with suppress(sqlite3.ProgrammingError):  # the thread was idle, and has closed it by now
            self._connection.interrupt()
        self._thread.join()

    def _run(self) -> None:
        while self._wishes.get():
            self.carried = _carry_over(self._connection)[1]
            self.idle.set()
        self._connection.close()


def _carry_over(connection: sqlite3.Connection) -> tuple[int, int]:
    """The pages in the log and those of them that are in the database now; 0 where that failed.

    A failure is nobody's: what was committed is in the log, and if the disk or the file is ill, the next
    commit will find out. SQLite's own checkpoints are silent too.
    """
    try:
        _, frames, carried = connection.execute(CARRY_OVER).fetchone()
    except sqlite3.Error:
        return 0, 0
    return max(0, frames), max(0, carried)


# --- How far the log has come -----------------------------------------------------------------------------

HEADER_BYTES = 32
FRAME_HEADER_BYTES = 24
PAGE_SIZE_AT, SALTS_AT, FRAME_SALTS_AT = 8, 16, 8
SALTS_BYTES = 8
"""Of a write-ahead log (sqlite.org/fileformat2.html, 4.1). When SQLite begins it anew it writes over it from
the start, with other salts: a frame belongs to the present log if its salts are those of the header."""


class Log:
    """The write-ahead log of the database at `path`: two small reads without a lock, two microseconds.

    The length of the file would not do: it stays when the log begins anew. Nobody locks this file (SQLite's
    locks are on the other two), so that it does no harm to close it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(f"{path.name}-wal")
        self._file = -1
        self._page_bytes = 0
        self._salts = b""

    def salts(self) -> bytes:
        """Those of the log that is written now; empty when there is none yet."""
        if self._file < 0 and not self._open():
            return b""
        self._salts = os.pread(self._file, SALTS_BYTES, SALTS_AT)
        return self._salts

    def reaches(self, pages: int) -> bool:
        """Whether the log whose `salts` were asked for last has so many pages."""
        if self._file < 0 or not self._salts:
            return False
        at = HEADER_BYTES + (pages - 1) * (FRAME_HEADER_BYTES + self._page_bytes) + FRAME_SALTS_AT
        return os.pread(self._file, SALTS_BYTES, at) == self._salts

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
        self._file, self._salts = -1, b""

    def _open(self) -> bool:
        try:
            self._file = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        self._page_bytes = int.from_bytes(os.pread(self._file, 4, PAGE_SIZE_AT), "big")
        if not self._page_bytes:
            self.close()
        return self._file >= 0
