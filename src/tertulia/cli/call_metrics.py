"""The models' numbers for Prometheus.

What belongs here: names, help texts, and where each number is found. What must not: counting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tertulia.models.chain import Link
from tertulia.models.host import Host
from tertulia.models.tally import Tally
from tertulia.protocol.ledger import NANO

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

BREAKER = {"closed": 0.0, "half-open": 1.0, "open": 2.0}

COUNTERS: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    # name, help, labels, the field of `Tally`
    ("tertulia_model_calls", "Calls of models that ended", ("model", "provider", "outcome"), "calls"),
    ("tertulia_model_tokens", "Tokens of ended calls", ("model", "direction"), "tokens"),
    ("tertulia_model_retries", "Attempts after the first one", ("model",), "retries"),
    ("tertulia_model_fallbacks", "Answers for a model that could not", ("model", "answered_by"), "fallbacks"),
    ("tertulia_model_refused_by_budget", "Calls not made: a limit", ("model", "limit"), "refused"),
)


def collect(host: Host) -> Iterator[Metric]:
    """Every family, also those that have no number yet."""
    tally = host.treasury.tally
    yield from _counters(tally)
    yield _cost(tally)
    yield _first_words(tally)
    yield from _gauges(host)


def _counters(tally: Tally) -> Iterator[Metric]:
    from prometheus_client.core import CounterMetricFamily

    for name, help_text, labels, field in COUNTERS:
        family = CounterMetricFamily(name, help_text, labels=labels)
        found: Counter[Any] = getattr(tally, field)
        for key, count in found.items():
            family.add_metric([key] if isinstance(key, str) else list(key), count)
        yield family


def _cost(tally: Tally) -> Metric:
    from prometheus_client.core import CounterMetricFamily

    family = CounterMetricFamily("tertulia_model_cost", "What they cost", labels=("model", "currency"))
    for key, nano in tally.nano.items():
        family.add_metric(list(key), nano / NANO)
    return family


def _first_words(tally: Tally) -> Metric:
    from prometheus_client.core import HistogramMetricFamily

    family = HistogramMetricFamily(
        "tertulia_model_first_word_seconds", "From a call to its first word", labels=("model",)
    )
    for model, buckets, total in tally.first_words():
        family.add_metric([model], buckets=buckets, sum_value=total)
    return family


def _gauges(host: Host) -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily

    waiting = GaugeMetricFamily("tertulia_model_waiting", "Questions that wait", labels=("model",))
    speaking = GaugeMetricFamily("tertulia_model_speaking", "Answers under way", labels=("model",))
    for status in host.status():
        waiting.add_metric([status.nick], status.waiting)
        speaking.add_metric([status.nick], status.speaking)
    queue = GaugeMetricFamily(
        "tertulia_provider_queue", "Calls that wait for their provider", labels=("model",)
    )
    breaker = GaugeMetricFamily("tertulia_model_breaker", "0 closed, 1 half-open, 2 open", labels=("model",))
    links: list[Link] = host.links()
    for link in links:
        queue.add_metric([link.asked.model], link.gate.waiting)
        breaker.add_metric([link.asked.model], BREAKER[link.breaker.state])
    yield from (waiting, speaking, queue, breaker)
