"""Inboxes: how far each agent has got, read once from the store and kept with each commit.

What belongs here: places in memory, and the form in which claimed messages are told. What must not: what is
an event (`commands.inbox`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tertulia.commands.turn import NotStored
from tertulia.protocol.agents import Place
from tertulia.protocol.capabilities import EVENT_PLAYBACK
from tertulia.protocol.history import Message
from tertulia.server.playback import Playback

if TYPE_CHECKING:
    from tertulia.server.hub import Hub

BATCH_TYPE = "tertulia.chat/inbox"


class Claimed(Playback):
    """Claimed events as one answer; reactions are told whatever was negotiated: they were asked for."""

    __slots__ = ()

    def render(self, capabilities: int) -> str:
        return super().render(capabilities | EVENT_PLAYBACK)


class Inboxes:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._places: dict[str, dict[str, Place]] = {}  # by agent and buffer

    def places(self, agent: str) -> dict[str, Place]:
        """How far an agent (folded name) has got, by buffer. Raises `NotStored`."""
        found = self._places.get(agent)
        if found is None:
            kept = self._hub.read(lambda: self._hub.store.places(agent))
            found = self._places[agent] = {place.buffer: place for place in kept}
        return found

    def begin(self, place: Place) -> None:
        """Have a first place kept now. Raises `NotStored`."""
        if (error := self._hub.commit([place])) is not None:
            raise NotStored(error.code)
        self.places(place.agent)[place.buffer] = place

    def put(self, place: Place) -> None:
        """Have it kept with the next commit, together with what is said in this turn. Raises `NotStored`."""
        self.places(place.agent)[place.buffer] = place
        self._hub.keep(place)

    def forget(self) -> None:
        """What is in memory may not be what is stored: a commit failed, or an account was deleted."""
        self._places.clear()

    def entry(self, target: str, messages: Sequence[Message]) -> Claimed:
        settings, ids = self._hub.settings, self._hub.ids
        return Claimed(settings.name, ids.token(), f"{BATCH_TYPE} {target}", messages)
