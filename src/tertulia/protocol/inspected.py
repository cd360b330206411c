"""How the models of a server are, as values: what operators are told, and what the models' side tells it of.

What belongs here: shapes. What must not: where a number comes from (`models.facts`), words (`commands`).
"""

from __future__ import annotations

from typing import NamedTuple


class Spending(NamedTuple):
    """What was spent in a day or a month, and what may be; None: no bound."""

    calls: int
    tokens: int
    nano: int
    reserved_nano: int = 0
    most_tokens: int | None = None
    most_nano: int | None = None
    unpriced_tokens: int = 0  # of `tokens`: nobody knows what they cost


class Trouble(NamedTuple):
    """A call that failed."""

    kind: str  # as `models.provider.Kind`
    text: tuple[str, str]  # in words: English, Spanish
    at_ms: int  # wall clock


class ModelFacts(NamedTuple):
    """One model. Counts are since the start."""

    nick: str
    provider: str
    model: str
    rooms: tuple[str, ...]
    state: str  # ready, downloading, checking, waking, failed
    text: tuple[str, str]  # the same in words: English, Spanish
    breaker: str  # closed, half-open, open
    rests_seconds: float  # until an open breaker lets a call through
    waiting: int  # questions that wait for it
    speaking: int  # answers under way
    queue: int  # calls that wait for its provider, of other models too
    calls: int = 0
    failed: int = 0
    retries: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    first_ms: int | None = None  # median of the last calls: from the call to its first word
    trouble: Trouble | None = None  # the last one
    day: Spending | None = None  # None: the ledger cannot be read
    month: Spending | None = None


class ModelsFacts(NamedTuple):
    """All of them, and what they spent together."""

    models: tuple[ModelFacts, ...] = ()
    currency: str = "USD"
    day: Spending | None = None
    month: Spending | None = None


class ModelCounts(NamedTuple):
    """All models together; counts are since the start."""

    calls: int = 0
    failed: int = 0
    pieces: int = 0  # of answers, as they came
    speaking: int = 0
    waiting: int = 0
