"""What the tests of the command line share: English, an empty folder, and no variables of ours."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tertulia.cli import language


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """The language is the process's: give it back as it was."""
    before = language.chosen()
    language.choose("en")
    yield
    language.choose(before)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [*os.environ]:
        if name.startswith("TERTULIA_") or name == "OPENAI_API_KEY":
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.chdir(tmp_path)
    return tmp_path
