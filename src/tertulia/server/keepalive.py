"""Who has fallen silent: PINGs, timeouts, connections that never say who they are, batches left open.

One sweep over all sessions every few seconds costs less than a timer for each of ten thousand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia.server.session import Session

if TYPE_CHECKING:
    from tertulia.server.hub import Hub

SWEEP_SECONDS = 5.0
UNREGISTERED = ("Registration timeout", "No has dicho a tiempo quién eres")


def sweep(hub: Hub, now: float) -> None:
    for session in list(hub.connections):
        if not session.closing:
            _watch(hub, session, now)
            if session.batches:
                _expire_batches(hub, session, now)


def _watch(hub: Hub, session: Session, now: float) -> None:
    bounds = hub.settings.bounds
    if session.user is None:
        if now - session.opened_at >= bounds.registration_seconds:
            hub.drop(session, UNREGISTERED[session.language == "es"])
    elif session.pinged_at:
        if now - session.pinged_at >= bounds.pong_seconds:
            hub.drop(session, f"Ping timeout: {int(now - session.heard_at)} seconds")
    elif now - session.heard_at >= bounds.ping_seconds and not session.peer.trusted:
        session.pinged_at = now
        hub.fanout.session(session, f"PING :{hub.settings.name}\r\n")


def _expire_batches(hub: Hub, session: Session, now: float) -> None:
    for reference, batch in list(session.batches.items()):
        if now - batch.opened >= batch.lifetime:
            del session.batches[reference]
            turn = hub.turn(session)
            batch.abandon(turn, "timeout")
            hub.answer(turn)
