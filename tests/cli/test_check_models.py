"""`tertulia check --models`: each is asked one word, and what is wrong is said in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tertulia.cli import language
from tertulia.cli.check import run
from tests.models.fake_provider import KEY, FakeProvider, fake_provider
from tests.support.machine import nobody_listens


@pytest.fixture(scope="module")
def server() -> Iterator[FakeProvider]:
    with fake_provider() as running:
        yield running


def asked(folder: Path, model: str, url: str, key: str | None = KEY) -> int:
    text = f'[[models]]\nnick = "m"\nprovider = "openai"\nmodel = "{model}"\nbase_url = "{url}"\n'
    (folder / "t.toml").write_text(text, encoding="utf-8")
    return run(Path("t.toml"), {"OPENAI_API_KEY": key} if key else {}, models=True)


def test_one_that_answers(folder: Path, server: FakeProvider, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(folder, "answer", f"{server.url}/v1") == 0
    captured = capsys.readouterr()
    assert captured.out == "m (openai answer): answers: 'Hola, soy un programa.'\n" and captured.err == ""
    assert server.requests[-1]["max_completion_tokens"] == 16


@pytest.mark.parametrize(
    ("model", "english", "spanish"),
    [
        ("wrong_key", "does not accept my API key", "no acepta mi clave"),
        ("no_such_model", "knows no such model (no_such_model)", "no conoce ese modelo"),
        ("no_credit", "no credit left", "sin saldo"),
        ("overloaded", "too much to do", "saturado"),
        ("html", "is the base_url right?", "base_url"),
    ],
)
def test_what_is_wrong(
    folder: Path,
    server: FakeProvider,
    capsys: pytest.CaptureFixture[str],
    model: str,
    english: str,
    spanish: str,
) -> None:
    for spoken, words in (("en", english), ("es", spanish)):
        language.choose(spoken)  # type: ignore[arg-type]
        assert asked(folder, model, f"{server.url}/v1") == 1
        told = capsys.readouterr().err
        assert words in told and told.startswith(f"m (openai {model}): ") and KEY not in told


def test_no_key(folder: Path, server: FakeProvider, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(folder, "answer", server.url, key=None) == 1
    assert "OPENAI_API_KEY" in capsys.readouterr().err


def test_nobody_there(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with nobody_listens() as port:
        assert asked(folder, "answer", f"http://127.0.0.1:{port}/v1") == 1
    assert "cannot reach my provider" in capsys.readouterr().err


def test_a_local_one_is_looked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "t.toml").write_text('[local]\nfolder = "m"\n[[models]]\nnick = "lola"\n', encoding="utf-8")
    assert run(Path("t.toml"), {}, models=True) == 0
    assert "will be fetched" in capsys.readouterr().out
