"""The server from the outside: its configuration, its process, its memory, and what its log must never say.

What belongs here: what is known of a server without speaking to it. What must not: clients (`people.py`),
tests.
"""

from __future__ import annotations

import json
import os
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.process import WAIT_SECONDS, Server, running
from tests.whole.people import close_all

MIB = 1024 * 1024
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
# What a process may grow by for reasons of its own: libraries that are loaded late, SQLite's cache (16 MB),
# and pages that the allocator keeps for later.
SLACK_BYTES = 48 * MIB

URIS = {
    "irc": "irc://127.0.0.1:0",
    "ircs": "ircs://127.0.0.1:0",
    "unix": "unix://{folder}/s",
    "http": "http://127.0.0.1:0",
    "plain": "plain://127.0.0.1:0",
}

Start = Callable[..., Server]
"""`start(doors=..., **settings)`: a running server, ended with the test. See `written`."""


def written(
    folder: Path,
    doors: Iterable[str] = ("irc",),
    durability: str = "normal",
    models: str = "models = []",
    more: str = "",
    **limits: object,
) -> Path:
    """A configuration in this folder. `more`: lines for `[server]` and sections after it."""
    uris = [URIS[door].format(folder=folder) for door in dict.fromkeys(doors)]
    bounds = [f"{key} = {json.dumps(value)}" for key, value in limits.items()]
    head = models if models.startswith("models") else ""
    lines = [
        head,
        "[limits]",
        *bounds,
        "[store]",
        f'durability = "{durability}"',
        "" if head else models,
        "[server]",
        f"listen = {json.dumps(uris)}",
        f"data = {json.dumps(str(folder / 'data'))}",
        more,
    ]
    file = folder / "tertulia.toml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    file.chmod(0o600)
    return file


def resident(server: Server) -> int:
    """Bytes of memory that the process has now (statm, proc(5): the second number, in pages)."""
    return int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]) * PAGE_BYTES


def health(server: Server) -> dict[str, object]:
    """What the health page says, whichever status it has."""
    opener = urllib.request.build_opener(_AnyStatus)
    with opener.open(server.doors["http"] + "/health", timeout=WAIT_SECONDS) as answer:
        found: dict[str, object] = json.loads(answer.read())
    return found


def eventually(question: Callable[[], bool], pause: Callable[[], object]) -> None:
    """Ask until it is so. `pause` is something that takes its time by waiting for the server."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not question():
        assert time.monotonic() < deadline, "it never came to be"
        pause()


def lines_with(server: Server, words: str) -> list[str]:
    return [line for line in server.log if words in line]


@contextmanager
def kept(folder: Path, **settings: object) -> Iterator[Server]:
    """A server that several tests use, one after the other; see `alone`."""
    with running("--config", str(written(folder, **settings))) as server:  # type: ignore[arg-type]
        yield server
    assert lines_with(server, "Traceback") == [], "\n".join(server.log)


def alone(server: Server, connections: int = 0) -> Iterator[Server]:
    """It for one test, whose people are all gone before the next; `connections` are there always.

    The server has an http door, which counts them.
    """
    yield server
    close_all()
    eventually(lambda: health(server)["connections"] == connections, lambda: None)


class _AnyStatus(urllib.request.HTTPErrorProcessor):
    """503 is an answer too."""

    def http_response(self, request: object, response: object) -> object:
        return response
