"""The table of known models, and what a configuration says over it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tertulia.models import known
from tertulia.models.providers import TABLE, capabilities_of, price_of
from tertulia.models.settings import ModelSettings

LUNA = ModelSettings("gpt", "openai")


def test_every_providers_default_model_is_known() -> None:
    for name, kind in TABLE.items():
        if kind.needs_key:
            assert known.find(name, kind.model) is not None, name


def test_rows_are_sound() -> None:
    for (provider, _), row in known.TABLE.items():
        assert provider in TABLE and row.context_tokens >= 100_000
        assert 0 < row.price.tokens_cached < row.price.tokens_in < row.price.tokens_out
        if row.price.long_over is not None:
            assert row.price.long_in > row.price.tokens_in and row.price.long_out > row.price.tokens_out


def test_a_dated_name_is_the_same_model() -> None:
    assert known.find("anthropic", "claude-haiku-4-5-20251001") == known.find("anthropic", "claude-haiku-4-5")
    assert known.find("openai", "gpt-4.1-2025-04-14") == known.find("openai", "gpt-4.1")
    assert known.find("openai", "claude-haiku-4-5") is None


@pytest.mark.parametrize(
    ("settings", "currency", "dollar", "tokens_in"),
    [
        (LUNA, "USD", None, Decimal("0.10")),
        (LUNA, "EUR", Decimal("0.5"), Decimal("0.05")),
        (LUNA, "EUR", None, None),  # nobody said what a dollar is
        (replace(LUNA, model="gpt-of-tomorrow"), "USD", None, None),
        (replace(LUNA, base_url="https://proxy.example/v1"), "USD", None, None),  # others have other prices
        (replace(LUNA, base_url="https://proxy.example/v1", price_in=0.3), "USD", None, Decimal("0.3")),
        (replace(LUNA, price_in=7.0), "EUR", None, Decimal(7)),
        (ModelSettings("lola"), "EUR", None, Decimal(0)),
        (ModelSettings("s", "scripted"), "USD", None, Decimal(0)),
        (ModelSettings("v", "openai-compatible", model="m", base_url="http://x"), "USD", None, None),
    ],
)
def test_what_a_model_costs(
    settings: ModelSettings, currency: str, dollar: Decimal | None, tokens_in: Decimal | None
) -> None:
    price = price_of(settings, currency, dollar)
    assert (price and price.tokens_in) == tokens_in if tokens_in is not None else price is None
    assert price is None or price.currency == currency


def test_what_a_model_can() -> None:
    assert (
        capabilities_of(ModelSettings("c", "anthropic", model="claude-sonnet-5-5")).context_tokens
        == 1_000_000
    )
    assert capabilities_of(replace(LUNA, vision=False)).vision is False
    assert capabilities_of(ModelSettings("lola", tools=True)).tools is True


def test_a_fingerprint_does_not_change_with_a_price() -> None:
    assert replace(LUNA, price_in=1.0, fallback=("lola",)).fingerprint == LUNA.fingerprint
