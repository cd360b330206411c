"""Users and their connections: what happens to a user when one of several connections ends.

What belongs here: everything between "the connection is gone" and "the user has left". What must not: how a
connection joins a user (`commands.attaching`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia.commands.away import away_of
from tertulia.server import announce
from tertulia.state import events as may
from tertulia.state.user import User

if TYPE_CHECKING:
    from tertulia.server.hub import Hub
    from tertulia.server.session import Session


def detach(hub: Hub, session: Session, user: User) -> None:
    """A connection has ended and its user stays: nobody is told, except that nobody may be here now."""
    hub.fanout.detach(user, session)
    left = hub.sessions(user)
    _apply(hub, may.Detach(user.id, hub.now_ms // 1000, not left))
    _apply(hub, may.SetAway(user.id, away_of(left)))


def _apply(hub: Hub, event: may.Event) -> None:
    for change in hub.network.apply(event):
        announce.announce(hub, change, None)
