"""The arrows between the rooms, as `pyproject.toml` draws them.

What belongs here: running import-linter over them.
"""

from __future__ import annotations

import pytest
from importlinter.cli import lint_imports

from tests.house.tree import ROOT


def test_imports_point_downwards(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("logging.config.dictConfig", lambda _: None)  # it would silence all loggers there are
    code = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert code == 0, capsys.readouterr().out
