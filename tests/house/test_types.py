"""The checkers of others: mypy (strict) and ruff.

What belongs here: running them as the tests' own Python has them.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.house.tree import ROOT

CHECKERS = {
    "types": ["mypy"],
    "lint": ["ruff", "check"],
    "format": ["ruff", "format", "--check"],
}


@pytest.mark.parametrize("checker", CHECKERS)
def test_the_checkers_are_content(checker: str) -> None:
    command = [sys.executable, "-m", *CHECKERS[checker]]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
