"""What all tests share: the assertions of the contracts tell their values, as those of tests do; and no test
fails because the machine was busy."""

from __future__ import annotations

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
