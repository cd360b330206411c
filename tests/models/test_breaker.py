"""The three states, on a clock that the test moves."""

from __future__ import annotations

import pytest

from tertulia.models.breaker import FAILURES, LONGEST_SECONDS, OPEN_SECONDS, Breaker


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def broken(clock: Clock) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        assert breaker.allow()
        breaker.failed()
    return breaker


def test_failures_in_a_row_open_it(clock: Clock) -> None:
    breaker = Breaker(clock)
    for _ in range(FAILURES - 1):
        breaker.failed()
    breaker.worked()
    for _ in range(FAILURES - 1):
        breaker.failed()
    assert breaker.state == "closed" and breaker.allow()
    breaker.failed()
    assert breaker.state == "open" and not breaker.allow()
    assert breaker.seconds_left == OPEN_SECONDS


def test_one_call_tries_whether_it_is_well_again(clock: Clock) -> None:
    breaker = broken(clock)
    clock.now += OPEN_SECONDS
    assert breaker.state == "half-open"
    assert breaker.allow() and not breaker.allow(), "one, not two"
    breaker.worked()
    assert breaker.state == "closed" and breaker.allow()


def test_the_time_doubles_while_the_one_call_fails(clock: Clock) -> None:
    breaker = broken(clock)
    for number in range(1, 8):
        clock.now += breaker.seconds_left
        assert breaker.allow()
        breaker.failed()
        assert breaker.seconds_left == min(LONGEST_SECONDS, OPEN_SECONDS * 2**number)


def test_a_call_that_was_stopped_lets_the_next_one_try(clock: Clock) -> None:
    breaker = broken(clock)
    clock.now += OPEN_SECONDS
    assert breaker.allow()
    breaker.neither()
    assert breaker.state == "half-open" and breaker.allow()


def test_who_asks_for_rest_gets_it(clock: Clock) -> None:
    breaker = Breaker(clock)
    breaker.rest(90.0)
    assert breaker.state == "open" and breaker.seconds_left == 90.0
    breaker.rest(10.0)
    assert breaker.seconds_left == 90.0, "never less than was asked for before"
