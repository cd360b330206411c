"""`tertulia models`, with a catalogue of one small file and no network."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tertulia.cli import models
from tertulia.config import Settings, model_folder
from tertulia.models.local.catalogue import Entry
from tertulia.models.local.folder import Progress
from tertulia.models.local.pull import PullError

CONTENT = b"not really a model"
ENTRY = Entry(
    "tiny",
    "tiny.gguf",
    len(CONTENT),
    hashlib.sha256(CONTENT).hexdigest(),
    "CC0",
    ("small", "pequeño"),
    "a/b/c",
)


@pytest.fixture(autouse=True)
def place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The model folder; the catalogue has the tiny one alone."""
    monkeypatch.setattr(models, "CATALOGUE", (ENTRY,))
    monkeypatch.setattr(models, "find", lambda name: ENTRY if name in ("", "tiny") else None)
    return model_folder(Settings(), {"XDG_DATA_HOME": str(folder / "share")})


def test_the_catalogue_says_what_is_here(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert models.list_all(None) == 0
    assert "[not here]" in capsys.readouterr().out
    place.mkdir(parents=True)
    (place / "tiny.gguf.part").write_bytes(CONTENT[:9])
    models.list_all(None)
    assert "[50 % fetched]" in capsys.readouterr().out
    (place / "tiny.gguf").write_bytes(CONTENT)
    models.list_all(None)
    assert "[here]" in capsys.readouterr().out


def test_a_pull_tells_how_far_it_is(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fetch(entry: Entry, folder: Path, progress: Progress) -> Path:
        for done in range(0, 101, 5):
            progress(done, 100)
        return folder / entry.file

    monkeypatch.setattr(models, "fetch", fetch)
    assert models.pull(None, None) == 0
    captured = capsys.readouterr()
    assert captured.err.splitlines() == [f"tiny: {tenth * 10} %" for tenth in range(11)]
    assert str(place / "tiny.gguf") in captured.out


def test_a_failed_pull_says_why(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fetch(entry: Entry, folder: Path, progress: Progress) -> Path:
        raise PullError("wrong", "", entry, folder)

    monkeypatch.setattr(models, "fetch", fetch)
    assert models.pull("tiny", None) == 1
    assert "sum is wrong" in capsys.readouterr().err


def test_a_model_is_removed_once(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place.mkdir(parents=True)
    (place / "tiny.gguf").write_bytes(CONTENT)
    assert models.remove("tiny", None) == 0
    assert not (place / "tiny.gguf").exists()
    assert models.remove("tiny", None) == 1


def test_what_is_not_in_the_catalogue_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert models.pull("huge", None) == 1
    assert "huge is not in the catalogue: tiny" in capsys.readouterr().err


def test_the_doctor_is_told_what_is_here(place: Path, folder: Path) -> None:
    assert models.finding_of("tiny", place) == (False, "tiny will be fetched (0 MB)")
    (folder / "own.gguf").touch()
    assert models.finding_of("own.gguf", place)[0] is True
    assert models.finding_of("gone.gguf", place)[0] is False
