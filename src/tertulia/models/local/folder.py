"""The model folder: what is there, whether it is what it says, and who may write now.

What belongs here: files, sums, the lock. What must not: the network.

Layout: `<folder>/<entry.file>`; beside it `<file>.ok`, which remembers that the sum was right for this size
and time of change, so that a gigabyte is not read at every start; `<file>.part` and `<file>.part.json` while
one is being fetched; `<file>.lock`.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tertulia.limits import PULL_CHUNK_BYTES
from tertulia.models.local.catalogue import Entry

Progress = Callable[[int, int], None]  # bytes done, bytes in all

_OK: Final = ".ok"


def present(folder: Path, entry: Entry) -> Path | None:
    """The verified file, under its own name or another. Reads a file whole when it was never verified:
    seconds."""
    named = folder / entry.file
    others = [path for path in sorted(folder.glob("*.gguf")) if path != named] if folder.is_dir() else []
    for path in (named, *others):
        if verified(path, entry):
            return path
    return None


def verified(path: Path, entry: Entry) -> bool:
    """Whether the file at `path` is the entry's, by size and sum."""
    try:
        about = path.stat()
        if about.st_size != entry.bytes:
            return False
        note = f"{entry.sha256} {about.st_size} {about.st_mtime_ns}"
        ok = path.with_name(path.name + _OK)
        if ok.is_file() and ok.read_text().strip() == note:
            return True
        if sum_of(path) != entry.sha256:
            return False
    except OSError:
        return False
    try:
        ok.write_text(note + "\n")
    except OSError:
        pass  # a folder that cannot be written is read again next time
    return True


def sum_of(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove(folder: Path, entry: Entry) -> bool:
    """Delete the entry's file and what belongs to it; False when there was none."""
    path = folder / entry.file
    found = path.exists()
    for name in (path, *(path.with_name(path.name + end) for end in (_OK, ".part", ".part.json"))):
        name.unlink(missing_ok=True)
    return found


@contextmanager
def locked(folder: Path, entry: Entry) -> Iterator[None]:
    """One process at a time fetches a file. Waits; call it in a thread. Freed by the system when we die."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{entry.file}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Partial:
    """A file that is being put together from pieces, in order; it survives an interruption by whole
    pieces."""

    def __init__(self, folder: Path, entry: Entry) -> None:
        self._entry = entry
        self._final = folder / entry.file
        self._path = folder / f"{entry.file}.part"
        self._note = folder / f"{entry.file}.part.json"
        self.done = 0  # bytes
        self.pieces = 0

    def resume(self, source: str) -> None:
        """Go on where the same source was left, else begin anew."""
        try:
            note = json.loads(self._note.read_text())
            fits = note["source"] == source and self._path.stat().st_size >= note["bytes"]
            self.done, self.pieces = (int(note["bytes"]), int(note["pieces"])) if fits else (0, 0)
        except (OSError, ValueError, KeyError, TypeError):
            self.done = self.pieces = 0
        self._path.touch()
        os.truncate(self._path, self.done)

    def append(self, chunks: Iterator[bytes], source: str, progress: Progress) -> None:
        """One piece more. What is written of it counts only when it is whole. Raises ValueError when it is
        too long."""
        with self._path.open("r+b") as file:
            file.seek(self.done)
            size = self.done
            for chunk in chunks:
                size += len(chunk)
                if size > self._entry.bytes:
                    raise ValueError("more bytes than the file has")
                file.write(chunk)
                progress(size, self._entry.bytes)
            file.flush()
            os.fsync(file.fileno())
        self.done, self.pieces = size, self.pieces + 1
        self._note.write_text(json.dumps({"source": source, "bytes": self.done, "pieces": self.pieces}))

    def finish(self) -> Path:
        """Check the sum and give it its name, at once for everybody who looks. Raises ValueError if it is
        wrong; then nothing is kept."""
        if self.done != self._entry.bytes or sum_of(self._path) != self._entry.sha256:
            self.discard()
            raise ValueError("the sum is wrong")
        self._path.replace(self._final)
        self._note.unlink(missing_ok=True)
        about = self._final.stat()
        ok = self._final.with_name(self._final.name + _OK)
        ok.write_text(f"{self._entry.sha256} {about.st_size} {about.st_mtime_ns}\n")
        return self._final

    def discard(self) -> None:
        self._path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)
        self.done = self.pieces = 0


def chunks_of(file: object) -> Iterator[bytes]:
    """What a file-like object holds, in pieces of `PULL_CHUNK_BYTES`."""
    read: Callable[[int], bytes] = file.read  # type: ignore[attr-defined]
    while chunk := read(PULL_CHUNK_BYTES):
        yield chunk
