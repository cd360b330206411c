"""The checkers can fail: every fault that is put into the server on purpose is found, and can be had
again.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.simulation import sabotage
from tests.simulation.world import Failure, World, play

STEPS = 2_500
SEEDS = range(1, 31)


@pytest.mark.parametrize("fault", sabotage.ALL, ids=lambda fault: fault.__name__)
def test_a_fault_is_found(fault: Callable[[World], None]) -> None:
    failure = found(fault)
    assert re.match(sabotage.ALL[fault], failure.value.what), failure.value.what
    assert "again: make simulate SEED=" in str(failure.value)


def found(fault: Callable[[World], None]) -> pytest.ExceptionInfo[Failure]:
    """The failure of the first of a few seeds that fails."""
    for seed in SEEDS:
        try:
            play(seed, STEPS, fault)
        except Failure as failure:
            return pytest.ExceptionInfo.from_exception(failure)
    pytest.fail("no seed found it")


def test_a_failure_says_where_and_is_the_same_again() -> None:
    first, second = found(sabotage.nobody_stops_listening), found(sabotage.nobody_stops_listening)
    assert str(first.value) == str(second.value)
    assert "step " in str(first.value) and len(str(first.value).splitlines()) > 10
