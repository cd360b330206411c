"""The crash test's verdict; and the crash test itself, a few rounds of it, with the real server."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.crash import Tally, disordered, run


def test_nothing_missing_is_no_fault() -> None:
    tally = Tally()
    tally.judge({"1 0 1"}, ["1 0 1", "1 0 2"], "here")  # what was stored and not yet told may be there
    assert (tally.lost, tally.faults) == (set(), [])


def test_a_lost_message_is_counted_and_named() -> None:
    tally = Tally()
    tally.judge({"1 0 1", "1 0 2"}, ["1 0 1"], "here")
    assert (tally.lost, tally.faults) == ({"1 0 2"}, ["here: 1 of 2 lost, as '1 0 2'"])


def test_what_is_missing_in_two_places_is_lost_once() -> None:
    tally = Tally()
    tally.judge({"1 0 1"}, [], "here")
    tally.judge({"1 0 1"}, [], "there")
    assert "1 lost" in str(tally)
    assert len(tally.faults) == 2


def test_a_message_stored_twice_is_a_fault() -> None:
    tally = Tally()
    tally.judge(set(), ["1 0 1", "1 0 1"], "here")
    assert tally.faults[0] == "here: 1 stored twice"


def test_order_is_by_sender() -> None:
    assert disordered(["1 0 1", "1 1 1", "1 0 2", "1 1 9"]) == []
    assert disordered(["1 0 2", "1 1 1", "1 0 1"]) == ["1 0 1"]


@pytest.mark.slow
def test_the_real_server_forgets_nothing(tmp_path: Path) -> None:
    tally = run(rounds=3, seed=7, folder=tmp_path)
    assert tally.faults == []
    assert tally.acknowledged > 0
