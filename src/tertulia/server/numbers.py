"""Numbers of the running server, as operators and their charts are told them.

What belongs here: names, and where each number is found. What must not: Prometheus' names (`cli.health`),
words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia.commands.facts import Value

if TYPE_CHECKING:
    from tertulia.server.hub import Hub


def numbers(hub: Hub) -> dict[str, Value]:
    """What `_total` only grows; bytes, milliseconds and seconds as the names say."""
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
        "lag_ms": hub.pulse.lag_ms(),
        "store": hub.store_failed or "ok",
    }
    if hub.inspector is not None:
        counts = hub.inspector.counts()
        found |= {
            "calls_total": counts.calls,
            "calls_failed_total": counts.failed,
            "pieces_total": counts.pieces,
            "speaking": counts.speaking,
            "waiting": counts.waiting,
        }
    if hub.process is not None:
        found["cpu_seconds_total"], found["memory_bytes"] = hub.process()
    return found
