"""The server in the simulated world: many seeds without a fault, and the same seed twice is the same.

`make simulate SEED=7` plays one seed; `python -m tests.simulation --seeds 1-500` many.
"""

from __future__ import annotations

import pytest

from tertulia.server import quick
from tests.simulation.__main__ import main
from tests.simulation.world import play

STEPS = 2_500
CHUNKS = [range(first, first + 10) for first in range(1, 101, 10)]
"""A hundred seeds in ten parts, so that several processes can share them: 250,000 steps."""


@pytest.mark.slow
@pytest.mark.parametrize("seeds", CHUNKS, ids=lambda seeds: f"{seeds.start}-{seeds.stop - 1}")
def test_many_worlds_without_a_fault(seeds: range) -> None:
    for seed in seeds:
        report = play(seed, STEPS)
        assert report.commands and report.said and report.heard


def test_a_world_without_a_fault() -> None:
    """One long enough that everything happens: refusals, deaths, streams, floods."""
    reports = [play(seed, 1_500) for seed in (1001, 1002)]
    assert sum(report.said for report in reports) > 100
    assert sum(report.refused for report in reports) > 0


def test_a_seed_is_had_again() -> None:
    assert play(7, 800) == play(7, 800)
    assert play(7, 800).digest != play(8, 800).digest


def test_the_short_way_of_a_message_is_the_long_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """`server.quick` may be deleted: everybody hears the same without it. With labels the order of rooms may
    differ: on the long way the answer to a label first takes along what waits in other rooms."""
    short = [play(seed, 1_500).content for seed in range(21, 28)]
    monkeypatch.setattr(quick, "usual_label", lambda tags, line, prefix: False)
    without_labels = [play(seed, 1_500) for seed in range(21, 28)]
    assert [report.content for report in without_labels] == short
    monkeypatch.setattr(quick, "talk", lambda hub, session, lines, start, end: start)
    assert [play(seed, 1_500).digest for seed in range(21, 28)] == [one.digest for one in without_labels]


def test_from_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seeds", "3-4", "--steps", "200"]) == 0
    assert "400 steps without a fault, 0 seeds failed" in capsys.readouterr().out
