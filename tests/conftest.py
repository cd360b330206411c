"""What all tests share: the assertions of the contracts tell their values, as those of tests do; and no test
fails because the machine was busy, or because of what its environment says."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import settings

pytest.register_assert_rewrite(
    *(
        f"tests.contracts.{file.stem}"
        for file in sorted(Path(__file__).with_name("contracts").glob("[a-z]*.py"))
    )
)

settings.register_profile("tertulia", deadline=None)
settings.load_profile("tertulia")

if not os.access(Path.home(), os.W_OK):  # a user of a container has none; npm, Jupyter and browsers mind
    os.environ["HOME"] = tempfile.mkdtemp(prefix="tertulia-home-")

HERE = "127.0.0.1,localhost,::1"  # reached without a proxy, whatever leads out of the machine
os.environ["NO_PROXY"] = os.environ["no_proxy"] = ",".join(filter(None, (os.environ.get("no_proxy"), HERE)))

for name in ("FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS", "LC_MESSAGES"):  # programs would say it otherwise
    os.environ.pop(name, None)
if spoken := os.environ.pop("LC_ALL", ""):  # as a test cannot set it for the programs that it starts
    os.environ["LANG"] = spoken

TEMPORARY = Path("/tmp")
TEMPORARY_CHARACTERS = 16  # a socket's path in a test's folder has some 90 more, and must fit into 107 bytes

if len(tempfile.gettempdir()) > TEMPORARY_CHARACTERS and os.access(TEMPORARY, os.W_OK | os.X_OK):
    os.environ["TMPDIR"] = tempfile.tempdir = str(TEMPORARY)

BEGAN = time.time()
PICTURES = Path(__file__).parents[1] / "build" / "pictures"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Where the pictures of the web client are, when browsers have just taken some."""
    fresh = [file for file in PICTURES.glob("*.png") if file.stat().st_mtime >= BEGAN]
    if fresh:
        terminalreporter.write_line(f"{len(fresh)} pictures of the web client: {PICTURES}")
