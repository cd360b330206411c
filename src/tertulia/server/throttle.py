"""Flood control: a bucket of tokens for each session, on the clock that is passed in.

A command costs what its row in the table says; a session that is out of tokens has its lines held back, and
one that sends on regardless is dropped ("Excess Flood").
"""

from __future__ import annotations

from tertulia.commands.settings import Bounds
from tertulia.policy.operators import may
from tertulia.server.session import Session


def exempt(session: Session, bounds: Bounds) -> bool:
    """Models of our own are not slowed down, operators who have that right, and nobody
    when `flood` is off.
    """
    return (
        not bounds.flood
        or session.peer.trusted
        or (session.user is not None and may(session.user, "unthrottled"))
    )


def affordable(session: Session, bounds: Bounds, now: float) -> bool:
    """Whether a command may run now. Refills the bucket first."""
    if exempt(session, bounds):
        return True
    gained = (now - session.refilled_at) * bounds.flood_per_second
    session.refilled_at = now
    session.tokens = min(float(bounds.flood_burst), session.tokens + gained)
    return session.tokens >= 1.0


def charge(session: Session, cost: float) -> None:
    session.tokens -= cost
