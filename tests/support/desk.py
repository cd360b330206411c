"""A place for files in a town: the desk, its folder, and HTTP to it without a socket.

What belongs here: putting them together. What must not: tests.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from tertulia.commands.settings import Files, Service
from tertulia.commands.tokens import FILEHOST
from tertulia.ports import Receiver, Wire
from tertulia.server.files import FileDesk
from tertulia.store.folder import FileFolder
from tertulia.transports.http import HttpContext, make_app
from tests.support.town import Client, Town

BASE = "http://127.0.0.1:8080"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def nobody(wire: Wire) -> Receiver:
    raise AssertionError("nobody joins here")


class Desk:
    """`town` has the hub; `ask` speaks HTTP to the desk as a browser at `address` would."""

    def __init__(self, folder: Path, town: Town | None = None, **bounds: Any) -> None:
        self.town = town if town is not None else Town()
        self.folder = FileFolder(folder)
        self.desk = FileDesk(self.town.hub, self.folder)
        self.desk.start()
        self.town.hub.settings = replace(
            self.town.hub.settings,
            files=Files(**bounds),
            filehost=f"{BASE}/files",
            services=(Service(FILEHOST, f"{BASE}/files", "files", guests="local"),),
        )
        self.app = make_app(nobody, HttpContext(files=self.desk))

    def ask(self, method: str, path: str, address: str = "127.0.0.1", **words: Any) -> httpx.Response:
        return asyncio.run(self._ask(method, path, address, words))

    async def _ask(self, method: str, path: str, address: str, words: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app, client=(address, 4321))
        async with httpx.AsyncClient(transport=transport, base_url=BASE, trust_env=False) as client:
            return await client.request(method, path, **words)

    def member(self, nick: str = "ana", *rooms: str) -> Client:
        """Somebody with an account of the same name."""
        client = self.town.join(nick, *rooms, caps="batch standard-replies")
        client.say("NS REGISTER longpassword")
        return client

    def hand_in(self, data: bytes = PNG, name: str = "foto.png", who: str = "ana", **headers: str) -> str:
        """Put a file there by password; its path."""
        said = {"content-disposition": f'attachment; filename="{name}"', **basic(who), **headers}
        answer = self.ask("POST", "/files", content=data, headers=said)
        assert answer.status_code == 201, answer.text
        return answer.headers["location"].removeprefix(BASE)


def basic(name: str, password: str = "longpassword") -> dict[str, str]:
    return {"authorization": "Basic " + b64encode(f"{name}:{password}".encode()).decode()}


def bearer(client: Client, line: str = "TOKEN GENERATE FILEHOST") -> dict[str, str]:
    """The header with a token that this client has asked for."""
    answer = client.say(line)[-1]
    return {"authorization": f"Bearer {answer.partition(' :')[2]}"}


def in_pieces(pieces: int, each: bytes, then: Callable[[], None] = lambda: None) -> AsyncIterator[bytes]:
    """A body without a length."""

    async def body() -> AsyncIterator[bytes]:
        for _ in range(pieces):
            yield each
        then()

    return body()
