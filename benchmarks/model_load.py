"""Those who listen: people in rooms, or clients of a proxy; every chunk is counted, and how old it was.

What belongs here: connections and counting. What must not: servers, tables.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from array import array
from collections.abc import Callable

from benchmarks.model_peers import MODELS_IN_A_ROOM, model_nick

TOKEN = re.compile(rb"s(\d+)n(\d+)t(\d+)")
READY_SECONDS = 60.0
ASKED_WITH = "message-tags batch tertulia.chat/stream"


class Ears:
    """What was heard by all. A chunk counts once for each who hears it."""

    def __init__(self, expected: int) -> None:
        self.expected = expected
        self.ages_us = array("L")  # microseconds from the provider's write to our read
        self.heard: dict[int, set[tuple[bytes, bytes]]] = {}  # by listener
        self.all_heard = asyncio.Event()

    def hear(self, listener: int, data: bytes) -> None:
        now = time.monotonic_ns()
        mine = self.heard.setdefault(listener, set())
        for stream, number, moment in TOKEN.findall(data):
            mine.add((stream, number))
            self.ages_us.append((now - int(moment)) // 1_000)
        if len(self.ages_us) >= self.expected:
            self.all_heard.set()

    @property
    def distinct(self) -> int:
        return sum(map(len, self.heard.values()))


class Listener(asyncio.Protocol):
    """One connection. Data is searched up to the last line end, so that no chunk is cut in two."""

    def __init__(self, number: int, ears: Ears, saw: Callable[[Listener, bytes], None]) -> None:
        self.number = number
        self.ready = asyncio.Event()
        self._ears = ears
        self._saw = saw
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        whole, end, self._rest = (self._rest + data).rpartition(b"\n")
        if end:
            if not self.ready.is_set() or b"PING" in whole:
                self._saw(self, whole)
            self._ears.hear(self.number, whole)


# --- People in rooms --------------------------------------------------------------------------------------


async def into_rooms(port: int, rooms: int, ears: Ears) -> list[Listener]:
    """Ten people in each room, all of them there."""
    people = [await _person(port, number, ears) for number in range(rooms * MODELS_IN_A_ROOM)]
    async with asyncio.timeout(READY_SECONDS):
        await asyncio.gather(*(person.ready.wait() for person in people))
    return people


async def ask_models(people: list[Listener], streams: int, ears: Ears, seconds: float) -> None:
    """As many as there are streams ask, each a model of their own. Returns when all was heard."""
    for person in people[:streams]:
        room, place = divmod(person.number, MODELS_IN_A_ROOM)
        person.transport.write(f"PRIVMSG #r{room} :{model_nick(room, place)}: tell me\r\n".encode())
    await _until_heard(ears, seconds)


async def _person(port: int, number: int, ears: Ears) -> Listener:
    room = number // MODELS_IN_A_ROOM

    def saw(listener: Listener, data: bytes) -> None:
        if b"PING" in data:
            listener.transport.write(b"PONG :x\r\n")
        if b" 366 " in data and not listener.ready.is_set():
            listener.ready.set()

    loop = asyncio.get_running_loop()
    _, person = await loop.create_connection(lambda: Listener(number, ears, saw), "127.0.0.1", port)
    hello = f"CAP REQ :{ASKED_WITH}\r\nNICK p{number}\r\nUSER u 0 * :p\r\nCAP END\r\nJOIN #r{room}\r\n"
    person.transport.write(hello.encode())
    return person


# --- Clients of a proxy -----------------------------------------------------------------------------------


async def to_proxy(port: int, streams: int, ears: Ears) -> list[Listener]:
    """A connection for each stream."""
    loop = asyncio.get_running_loop()
    found = []
    for number in range(streams):
        _, client = await loop.create_connection(
            lambda number=number: Listener(number, ears, lambda listener, data: None), "127.0.0.1", port
        )
        found.append(client)
    return found


async def ask_proxy(clients: list[Listener], streams: int, ears: Ears, seconds: float) -> None:
    """Each asks for one stream. Returns when all was heard."""
    body = json.dumps({"model": "m", "stream": True, "messages": [{"role": "user", "content": "tell me"}]})
    head = "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    request = f"{head}Authorization: Bearer none\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
    for client in clients[:streams]:
        client.transport.write(request)
    await _until_heard(ears, seconds)


async def _until_heard(ears: Ears, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await ears.all_heard.wait()
    except TimeoutError:
        pass  # what is missing is told as a loss
