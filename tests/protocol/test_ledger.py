"""Prices and sums."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tertulia.protocol.ledger import Caller, Price, Spent, money

PRICE = Price(Decimal("0.10"), Decimal("0.50"), Decimal("0.01"))


@pytest.mark.parametrize(
    ("tokens", "nano"),
    [
        ((0, 0, 0), 0),
        ((1_000_000, 0, 0), 100_000_000),
        ((10, 4, 0), 3_000),
        ((10, 0, 10), 100),
        ((1, 0, 1), 10),
    ],
)
def test_what_a_call_costs(tokens: tuple[int, int, int], nano: int) -> None:
    assert PRICE.nano(*tokens) == nano


def test_it_is_rounded_up() -> None:
    assert Price(Decimal("0.0001"), Decimal(0), Decimal(0)).nano(1, 0) == 1


def test_a_long_prompt_is_dearer_as_a_whole() -> None:
    price = PRICE._replace(long_over=100, long_in=Decimal(1), long_out=Decimal(5), long_cached=Decimal(0))
    assert price.nano(100, 1) == 100 * 100 + 500
    assert price.nano(101, 1) == 101 * 1_000 + 5_000


@pytest.mark.parametrize(
    ("nano", "text"),
    [(420_000, "0.00042USD"), (0, "0USD"), (1_500_000_000, "1.5USD"), (10_000_000_000, "10USD")],
)
def test_money_is_a_decimal_number_and_a_code(nano: int, text: str) -> None:
    """docs/extensions/stream.md: "a decimal number and an ISO 4217 code: `0.00042USD`"."""
    assert money(nano, "USD") == text


def test_who_asks() -> None:
    assert Caller("ana", "Ana").who == "Ana" and Caller("ana").who == "~ana" and Caller().who == "~"


def test_sums() -> None:
    one = Spent(1, 2, 3, 4, 5)
    assert one.plus(one).minus(one) == one and one.all_tokens == 6 and one.all_nano == 8
