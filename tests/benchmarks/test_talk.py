"""The two loops of talk, and what they count."""

from __future__ import annotations

import itertools

import pytest
from benchmarks.crowd import Crowd, LoadError
from benchmarks.talk import Burst, Pace, StampReader, lines, percentile, talk

from benchmarks import crowd as crowds
from tests.benchmarks.fake_server import FakeServer

STAMP = 1_234_567_890_123_456_789


def test_a_burst_is_whole_lines_with_one_mark_each() -> None:
    data = lines("#a", 3)
    assert data.count(b"|") == data.count(b"\r\n") == 3
    assert data.startswith(b"PRIVMSG #a :| ")


def test_talk_counts_every_delivery() -> None:
    with FakeServer() as server, Crowd(server.address) as crowd:
        crowd.arrive(["#a"] * 4, 4)
        crowd.attend()
        burst = Burst([(0, lines("#a", 2)), (1, lines("#a", 2))], 2 * 2 * 3)
        looks = itertools.count()
        assert talk(crowd, burst, 5, 2, clock=lambda: next(looks)) == 4 * 12


def test_talk_ends_with_an_error_when_deliveries_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowds, "PATIENCE_SECONDS", 0.0)
    with FakeServer(loses=2) as server, Crowd(server.address) as crowd:
        crowd.arrive(["#a"] * 2, 2)
        crowd.attend()
        with pytest.raises(LoadError):
            talk(crowd, Burst([(0, lines("#a", 3))], 3), 60)


def test_pace_says_all_and_times_each_delivery() -> None:
    """The clock of the test jumps a millisecond at each look, so that nothing waits for real time."""
    ticks = itertools.count(step=1_000_000)
    with FakeServer() as server, Crowd(server.address) as crowd:
        crowd.arrive(["#a", "#a", "#a", "#b", "#b", "#b"], 6)
        crowd.attend()
        pace = Pace([(0, "#a"), (3, "#b")], 2, 1_000)
        pace.run(crowd, 0.02, clock=lambda: next(ticks))
    assert len(pace.latencies_ns) == 20 * 2
    assert min(pace.latencies_ns) > 0


def test_stamps_are_found_over_any_cut() -> None:
    data = b"".join(b":m!u@h PRIVMSG #a :|%d talk\r\n" % (STAMP + number) for number in range(3))
    for cut in range(len(data)):
        reader = StampReader()
        found = reader.stamps(5, data[:cut]) + reader.stamps(5, data[cut:])
        assert found == [STAMP, STAMP + 1, STAMP + 2], cut


def test_stamps_of_two_sockets_do_not_mix() -> None:
    reader = StampReader()
    assert reader.stamps(1, b"PRIVMSG #a :|12345") == []
    assert reader.stamps(2, b"PRIVMSG #a :|%d talk\r\n" % STAMP) == [STAMP]
    assert reader.stamps(1, b"67890123456789 talk\r\n") == [1234567890123456789]


def test_percentile_is_the_nearest_rank() -> None:
    values = list(range(100))
    assert percentile(values, 0.5) == 50
    assert percentile(values, 0.99) == 99
    assert percentile([7], 0.99) == 7
