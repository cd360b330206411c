"""A folder of files in memory, for worlds without a disk.

What belongs here: `ports.Folder` and `ports.Part`, at once and without fail. What must not: the desk.
"""

from __future__ import annotations

from pathlib import Path


class MemoryFolder:
    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def begin(self) -> MemoryPart:
        return MemoryPart(self)

    def path(self, key: str) -> Path:
        return Path("/nowhere") / key

    def remove(self, key: str) -> None:
        self.kept.pop(key, None)

    def keys_before(self, second: float, shard: int) -> list[str]:
        return []


class MemoryPart:
    def __init__(self, folder: MemoryFolder) -> None:
        self._folder = folder
        self._data = b""

    async def write(self, data: bytes) -> None:
        self._data += data

    async def keep(self, key: str) -> None:
        self._folder.kept[key] = self._data

    def discard(self) -> None:
        self._data = b""
