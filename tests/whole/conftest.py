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
from tests.cli.process import Server, running
from tests.whole.outside import Start, written


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
    servers: list[Server] = []
    with ExitStack() as stack:

        def begin(**settings: object) -> Server:
            file = written(tmp_path, **settings)  # type: ignore[arg-type]
            server = stack.enter_context(running("--config", str(file)))
            servers.append(server)
            return server

        yield begin
    for server in servers:
        assert [line for line in server.log if "Traceback" in line] == [], "\n".join(server.log)
