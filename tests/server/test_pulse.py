"""The pulse: how late the loop is, measured only while somebody looks."""

from __future__ import annotations

from tertulia.limits import PULSE_LASTS_SECONDS, PULSE_SECONDS, PULSE_WINDOW_SECONDS
from tertulia.server.pulse import Pulse
from tests.support.town import FakeClock, ManualScheduler


def test_the_longest_delay_of_the_last_seconds() -> None:
    clock = FakeClock()
    scheduler = ManualScheduler(clock)
    pulse = Pulse(clock, scheduler)
    assert pulse.lag_ms() is None
    clock.ms += round(1_000 * PULSE_SECONDS) + 40  # the loop is busy for so long
    scheduler.advance(0)
    assert pulse.lag_ms() == 40
    scheduler.advance(1)
    assert pulse.lag_ms() == 40
    scheduler.advance(PULSE_WINDOW_SECONDS)
    assert pulse.lag_ms() == 0


def test_it_stops_when_nobody_looks_any_more() -> None:
    clock = FakeClock()
    scheduler = ManualScheduler(clock)
    pulse = Pulse(clock, scheduler)
    assert scheduler.later == []
    pulse.lag_ms()
    pulse.lag_ms()
    assert len(scheduler.later) == 1
    scheduler.advance(PULSE_LASTS_SECONDS + 1)
    assert scheduler.later == []
    assert pulse.lag_ms() is None, "what was measured long ago says nothing of now"
    assert len(scheduler.later) == 1
