"""Files on the disk."""

from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path

import pytest

from tertulia.store.folder import INCOMING, FileFolder

KEY = "ab" + "0" * 62


def test_a_part_becomes_a_file_that_only_we_can_read(tmp_path: Path) -> None:
    folder = FileFolder(tmp_path / "files")
    part = folder.begin()

    async def keep() -> None:
        await part.write(b"ho")
        await part.write(b"la")
        assert not folder.path(KEY).exists()
        await part.keep(KEY)

    asyncio.run(keep())
    part.discard()
    assert folder.path(KEY).read_bytes() == b"hola"
    assert folder.path(KEY) == tmp_path / "files" / "ab" / KEY
    assert stat.S_IMODE(folder.path(KEY).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "files" / INCOMING).stat().st_mode) == 0o700
    assert not list((tmp_path / "files" / INCOMING).iterdir())


def test_what_is_discarded_leaves_nothing(tmp_path: Path) -> None:
    folder = FileFolder(tmp_path)
    part = folder.begin()
    asyncio.run(part.write(b"hola"))
    part.discard()
    part.discard()
    assert not list((tmp_path / INCOMING).iterdir())


def test_what_a_dead_process_left_is_thrown_away(tmp_path: Path) -> None:
    FileFolder(tmp_path)
    (tmp_path / INCOMING / "half").write_bytes(b"ho")
    FileFolder(tmp_path)
    assert not list((tmp_path / INCOMING).iterdir())


@pytest.mark.parametrize(("second", "found"), [(2_000.0, [KEY]), (1_000.0, [])])
def test_keys_by_age_and_part(tmp_path: Path, second: float, found: list[str]) -> None:
    folder = FileFolder(tmp_path)
    asyncio.run(folder.begin().keep(KEY))
    os.utime(folder.path(KEY), (1_500.0, 1_500.0))
    assert folder.keys_before(second, 0xAB) == found
    assert folder.keys_before(second, 0xAC) == []


def test_removing_twice_is_no_error(tmp_path: Path) -> None:
    folder = FileFolder(tmp_path)
    asyncio.run(folder.begin().keep(KEY))
    folder.remove(KEY)
    folder.remove(KEY)
    assert not folder.path(KEY).exists()
