"""Numbers of the calls since the start, for whoever watches the server.

What belongs here: counting. What must not: formats of monitoring (`cli/health.py`), money that must be right
(the ledger).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, deque
from statistics import median
from typing import Final

from tertulia.models.provider import ProviderError

BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
"""Seconds to the first word: a close endpoint is in the first ones, a cold local model in the last."""


LATEST: Final = 101  # calls of a model whose first words make up its median: an hour of a busy one


class Tally:
    """All are by the model's nick, of which there are as many as the configuration names."""

    def __init__(self) -> None:
        self.calls: Counter[tuple[str, str, str]] = Counter()  # (model, provider, outcome)
        self.tokens: Counter[tuple[str, str]] = Counter()  # (model, "in" | "out" | "cached")
        self.nano: Counter[tuple[str, str]] = Counter()  # (model, currency)
        self.retries: Counter[str] = Counter()
        self.fallbacks: Counter[tuple[str, str]] = Counter()  # (model that could not, model that did)
        self.refused: Counter[tuple[str, str]] = Counter()  # (model, scope of the budget)
        self.pieces = 0  # of answers, as they came
        self.failures: dict[str, tuple[ProviderError, int]] = {}  # the last of each model, milliseconds
        self._latest: dict[str, deque[float]] = {}
        self._first: dict[str, list[int]] = {}  # one more than the buckets: what is slower than all
        self._first_sum: Counter[str] = Counter()

    def first_word(self, model: str, seconds: float) -> None:
        counts = self._first.setdefault(model, [0] * (len(BUCKETS) + 1))
        counts[bisect_left(BUCKETS, seconds)] += 1
        self._latest.setdefault(model, deque(maxlen=LATEST)).append(seconds)
        self._first_sum[model] += seconds  # type: ignore[assignment]  # a sum of seconds is no whole number

    def median_first_word(self, model: str) -> float | None:
        """Seconds, of the latest calls; None before the first."""
        latest = self._latest.get(model)
        return median(latest) if latest else None

    def first_words(self) -> list[tuple[str, list[tuple[str, float]], float]]:
        """(model, (upper bound, how many are within it) for each bucket, sum of seconds)"""
        found = []
        for model, counts in self._first.items():
            bounds = [*map(str, BUCKETS), "+Inf"]
            within = [(bound, float(sum(counts[: at + 1]))) for at, bound in enumerate(bounds)]
            found.append((model, within, float(self._first_sum[model])))
        return found
