"""Models that are known: what they can do, and what they cost.

What belongs here: facts from the providers' public documentation, with the day on which they were read. What
must not: guesses. A model without a row works as its provider's row in `providers.TABLE` says, and has no
price: the configuration can give it one, else its calls count as unpriced.

Read on 2026-11-22 from developers.openai.com/api/docs/pricing and .../models, platform.claude.com/docs/en/
about-claude/pricing and .../models/overview, ai.google.dev/gemini-api/docs/pricing and .../models; compared
with the price list of the package genai-prices 0.2.3. US dollars for a million tokens, standard service.
Prices that are announced to change at a date are left out.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, NamedTuple

from tertulia.protocol.ledger import Price

READ_ON: Final = "2026-11-22"
_DATED: Final = re.compile(r"-(?:\d{8}|\d{4}-\d\d-\d\d)$|-latest$")


class Known(NamedTuple):
    context_tokens: int
    price: Price
    tools: bool = True
    vision: bool = True


def _price(tokens_in: str, tokens_out: str, cached: str) -> Price:
    return Price(Decimal(tokens_in), Decimal(tokens_out), Decimal(cached))


def _longer(price: Price, over: int, times_in: str, times_out: str) -> Price:
    """More than `over` tokens in make the whole call dearer."""
    more, out = Decimal(times_in), Decimal(times_out)
    return price._replace(
        long_over=over,
        long_in=price.tokens_in * more,
        long_cached=price.tokens_cached * more,
        long_out=price.tokens_out * out,
    )


def _openai(tokens_in: str, tokens_out: str, cached: str) -> Known:
    """With a window of 1,050,000; above 272,000 tokens in, twice for these and half more for those out."""
    return Known(1_050_000, _longer(_price(tokens_in, tokens_out, cached), 272_000, "2", "1.5"))


TABLE: Final[dict[tuple[str, str], Known]] = {
    # (provider, model): context, (in, out, cached)
    ("openai", "gpt-6-luna"): _openai("0.10", "0.50", "0.01"),
    ("openai", "gpt-6-sol"): _openai("2", "10", "0.20"),
    ("openai", "gpt-6.1-sol"): _openai("2", "10", "0.10"),
    ("openai", "gpt-6.1-terra"): _openai("1", "5", "0.05"),
    ("openai", "gpt-6-astra"): _openai("10", "50", "1"),
    ("openai", "gpt-5.6-luna"): _openai("0.20", "1.20", "0.02"),
    ("openai", "gpt-5-mini"): Known(400_000, _price("0.25", "2", "0.025")),
    ("openai", "gpt-5-nano"): Known(400_000, _price("0.05", "0.40", "0.005")),
    ("openai", "gpt-4.1"): Known(1_000_000, _price("2", "8", "0.50")),
    ("openai", "gpt-4.1-mini"): Known(1_000_000, _price("0.40", "1.60", "0.10")),
    ("anthropic", "claude-haiku-5-5"): Known(
        1_000_000, _longer(_price("0.10", "0.50", "0.01"), 100_000, "5", "5")
    ),
    ("anthropic", "claude-haiku-4-5"): Known(200_000, _price("1", "5", "0.10")),
    ("anthropic", "claude-sonnet-5-5"): Known(1_000_000, _price("2", "10", "0.10")),
    ("anthropic", "claude-sonnet-5"): Known(1_000_000, _price("2", "10", "0.20")),
    ("anthropic", "claude-opus-5-5"): Known(1_000_000, _price("4", "20", "0.20")),
    ("anthropic", "claude-opus-5"): Known(1_000_000, _price("5", "25", "0.50")),
    ("anthropic", "claude-fable-5-1"): Known(1_000_000, _price("10", "50", "0.25")),
    ("google", "gemini-3.5-flash-lite"): Known(1_000_000, _price("0.30", "2.50", "0.03")),
    ("google", "gemini-3.5-flash"): Known(1_000_000, _price("1.50", "9", "0.15")),
    ("google", "gemini-3.1-flash-lite"): Known(1_000_000, _price("0.25", "1.50", "0.025")),
    ("google", "gemini-2.5-flash"): Known(1_000_000, _price("0.30", "2.50", "0.03")),
    ("google", "gemini-2.5-flash-lite"): Known(1_000_000, _price("0.10", "0.40", "0.01")),
}


def find(provider: str, model: str) -> Known | None:
    """The row of a model; its dated names (`claude-haiku-4-5-20251001`) are the same model."""
    return TABLE.get((provider, model)) or TABLE.get((provider, _DATED.sub("", model)))
