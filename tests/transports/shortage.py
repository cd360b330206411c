"""A program: a listener whose process runs out of files, and what it is like afterwards, as JSON.

What belongs here: the crowd, and what can be measured from inside. What must not: judging it
(`test_listen.py`). A process of its own, because the limit holds for all of it; it waits in real time,
because the loop's own pause does.
"""

from __future__ import annotations

import asyncio
import json
import logging
import resource
import socket
import sys
import time

import uvloop

from tertulia.ports import Receiver, Wire
from tertulia.transports.listen import DoorContext, open_listener

FILES = 256
CROWD = 140  # each brings two files into this process, so half way there are none left
PAUSE_SECONDS = 1.3  # asyncio's own loop stops accepting for a second after a failure
ANSWER_SECONDS = 0.2


class Silent:
    """Says nothing to anybody."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def received(self, data: bytes) -> None: ...

    def lost(self, reason: str) -> None: ...


def welcome(wire: Wire) -> Receiver:
    return Silent(wire)


class Counting(logging.Handler):
    """Counts what an operator would read."""

    lines = 0

    def emit(self, record: logging.LogRecord) -> None:
        Counting.lines += 1


def crowd(port: int) -> list[socket.socket]:
    plugs: list[socket.socket] = []
    try:
        while len(plugs) < CROWD:
            plugs.append(socket.create_connection(("127.0.0.1", port)))
    except OSError:
        pass  # no file left for this end either
    return plugs


async def main() -> None:
    logging.getLogger().addHandler(Counting())
    loop = asyncio.get_running_loop()
    listener = await open_listener("irc://127.0.0.1:0", welcome, DoorContext())
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
    plugs = await loop.run_in_executor(None, crowd, listener.port)
    await asyncio.sleep(0.1)
    for plug in plugs:
        plug.close()
    before = time.process_time()
    await asyncio.sleep(PAUSE_SECONDS)
    spent = time.process_time() - before
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    try:
        alive = await asyncio.wait_for(reader.read(1), ANSWER_SECONDS) != b""
    except TimeoutError:
        alive = True  # nobody hung up
    print(json.dumps({"came": len(plugs), "logged": Counting.lines, "alive": alive, "spent": spent}))
    writer.close()
    await listener.close()


if __name__ == "__main__":
    make = uvloop.new_event_loop if sys.argv[1] == "uvloop" else asyncio.new_event_loop
    with asyncio.Runner(loop_factory=make) as runner:
        runner.run(main())
