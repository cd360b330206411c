"""The town of most tests of commands: a server as it comes, nobody there yet."""

from __future__ import annotations

import pytest

from tests.support.town import Town


@pytest.fixture
def town() -> Town:
    return Town()
