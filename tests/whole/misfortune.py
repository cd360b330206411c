"""What the world does to a database, done to that of a running server: small disks, locks, rights.

What belongs here: causing it and mending it. What must not: tests.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.process import Server


@contextmanager
def small_disk(size: str) -> Iterator[Path]:
    """A file system of this size; the test is skipped where none can be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="tertulia-small-"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tertulia-test", str(folder)]
    may_mount = shutil.which("mount") and os.geteuid() == 0
    if not may_mount or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        folder.rmdir()
        pytest.skip("a file system cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def fill_up(folder: Path) -> Path:
    """Leave no room on the disk; the file to delete later."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4_096))
        except OSError:
            return ballast


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Somebody's shell, in the middle of a transaction."""
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


class Mortal(Server):
    """A server to which rights of files apply, also when root starts it: without the capability to override
    them (capabilities(7), CAP_DAC_OVERRIDE)."""

    before = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()


def needs_rights() -> None:
    if Mortal.before and (
        shutil.which("setpriv") is None
        or subprocess.run([*Mortal.before, "true"], capture_output=True, check=False).returncode != 0
    ):
        pytest.skip("root's rights cannot be taken away here")
