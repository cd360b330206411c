"""`tertulia password`: a password in, its hash out, and nothing else."""

from __future__ import annotations

import asyncio
import io

import pytest

from tertulia.cli import password
from tertulia.cli.world import SystemPasswords


def typed(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    """A person at a terminal who answers so."""
    stdin = io.StringIO()
    monkeypatch.setattr(stdin, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", stdin)
    left = iter(answers)
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(left))


def test_a_piped_password_is_hashed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("contraseña\n"))
    assert password.run() == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert asyncio.run(SystemPasswords().verify(line, "contraseña"))


def test_a_typed_password_is_asked_for_twice(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "one", "one")
    assert password.run() == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("$argon2id$")
    assert "one" not in captured.out + captured.err


@pytest.mark.parametrize("answers", [("one", "two"), ("", "")])
def test_two_different_ones_or_none_are_refused(
    answers: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, *answers)
    assert password.run() == 1
    assert capsys.readouterr().out == ""
