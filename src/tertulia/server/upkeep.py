"""What the server does by itself as time goes by: bans expire, old entries of the audit log are forgotten.

What belongs here: deeds that nobody commands. What must not: sessions that fall silent (`keepalive`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia.commands.notices import notify
from tertulia.limits import AUDIT_DAYS
from tertulia.policy import agents
from tertulia.protocol.audit import AuditPrune
from tertulia.protocol.bans import shown
from tertulia.protocol.history import id_floor
from tertulia.server import expiry
from tertulia.state import events as may
from tertulia.state.changes import BanLifted

if TYPE_CHECKING:
    from tertulia.server.hub import Hub

DAY_MS = 86_400_000
PRUNE_SECONDS = 3_600


class Upkeep:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._prune_at = hub.instant + PRUNE_SECONDS

    def look(self, now: float) -> None:
        if self._hub.network.timed:
            expiry.sweep(self._hub)
        self._expire_bans()
        self._end_agents()
        if now >= self._prune_at:
            self._prune_at = now + PRUNE_SECONDS
            self._hub.keep(AuditPrune(id_floor(self._hub.now_ms - AUDIT_DAYS * DAY_MS)))

    def _expire_bans(self) -> None:
        """If the store cannot forget one now, it has expired all the same, and is forgotten after a start."""
        for record in self._hub.network.bans.expired(self._hub.now_ms // 1000):
            for change in self._hub.network.apply(may.LiftBan(*record.key)):
                assert isinstance(change, BanLifted)
                self._hub.keep(change.record)
            notify(self._hub, "x", "ban expired", target=shown(*record.key))

    def _end_agents(self) -> None:
        """Whose token is over, or whose owner is gone, goes."""
        for agent in self._hub.network.agents:
            why = agents.why_closed(self._hub.network, agent, self._hub.now_ms // 1000)
            for user in self._hub.network.logged_in(agent.key) if why else ():
                self._hub.drop_user(user, "Token expired" if why == "expired" else "Token revoked")
