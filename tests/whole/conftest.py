"""What the tests of the whole server share: a server that is started with a line, and looked at when it ends.

What belongs here: fixtures. What must not: tests.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from benchmarks.server import raise_file_limit

from tests.whole.outside import Start, kept
from tests.whole.people import close_all


@pytest.fixture(scope="session", autouse=True)
def nothing_of_ours_in_the_environment() -> Iterator[None]:
    raise_file_limit()
    with pytest.MonkeyPatch.context() as patch:
        for name in [*os.environ]:
            if name.startswith("TERTULIA_"):
                patch.delenv(name)
        yield


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start servers in this test's folder. None of them may have tripped over anything: see the log."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(kept(tmp_path, **settings))
        close_all()
