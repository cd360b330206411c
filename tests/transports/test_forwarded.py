"""Behind a web proxy: whose word about an address is taken, and how much of it."""

from __future__ import annotations

import asyncio
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect

from tertulia.ports import Wire
from tertulia.transports.forwarded import Forwarded, client_of
from tertulia.transports.listen import open_listener
from tertulia.transports.proxy import OWN_MACHINE
from tests.contracts.door import House
from tests.transports.harness import context_in

PROXIES = (*OWN_MACHINE, ip_network("192.0.2.0/24"))


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("203.0.113.9", "203.0.113.9"), ("203.0.113.9:4000", "203.0.113.9"), ("2001:db8::7", "2001:db8::7"),
        ("[2001:db8::7]:4000", "2001:db8::7"), ("127.0.0.1,203.0.113.9", "203.0.113.9"),
        ("127.0.0.1,203.0.113.9,192.0.2.7", "203.0.113.9"), ("127.0.0.1", "127.0.0.1"), ("", ""),
        ("203.0.113.9,nobody", ""), ("nobody,203.0.113.9", "203.0.113.9"), ("unknown", ""),
    ],
)  # fmt: skip
def test_who_is_behind(told: str, found: str) -> None:
    """What a client has written itself stands at the front, and is not believed."""
    assert client_of([item for item in told.split(",") if item], PROXIES) == found


def seen(client: str, scheme: str, *headers: tuple[bytes, bytes]) -> tuple[str, str]:
    """The address and scheme that an application sees."""
    found: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        found.append((scope["client"][0], scope["scheme"]))

    scope = {"type": "http", "client": (client, 1), "scheme": scheme, "headers": list(headers)}
    asyncio.run(Forwarded(app, PROXIES)(scope, None, None))  # type: ignore[arg-type]
    return found[0]  # type: ignore[no-any-return]


def test_only_a_proxy_is_believed() -> None:
    told = (b"x-forwarded-for", b"203.0.113.9"), (b"x-forwarded-proto", b"https")
    assert seen("127.0.0.1", "ws", *told) == ("203.0.113.9", "wss")
    assert seen("192.0.2.9", "http", *told) == ("203.0.113.9", "https")
    assert seen("203.0.113.1", "ws", *told) == ("203.0.113.1", "ws")
    assert seen("127.0.0.1", "http") == ("127.0.0.1", "http")
    assert seen("127.0.0.1", "http", (b"x-forwarded-proto", b"http")) == ("127.0.0.1", "http")


@pytest.mark.parametrize(("query", "address", "local"), [("?proxy=1", "203.0.113.9", False),
                                                        ("", "127.0.0.1", True)])  # fmt: skip
def test_a_door_behind_a_proxy_knows_who_comes(tmp_path: Path, query: str, address: str, local: bool) -> None:
    async def talk() -> None:
        came: asyncio.Future[Wire] = asyncio.get_running_loop().create_future()
        house = House()

        def accept(wire: Wire) -> Any:
            came.set_result(wire)
            return house.accept(wire)

        listener = await open_listener(f"http://127.0.0.1:0{query}", accept, context_in(tmp_path))
        headers = {"X-Forwarded-For": "127.0.0.1, 203.0.113.9", "X-Forwarded-Proto": "https"}
        url = f"ws://127.0.0.1:{listener.port}/irc"
        async with connect(url, additional_headers=headers, proxy=None) as socket:
            await socket.send("hola")
            peer = (await asyncio.wait_for(came, 60)).peer
        assert (peer.address, peer.local, peer.secure) == (address, local, not local)
        await listener.close()

    asyncio.run(talk())
