"""Where links come from: a socket to a server (stdio), or wires in the server's own process (HTTP).

What belongs here: making links, keeping them, letting idle ones go. What must not: what a link does.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256
from typing import Final, Protocol

from tertulia.agents.link import Link, LinkError
from tertulia.client.connection import READ_BYTES, open_streams
from tertulia.limits import MCP_IDLE_SECONDS, MCP_LINKS

SWEEP_SECONDS: Final = 60.0


class Wire(Protocol):
    """The client's end of a connection in memory."""

    def send(self, data: bytes) -> None: ...

    def close(self) -> None: ...


Connect = Callable[[Callable[[bytes], None], Callable[[str], None], str], Wire]
"""(on data, on loss, the address of who asks): a connection to the server in this process."""


class SocketLinks:
    """The one agent of `tertulia mcp`. After a loss the next call connects again, into the same rooms."""

    def __init__(self, url: str, token: str, rooms: Iterable[str] = ()) -> None:
        self._url, self._token = url, token
        self.rooms = dict.fromkeys(rooms)
        self._link: Link | None = None
        self._turn = asyncio.Lock()
        self._reading: asyncio.Task[None] | None = None

    async def get(self) -> Link:
        async with self._turn:
            if self._link is None or self._link.lost:
                self._link = await self._connected()
            return self._link

    async def _connected(self) -> Link:
        try:
            reader, writer = await open_streams(self._url)
        except (OSError, TimeoutError, ValueError) as error:
            raise LinkError(f"No connection to {self._url}: {error}. Is the server running?") from error
        link = Link(self._token, writer.write, writer.close)
        self._reading = asyncio.create_task(_read(reader, link))
        await link.ready()
        await rejoin(link, self.rooms)
        return link

    async def close(self) -> None:
        if self._link is not None:
            self._link.close()
        if self._reading is not None:
            self._reading.cancel()


async def _read(reader: asyncio.StreamReader, link: Link) -> None:
    reason = "closed by the server"
    try:
        while data := await reader.read(READ_BYTES):
            link.received(data)
    except OSError as error:
        reason = str(error)
    link.gone(reason)


class MemoryLinks:
    """The agents that come by HTTP: one link for each token, for as long as it is used."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._links: dict[str, Link] = {}  # by the hash of the token: the token itself is kept nowhere
        self._rooms: dict[str, dict[str, None]] = {}  # where each was, for when it comes back
        self._turns: dict[str, asyncio.Lock] = {}
        self._sweep: asyncio.TimerHandle | None = None

    async def get(self, token: str, address: str) -> Link:
        """Raises `LinkError`; `link.refused` says whether it is the token."""
        key = sha256(token.encode()).hexdigest()
        async with self._turns.setdefault(key, asyncio.Lock()):
            link = self._links.get(key)
            if link is None or link.lost:
                link = await self._made(key, token, address)
            link.used_at = time.monotonic()
            return link

    def rooms(self, link: Link) -> dict[str, None]:
        return self._rooms.setdefault(link.name, {})

    async def _made(self, key: str, token: str, address: str) -> Link:
        if len(self._links) >= MCP_LINKS:
            self._turns.pop(key, None)
            raise LinkError("Too many agents are connected by this door; try again in some minutes")
        holder: list[Link] = []
        early: list[bytes] = []

        def received(data: bytes) -> None:
            holder[0].received(data) if holder else early.append(data)

        wire = self._connect(received, lambda reason: holder[0].gone(reason) if holder else None, address)
        link = Link(token, wire.send, wire.close)
        holder.append(link)
        for data in early:
            link.received(data)
        self._links[key] = link
        try:
            await link.ready()
        except BaseException:
            self._forget(key)
            raise
        await rejoin(link, self.rooms(link))
        if self._sweep is None:
            self._sweep = asyncio.get_running_loop().call_later(SWEEP_SECONDS, self._look)
        return link

    def _look(self) -> None:
        """Let go of those that nobody has used for long, and of those that are lost."""
        now = time.monotonic()
        for key, link in list(self._links.items()):
            if link.lost or now - link.used_at > MCP_IDLE_SECONDS:
                self._forget(key)
        self._sweep = None
        if self._links:
            self._sweep = asyncio.get_running_loop().call_later(SWEEP_SECONDS, self._look)

    def _forget(self, key: str) -> None:
        self._turns.pop(key, None)
        link = self._links.pop(key, None)
        if link is not None:
            link.close()

    def close(self) -> None:
        if self._sweep is not None:
            self._sweep.cancel()
        for key in list(self._links):
            self._forget(key)


async def rejoin(link: Link, rooms: Iterable[str]) -> None:
    """Into the rooms where it was; one that does not let it in any more is no reason to stay away."""
    for room in list(rooms):
        with suppress(LinkError):
            await link.command("JOIN", room)
