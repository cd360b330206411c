"""What all tests share: the assertions of the contracts tell their values, as those of tests do."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.register_assert_rewrite(
    *(
        f"tests.contracts.{file.stem}"
        for file in sorted(Path(__file__).with_name("contracts").glob("[a-z]*.py"))
    )
)
