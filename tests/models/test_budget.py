"""Limits, periods, and what fits: tables, and properties that must hold for every budget."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tertulia.models import budget
from tertulia.protocol.ledger import NANO, Caller, Key, Limit, Price, Spent
from tests.contracts.ledger import DAY, call

PRICE = Price(Decimal(1), Decimal(10), Decimal("0.1"))


def under(limit: Limit) -> list[budget.Applied]:
    return [budget.Applied(limit, Key(limit.scope, limit.name, DAY, "USD"))]


@pytest.mark.parametrize(
    ("limit", "caller", "key"),
    [
        (Limit("all", "", "day", 1), Caller("a", "A"), Key("all", "", DAY, "USD")),
        (Limit("all", "", "month", 1), Caller("a", "A"), Key("all", "", DAY[:7], "USD")),
        (Limit("model", "gpt", "day", 1), Caller("a", "A"), Key("model", "gpt", DAY, "USD")),
        (Limit("model", "*", "day", 1), Caller("a", "A"), Key("model", "gpt", DAY, "USD")),
        (Limit("model", "lola", "day", 1), Caller("a", "A"), None),
        (Limit("room", "#r", "day", 1), Caller("a", "A", "#r"), Key("room", "#r", DAY, "USD")),
        (Limit("room", "*", "day", 1), Caller("a", "A", ""), None),
        (Limit("account", "*", "day", 1), Caller("a", "Ana"), Key("account", "ana", DAY, "USD")),
        (Limit("account", "*", "day", 1), Caller("a", None), None),
        (Limit("account", "bob", "day", 1), Caller("a", "Ana"), None),
        (Limit("guests", "", "day", 1), Caller("a", None), Key("guests", "", DAY, "USD")),
        (Limit("guests", "", "day", 1), Caller("a", "Ana"), None),
        (
            Limit("purpose", "ambient", "day", 1),
            Caller("a", "A", "", "ambient"),
            Key("purpose", "ambient", DAY, "USD"),
        ),
    ],
)
def test_which_limits_a_call_is_under(limit: Limit, caller: Caller, key: Key | None) -> None:
    found = budget.applied([limit], call(caller=caller), lambda kept: (kept,))
    assert found == ([budget.Applied(limit, key)] if key else [])


@pytest.mark.parametrize(
    ("limit", "spent", "longest"),
    [
        (Limit("all", "", "day", tokens=1_000), Spent(), 500),
        (Limit("all", "", "day", tokens=1_000), Spent(1, 400, 0, 300), 200),
        (Limit("all", "", "day", tokens=1_000), Spent(1, 1_000), 0),
        (Limit("all", "", "day", nano=100_000 + 30 * 10_000), Spent(), 30),
        (Limit("all", "", "day", nano=100_000), Spent(1, 0, 1), 0),
        (Limit("all", "", "day", nano=NANO), Spent(), 500),
    ],
)
def test_how_long_an_answer_may_be(limit: Limit, spent: Spent, longest: int) -> None:
    found, binding = budget.longest_answer(under(limit), [spent], PRICE, 100, 500)
    assert found == longest and (binding is None) == (longest == 500)


def test_without_a_price_money_bounds_nothing() -> None:
    limit = Limit("all", "", "day", nano=0)
    assert budget.longest_answer(under(limit), [Spent()], None, 100, 500) == (500, None)


@given(
    left=st.integers(0, 10**9), tokens_in=st.integers(0, 10_000), wanted=st.integers(1, 10_000),
    each=st.tuples(*[st.decimals(0, 100, places=4)] * 3),
)  # fmt: skip
@settings(deadline=None)  # a machine that is busy with other tests is no error of a budget
@example(1, 1, 1, (Decimal("0.0001"), Decimal("0.0001"), Decimal(0)))  # a tenth of the smallest coin each
def test_what_fits_never_costs_more_than_is_left(
    left: int, tokens_in: int, wanted: int, each: tuple[Decimal, Decimal, Decimal]
) -> None:
    price = Price(*each)
    limit = Limit("all", "", "day", nano=left)
    longest, _ = budget.longest_answer(under(limit), [Spent()], price, tokens_in, wanted)
    assert 0 <= longest <= wanted
    if longest:
        assert price.nano(tokens_in, longest) <= left
    if longest < wanted:
        assert price.nano(tokens_in, longest + 1) > left, "not one token less than fits"


@pytest.mark.parametrize(
    ("moment", "per", "until"),
    [
        ("2026-11-22T23:59:00", "day", "2026-11-23T00:00:00+01:00"),
        ("2026-11-22T23:59:00", "month", "2026-12-01T00:00:00+01:00"),
        ("2026-12-31T10:00:00", "month", "2027-01-01T00:00:00+01:00"),
        ("2026-10-25T01:00:00", "day", "2026-10-26T00:00:00+01:00"),  # 25 hours: the clocks go back
        ("2026-03-28T12:00:00", "day", "2026-03-29T00:00:00+01:00"),
    ],
)
def test_when_a_period_is_over(moment: str, per: str, until: str) -> None:
    madrid = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Europe/Madrid"))
    assert budget.next_period(madrid, per).isoformat() == until
