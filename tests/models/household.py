"""A real server with real models in one process: the hub of `tests.support.town`, a `Host`, wires in memory.

What belongs here: what tests of several models together share. What must not: tests.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tertulia.cli.readers import HubReaders
from tertulia.models.circle import Circle
from tertulia.models.host import Host, Ways
from tertulia.models.notebook import Notebook
from tertulia.models.provider import Provider
from tertulia.models.settings import ModelSettings
from tertulia.models.treasury import Treasury
from tertulia.ports import Peer
from tertulia.store.memory import MemoryStore
from tertulia.transports.memory import memory_pair
from tests.support.town import Client, Town

TRUSTED = Peer("memory", "localhost", secure=True, local=True, trusted=True)
QUIET_TURNS = 60  # of the loop without a byte: everybody has said what they had to say


class Household:
    """`town` with models in #r. People join with `town.join`."""

    def __init__(self, *models: str, providers: dict[str, Provider] | None = None, **more: Any) -> None:
        notebook: Notebook | None = more.pop("notebook", None)
        treasury: Treasury | None = more.pop("treasury", None)
        self._thinkers: dict[str, Provider] = more.pop("thinkers", {})  # behind ledger, breakers and all
        store = MemoryStore()
        store.commit(list(more.pop("accounts", ())))
        self.town = more.pop("town", None) or Town(store, **more)
        self.readers = HubReaders(self.town.hub)
        self.clients: dict[str, Client] = {}
        if treasury is not None:
            treasury.names_of = self.readers.names_of
        self.host = Host(
            [ModelSettings(nick, "scripted", rooms=("#r",)) for nick in models],
            lambda received: memory_pair(
                self.town.hub.accept, TRUSTED, on_data=received, soon=asyncio.get_running_loop().call_soon
            ),
            {},
            Path("none"),
            ways=Ways(monotonic=self.town.clock.monotonic, wall=self.wall, sleep=self._never),
            notebook=notebook,
            readers=self.readers,
            treasury=treasury,
        )
        self.town.hub.keepsakes = self.host.circle.keepsakes
        self._providers = providers or {}

    def wall(self) -> float:
        return self.town.clock.ms / 1000

    async def _never(self, seconds: float) -> None:
        await asyncio.Event().wait()

    @property
    def circle(self) -> Circle:
        return self.host.circle

    async def start(self) -> None:
        self.host.start()
        for member in self.circle.members:
            if member.settings.nick in self._providers:
                member.ready(self._providers[member.settings.nick])
        for seat in self.host._seats:
            if seat.settings.nick in self._thinkers:
                seat.ready(self._thinkers[seat.settings.nick])
        await self.settle()

    def join(self, nick: str, *rooms: str) -> Client:
        """As the town's, and to be had by its nick."""
        self.clients[nick] = self.town.join(nick, *rooms)
        return self.clients[nick]

    def kept_as(self, room: str) -> str:
        return self.readers.kept_as(room)

    async def settle(self) -> None:
        """Until nobody has anything to say."""
        quiet = 0
        while quiet < QUIET_TURNS:
            busy = bool(self.town.scheduler.ready)
            self.town.run()
            await asyncio.sleep(0)
            busy |= any(member.desk.speaking or member.desk.waiting for member in self.circle.members)
            quiet = 0 if busy else quiet + 1

    async def turns(self) -> None:
        """Some turns of the loop, while a model still speaks."""
        for _ in range(2 * QUIET_TURNS):
            self.town.run()
            await asyncio.sleep(0)

    async def say(self, client: Client, *lines: str) -> None:
        client.send(*lines)
        await self.settle()


def in_house(scene: Callable[[Household], Awaitable[None]], *models: str, **more: Any) -> None:
    """Run a scene with these models seated, and take the house down after it."""

    async def go() -> None:
        house = Household(*models, **more)
        await house.start()
        try:
            await scene(house)
        finally:
            await house.host.close()

    asyncio.run(go())
