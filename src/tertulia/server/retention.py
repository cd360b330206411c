"""Retention: what is older than the operator or a room wants is deleted, in small steps.

What belongs here: how old what may be, and when it is looked for. What must not: deleting (the stores).
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from tertulia.commands.settings import History
from tertulia.limits import RETENTION_SECONDS, RETENTION_STEP, TEND_PAUSE_SECONDS
from tertulia.ports import StoreError
from tertulia.protocol.history import Forgetting, id_floor
from tertulia.state.network import Network

if TYPE_CHECKING:
    from tertulia.server.hub import Hub

DAY_MS = 86_400_000


def plan(history: History, network: Network, now_ms: int) -> list[Forgetting]:
    """What there is to delete now. A room may keep its talk for fewer days than the server, never more."""
    found = []
    for room in network.rooms.values():
        days = room.settings.get("history", "")
        if days.isdecimal() and (not history.days or int(days) < history.days):
            found += _older(int(days), now_ms, room.buffer)
    if history.days:
        found += _older(history.days, now_ms)
    if history.event_days:
        found += _older(history.event_days, now_ms)[1:]
    return found


def _older(days: int, now_ms: int, buffer: str = "") -> list[Forgetting]:
    before = id_floor(now_ms - days * DAY_MS)
    return [Forgetting(before, buffer, happenings, RETENTION_STEP) for happenings in (False, True)]


class Retention:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._plan: deque[Forgetting] = deque()

    def start(self) -> None:
        """Look in an hour, and then every hour: a server that was just started has other things to do."""
        self._hub.scheduler.after(RETENTION_SECONDS, self._look)

    def _look(self) -> None:
        self._plan.extend(plan(self._hub.settings.history, self._hub.network, self._hub.clock.now_ms()))
        self._step()

    def _step(self) -> None:
        """Delete a little; what fails is tried again in an hour."""
        try:
            if self._plan and self._hub.store.forget(self._plan[0]) < RETENTION_STEP:
                self._plan.popleft()
        except StoreError as error:
            self._hub.log("history_not_deleted", code=error.code, detail=str(error))
            self._plan.clear()
        if self._plan:
            self._hub.scheduler.after(TEND_PAUSE_SECONDS, self._step)
        else:
            self.start()
