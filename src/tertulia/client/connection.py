"""The shell with sockets: one connection over TCP, TLS or a Unix socket, that comes back when it is lost.

What belongs here: addresses, sockets, and waiting before another try. What must not: the meaning of a line.
"""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Final
from urllib.parse import unquote, urlsplit

from tertulia.client.events import Closed, Event, Refused, Registered
from tertulia.client.session import Session

READ_BYTES: Final = 65_536
FIRST_WAIT_SECONDS: Final = 1.0
LONGEST_WAIT_SECONDS: Final = 60.0  # long enough to spare a server that restarts, short enough to wait for
CONNECT_SECONDS: Final = 15.0
_PORTS: Final = {"irc": 6667, "ircs": 6697}

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def wait_before(attempt: int, chance: float) -> float:
    """Seconds before the given try (1, 2, ...): doubled each time, bounded, between half and all of it by
    `chance` (0 to 1), so that a thousand clients do not come back in the same second."""
    return min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2.0 ** min(attempt - 1, 16)) * (0.5 + chance / 2)


async def open_streams(url: str, tls: ssl.SSLContext | None = None) -> Streams:
    """Connect to `irc://host:port`, `ircs://host:port` or `unix:///path`.

    Raises OSError (refused, unknown host, TLS failure), TimeoutError, or ValueError for another scheme.
    """
    parts = urlsplit(url)
    async with asyncio.timeout(CONNECT_SECONDS):
        if parts.scheme == "unix":
            return await asyncio.open_unix_connection(unquote(parts.path))
        if parts.scheme not in _PORTS:
            raise ValueError(f"not an address of a chat server: {url!r} (irc://, ircs:// or unix://)")
        context = (tls or ssl.create_default_context()) if parts.scheme == "ircs" else None
        host, port = parts.hostname or "127.0.0.1", parts.port or _PORTS[parts.scheme]
        return await asyncio.open_connection(host, port, ssl=context)


class Connection:
    """A session that stays alive. Iterate `events()` from one task; `send` from anywhere in the same loop."""

    def __init__(
        self,
        url: str,
        make_session: Callable[[], Session],
        *,
        tls: ssl.SSLContext | None = None,
        reconnect: bool = True,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.url = url
        self.session = make_session()
        self._make_session = make_session
        self._tls = tls
        self._reconnect = reconnect
        self._sleep = sleep
        self._chance = chance
        self._writer: asyncio.StreamWriter | None = None
        self._closing = False

    def send(self, command: str, *params: str, tags: Mapping[str, str] | None = None) -> None:
        """Say something now; dropped when there is no connection."""
        if self._writer is None or self._writer.is_closing():
            return
        self.session.send(command, *params, tags=tags)
        self._writer.write(self.session.take())

    async def events(self) -> AsyncIterator[Event]:
        """Everything that happens, over all reconnections, until `close()` or, without reconnecting, the
        first end.

        A `Closed` says why a connection ended and when the next try is; a refused name ends it for good.
        """
        attempt = 0
        while not self._closing:
            reason = "closed"
            try:
                async for event in self._once():
                    if isinstance(event, Registered):
                        attempt = 0
                    if isinstance(event, Closed):
                        reason = event.reason
                        continue
                    yield event
                    if isinstance(event, Refused):
                        return
            except (OSError, TimeoutError) as error:
                reason = str(error) or type(error).__name__
            if self._closing or not self._reconnect:
                yield Closed(reason)
                return
            attempt += 1
            seconds = wait_before(attempt, self._chance())
            yield Closed(reason, seconds)
            await self._sleep(seconds)
            self.session = self._make_session()

    async def _once(self) -> AsyncIterator[Event]:
        reader, writer = await open_streams(self.url, self._tls)
        self._writer = writer
        try:
            writer.write(self.session.take())
            while data := await reader.read(READ_BYTES):
                events = self.session.receive(data)
                writer.write(self.session.take())
                await writer.drain()
                for event in events:
                    yield event
        finally:
            self._writer = None
            writer.close()
            with suppress(OSError, ssl.SSLError):
                await writer.wait_closed()

    async def close(self, reason: str = "") -> None:
        """QUIT, and let `events()` end. No reconnection follows."""
        self._closing = True
        if self._writer is not None:
            self.send("QUIT", reason)
            self._writer.close()
