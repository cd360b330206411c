"""Targets and durations, as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.protocol.bans import Target, seconds_of, shown, target, written


@pytest.mark.parametrize(
    ("typed", "kind", "kept"),
    [
        ("192.0.2.7", "address", "192.0.2.7/32"),
        ("192.0.2.7/24", "address", "192.0.2.0/24"),
        ("2001:DB8::1/64", "address", "2001:db8::/64"),
        ("2001:db8::1", "address", "2001:db8::1/128"),
        ("::ffff:192.0.2.7", "address", "192.0.2.7/32"),
        ("*!*@192.0.2.0/24", "address", "192.0.2.0/24"),
        ("*!*@*.example", "mask", "*!*@*.example"),
        ("Eva!*", "mask", "eva!*@*"),
        ("*@host", "mask", "*!*@host"),
        ("~a:Ana", "account", "ana"),
        ("account:Ana", "account", "ana"),
        ("cuenta:Ana", "account", "ana"),
        ("realname:*Spam*", "realname", "*spam*"),
        ("$r:spam bot", "realname", "spam bot"),
    ],
)
def test_targets(typed: str, kind: str, kept: str) -> None:
    assert target(typed) == Target(kind, kept)


@pytest.mark.parametrize("typed", ["eva", "1.2.3", "x:y", "192.0.2.0/33", ""])
def test_what_is_no_target(typed: str) -> None:
    assert target(typed) is None


@given(st.ip_addresses(), st.integers(0, 32))
def test_a_target_that_is_shown_can_be_typed_again(address: object, length: int) -> None:
    found = target(f"{address}/{length}")
    assert found is not None and target(shown(*found)) == found


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1d12h", 129_600), ("90m", 5_400), ("2w", 1_209_600), ("1y2mo", 36_720_000), ("30s", 30)],
)
def test_durations(text: str, seconds: int) -> None:
    assert seconds_of(text) == seconds


def test_a_number_alone_is_minutes_where_people_mean_it() -> None:
    assert seconds_of("60") is None and seconds_of("60", bare_minutes=True) == 3_600
    assert seconds_of("0", bare_minutes=True) == 0
    assert seconds_of("d1") is None and seconds_of("") is None
    assert seconds_of("999999y") == 100 * 31_536_000, "no longer than a lifetime"


@pytest.mark.parametrize(("seconds", "text"), [(129_600, "1d12h"), (59, "59s"), (0, "0s"), (90_061, "1d1h")])
def test_durations_are_written_in_two_units(seconds: int, text: str) -> None:
    assert written(seconds) == text
