"""Events and changes: frozen values; the network has an answer to each event, and each change is made by
one.
"""

from __future__ import annotations

import dataclasses
from typing import get_args

import pytest

from tertulia.state import events, network


@pytest.mark.parametrize("event", get_args(events.Event), ids=lambda event: event.__name__)
def test_an_event_is_a_frozen_value_that_can_cross_a_network(event: type) -> None:
    assert event in network._APPLY
    assert event.__dataclass_params__.frozen  # type: ignore[attr-defined]
    kinds = {str(field.type) for field in dataclasses.fields(event)}
    assert kinds <= {"int", "str", "bool", "str | None", "tuple[ModeChange, ...]", "AccountRecord",
                     "AgentRecord",
                     "frozenset[str]", "BanRecord", "tuple[Access, ...]",
                     "tuple[tuple[str, str], ...]"}  # fmt: skip


def test_the_network_applies_nothing_else() -> None:
    assert set(network._APPLY) == set(get_args(events.Event))
