"""Changes: each kind is announced, and those that last carry the record to be stored."""

from __future__ import annotations

import dataclasses
from typing import get_args

import pytest

from tertulia.server import announce
from tertulia.state import changes

KINDS = get_args(changes.Change)


@pytest.mark.parametrize("change", KINDS, ids=lambda change: change.__name__)
def test_every_change_is_announced(change: type) -> None:
    assert change in announce._TABLE
    assert change.__dataclass_params__.frozen  # type: ignore[attr-defined]


def test_what_lasts_carries_its_record() -> None:
    lasting = {kind for kind in KINDS if "record" in {field.name for field in dataclasses.fields(kind)}}
    assert lasting == set(get_args(changes.Lasting))
