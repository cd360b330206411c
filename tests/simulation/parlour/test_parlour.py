"""Models with manners in the simulated world: many seeds without a fault; each fault that is put into them on
purpose is found.

`python -m tests.simulation.parlour --seeds 1-500` plays many. A seed gives the same talk again, in any
process.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.simulation.parlour import sabotage
from tests.simulation.parlour.__main__ import main
from tests.simulation.parlour.world import Parlour, play
from tests.simulation.world import Failure

STEPS = 250
CHUNKS = [range(first, first + 10) for first in range(1, 61, 10)]


@pytest.mark.slow
@pytest.mark.parametrize("seeds", CHUNKS, ids=lambda seeds: f"{seeds.start}-{seeds.stop - 1}")
def test_many_parlours_without_a_fault(seeds: range) -> None:
    for seed in seeds:
        world = play(seed, STEPS)
        assert world.promises.answers and world.store.messages


def test_parlours_without_a_fault() -> None:
    worlds = [play(seed, STEPS) for seed in range(101, 107)]
    assert sum(world.deaths for world in worlds) > 0, "somebody died"
    assert sum(world.promises.replies.total() for world in worlds) > 10, "the agent answered"
    assert sum(world.promises.given.total() for world in worlds) > 5, "reminders were said"
    assert sum(world.promises.taken_back for world in worlds) > 0, "answers were taken back while they grew"
    assert any(world.promises.translations for world in worlds) and any(
        world.promises.spent for world in worlds
    )


@pytest.mark.slow
def test_a_seed_is_the_same_in_every_process() -> None:
    """Whatever the order of sets is there."""
    command = [sys.executable, "-m", "tests.simulation.parlour", "--seeds", "1-6", "--steps", "150"]
    ways = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    told = [
        subprocess.run(
            command, env={**ways, "PYTHONHASHSEED": str(number)}, capture_output=True, check=True
        ).stdout
        for number in (1, 2)
    ]
    assert told[0] == told[1] and told[0].count(b"digest") == 6


@pytest.mark.parametrize("fault", sabotage.ALL, ids=lambda fault: fault.__name__)
def test_a_fault_is_found(fault: Callable[[Parlour], None]) -> None:
    """For what it is: in some worlds another promise is broken first, by what comes of it."""
    others = []
    for seed in range(1, 41):
        try:
            play(seed, STEPS, fault)
        except Failure as failure:
            if re.match(sabotage.ALL[fault], failure.what):
                assert "again: python -m tests.simulation.parlour" in str(failure)
                return
            others.append(failure.what)
    pytest.fail(f"no seed found it: {others}")


def test_from_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seeds", "1-2", "--steps", "20"]) == 0
    assert "0 seeds failed" in capsys.readouterr().out
