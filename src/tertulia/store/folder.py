"""Files on the disk: one under each key, in a folder of 256 parts, read by their owner's process alone.

What belongs here: `ports.Folder`. What must not: records (`store.files`), who may (`server.files`). Writing
happens in threads: a disk that is busy must not hold up the talk.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

INCOMING = "incoming"


class FileFolder:
    """`ports.Folder` at `path`, which is made. What a dead process left half-written is thrown away. Raises
    `OSError`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._incoming = path / INCOMING
        self._incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in self._incoming.iterdir():
            left.unlink(missing_ok=True)

    def begin(self) -> FilePart:
        return FilePart(self, self._incoming / token_hex(16))

    def path(self, key: str) -> Path:
        return self._path / key[:2] / key

    def remove(self, key: str) -> None:
        self.path(key).unlink(missing_ok=True)

    def keys_before(self, second: float, shard: int) -> list[str]:
        part = self._path / f"{shard:02x}"
        if not part.is_dir():
            return []
        return [one.name for one in part.iterdir() if one.stat().st_mtime < second]


class FilePart:
    """`ports.Part`."""

    def __init__(self, folder: FileFolder, path: Path) -> None:
        self._folder = folder
        self._path = path
        self._file: BinaryIO | None = os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb"
        )

    async def write(self, data: bytes) -> None:
        assert self._file is not None
        await asyncio.to_thread(self._file.write, data)

    async def keep(self, key: str) -> None:
        await asyncio.to_thread(self._keep, key)

    def _keep(self, key: str) -> None:
        assert self._file is not None
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._file = None
        place = self._folder.path(key)
        place.parent.mkdir(exist_ok=True, mode=0o700)
        self._path.rename(place)
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # or the name could be lost with the power
        finally:
            os.close(folder)

    def discard(self) -> None:
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None
        with suppress(OSError):
            self._path.unlink()
