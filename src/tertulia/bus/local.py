"""One node: an event is applied at once, and its outcome is there without giving up the turn."""

from __future__ import annotations

from collections.abc import Callable

from tertulia.state.changes import Change
from tertulia.state.events import Event


class LocalBus:
    """`apply` is the network's own; the bus knows nothing of what it does."""

    def __init__(self, apply: Callable[[Event], tuple[Change, ...]]) -> None:
        self._apply = apply

    async def propose(self, event: Event) -> tuple[Change, ...]:
        return self._apply(event)
