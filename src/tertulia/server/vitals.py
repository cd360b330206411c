"""Vital signs: numbers of the running server, as operators and their charts are told them.

What belongs here: names, and where each number is found. What must not: Prometheus' names (`cli.health`),
words.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tertulia.commands.facts import Value
from tertulia.ports import Inspector
from tertulia.server.pulse import Pulse

if TYPE_CHECKING:
    from tertulia.server.hub import Hub


class Vitals:
    """Whoever wires the house sets what the hub cannot know by itself."""

    def __init__(self, hub: Hub) -> None:
        self.inspector: Inspector | None = None  # how the models are; None: there are none
        self.process: Callable[[], tuple[float, int]] | None = None  # CPU seconds, resident bytes
        self._pulse = Pulse(hub.clock, hub.scheduler)
        self._hub = hub

    def waiting_bytes(self, session: Any) -> int:
        waiting: int = session.wire.waiting_bytes
        return waiting

    def numbers(self) -> dict[str, Value]:
        """What ends in `_total` only grows; bytes, milliseconds and seconds as the names say."""
        hub = self._hub
        waiting = [session.wire.waiting_bytes for session in hub.connections]
        found: dict[str, Value] = {
            "at_ms": hub.now_ms,
            "up_seconds": (hub.now_ms - hub.started_ms) // 1_000,
            "connections": len(hub.connections),
            "members": len(hub.network.users),
            "rooms": len(hub.network.rooms),
            "connections_total": hub.counts.connections,
            "messages_total": hub.counts.said,
            "commands_total": hub.counts.lines,
            "stored_total": hub.counts.stored,
            "refused_total": hub.counts.refused,
            "ticks_total": hub.counts.ticks,
            "queued_bytes": sum(waiting),
            "queued_most_bytes": max(waiting, default=0),
            "lag_ms": self._pulse.lag_ms(),
            "store": hub.store_failed or "ok",
        }
        if self.inspector is not None:
            counts = self.inspector.counts()
            found |= {
                "calls_total": counts.calls,
                "calls_failed_total": counts.failed,
                "pieces_total": counts.pieces,
                "speaking": counts.speaking,
                "waiting": counts.waiting,
            }
        if self.process is not None:
            found["cpu_seconds_total"], found["memory_bytes"] = self.process()
        return found
