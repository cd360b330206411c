"""A server in this process and an agent's tools on it, for tests: in one loop, without sockets.

What belongs here: putting both together. What must not: what is tested.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from mcp import Client

from tertulia.agents import tools
from tertulia.agents.links import MemoryLinks
from tertulia.bus.local import LocalBus
from tertulia.cli.world import LoopScheduler, SystemClock, SystemIds
from tertulia.client.events import Registered
from tertulia.client.session import Session
from tertulia.commands.settings import Bounds, ServerSettings
from tertulia.ports import Peer
from tertulia.protocol.accounts import AccountRecord
from tertulia.server.control import answer
from tertulia.server.hub import Hub
from tertulia.state.events import RegisterAccount
from tertulia.state.network import Network
from tertulia.store.memory import MemoryStore
from tertulia.transports.memory import MemoryClient, memory_pair
from tests.support.town import PlainPasswords

PEER = Peer("mcp", "127.0.0.1", local=True)


class House:
    """Make it inside the loop."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        network, self.store = Network(), MemoryStore()
        self.hub = Hub(
            ServerSettings(bounds=Bounds(flood=False)), network=network, bus=LocalBus(network.apply),
            store=self.store, clock=SystemClock(), ids=SystemIds(0), passwords=PlainPasswords(),
            scheduler=LoopScheduler(self.loop), log=lambda *_, **__: None,
        )  # fmt: skip
        self.hub.start()
        network.apply(RegisterAccount(AccountRecord("ana", "Ana", 1)))
        self.links = MemoryLinks(self.connect)

    def connect(
        self, received: Callable[[bytes], None], lost: Callable[[str], None], address: str
    ) -> MemoryClient:
        return memory_pair(self.hub.accept, PEER, on_data=received, on_lost=lost, soon=self.loop.call_soon)

    async def let_in(self, name: str = "Scout", **args: Any) -> str:
        given = {"name": name, "owner": "ana", "rooms": ["#tea"], "expires": "1d", **args}
        token: str = (await answer(self.hub, {"do": "agents.add", **given}, "shell:7"))["token"]
        return token

    def tools(self, token: str) -> Client:
        return Client(tools.build(lambda ctx: self.links.get(token, "")))

    def person(self, nick: str, *wanted: str) -> Person:
        """`wanted`: capabilities, beside the usual ones."""
        return Person(self, nick, wanted)


class Person:
    """Somebody in #tea."""

    def __init__(self, house: House, nick: str, wanted: tuple[str, ...] = ()) -> None:
        self.heard: list[Any] = []
        self.session = Session(nick, wanted=("message-tags", "echo-message", *wanted))
        self._wire = house.connect(self._received, lambda reason: None, "")
        self.say()

    def say(self, *command: str, tags: dict[str, str] | None = None) -> None:
        if command:
            self.session.send(*command, tags=tags)
        self._wire.send(self.session.take())

    def _received(self, data: bytes) -> None:
        for event in self.session.receive(data):
            self.heard.append(event)
            if isinstance(event, Registered):
                self.session.send("JOIN", "#tea")
        if out := self.session.take():
            self._wire.send(out)

    def texts(self) -> list[str]:
        return [event.text for event in self.heard if getattr(event, "kind", "") == "PRIVMSG"]


def visit(deed: Callable[[House, Client], Awaitable[None]], **args: Any) -> None:
    """A server, an agent that is in #tea by its tools, and what is to be tested."""

    async def within() -> None:
        house = House()
        token = await house.let_in(**args)
        async with house.tools(token) as client:
            await deed(house, client)
        house.links.close()

    asyncio.run(within())


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop turn; what never comes is a failure."""
    for _ in range(100_000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came to that")


async def use(client: Client, tool: str, **args: Any) -> dict[str, Any]:
    """What a tool gives; an error of it is an assertion."""
    result = await client.call_tool(tool, args)
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return result.structured_content


async def refused(client: Client, tool: str, **args: Any) -> str:
    result = await client.call_tool(tool, args)
    assert result.is_error
    return str(getattr(result.content[0], "text", ""))
