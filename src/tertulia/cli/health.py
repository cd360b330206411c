"""What the health page and the metrics say.

What belongs here: numbers of the running server under the names that monitoring knows. What must not: HTTP.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tertulia import __version__
from tertulia.server.hub import Hub

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics_core import Metric

# name, what it counts, and where it is found; those that end in "_total" only grow.
NUMBERS: tuple[tuple[str, str, Callable[[Hub], float]], ...] = (
    ("tertulia_connections", "Connections that are open", lambda hub: len(hub.connections)),
    ("tertulia_users", "Members that are connected", lambda hub: len(hub.network.users)),
    ("tertulia_rooms", "Rooms that are known", lambda hub: len(hub.network.rooms)),
    (
        "tertulia_send_queue_bytes",
        "What readers have not taken yet",
        lambda hub: sum(session.wire.waiting_bytes for session in hub.connections),
    ),
    ("tertulia_connections_total", "Connections since the start", lambda hub: hub.counts.connections),
    ("tertulia_commands_total", "Commands carried out", lambda hub: hub.counts.lines),
    ("tertulia_messages_total", "Messages said, streams as one", lambda hub: hub.counts.said),
    ("tertulia_records_stored_total", "Records committed to the store", lambda hub: hub.counts.stored),
    (
        "tertulia_records_refused_total",
        "Records the store could not take",
        lambda hub: hub.counts.refused,
    ),
    ("tertulia_ticks_total", "Turns of the loop", lambda hub: hub.counts.ticks),
)


def health(hub: Hub, models: Mapping[str, str]) -> dict[str, Any]:
    """`ok` is false while the store takes nothing: then nobody can speak. `models`: their states by nick."""
    return {
        "ok": not hub.store_failed,
        "version": __version__,
        "store": "failing" if hub.store_failed else "ok",
        "connections": len(hub.connections),
        "users": len(hub.network.users),
        "rooms": len(hub.network.rooms),
        "models": dict(models),
    }


class Metrics:
    """The page that Prometheus reads; the library is loaded by the first who asks."""

    def __init__(self, hub: Hub, more: Callable[[], Iterator[Metric]] = lambda: iter(())) -> None:
        """`more`: families that others keep, asked each time."""
        self._hub = hub
        self._more = more
        self._registry: CollectorRegistry | None = None

    def page(self) -> tuple[bytes, str]:
        """(body, content type)"""
        from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
        from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

        if self._registry is None:
            self._registry = CollectorRegistry()
            self._registry.register(self)
            ProcessCollector(registry=self._registry)
        return generate_latest(self._registry), CONTENT_TYPE_PLAIN_0_0_4

    def collect(self) -> Iterator[Metric]:
        """Called by the library."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        for name, help_text, number in NUMBERS:
            family = CounterMetricFamily if name.endswith("_total") else GaugeMetricFamily
            yield family(name.removesuffix("_total"), help_text, value=number(self._hub))
        yield from self._more()
