"""The notifications' numbers for Prometheus.

What belongs here: names, help texts, and where each number is found. What must not: counting.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tertulia.server.pushes import Pushes
from tertulia.transports.push import PushSender

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric


def collect(pushes: Pushes, sender: PushSender) -> Iterator[Metric]:
    """Every family, also those that have no number yet."""
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

    yield GaugeMetricFamily("tertulia_push_devices", "Devices that have subscribed", value=len(pushes))
    sent = CounterMetricFamily("tertulia_push", "Notifications, by what became of them", labels=("outcome",))
    for outcome in ("sent", "failed", "dropped"):
        sent.add_metric([outcome], getattr(sender, outcome))
    yield sent
    yield CounterMetricFamily(
        "tertulia_push_expired",
        "Subscriptions that ended: refused by their service, or not renewed",
        value=pushes.expired,
    )
