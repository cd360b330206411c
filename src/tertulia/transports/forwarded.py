"""Behind a web proxy: whom a request really comes from, as the headers of that proxy say.

What belongs here: believing `X-Forwarded-For` and `X-Forwarded-Proto` of those who are named in the door's
`?proxy=`, and of nobody else. What must not: the PROXY protocol (`proxy.py`), what a request asks for.

A proxy adds to the end of the list whom it was asked by; whatever stands before that may have been written by
anybody. So the list is read from its end, past the proxies that are ours, to the first who is none.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

from tertulia.transports.proxy import Network, is_trusted

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

SECURE = {"http": "https", "ws": "wss"}


class Forwarded:
    """An application that sees the people behind the proxies instead of these."""

    def __init__(self, app: ASGIApp, proxies: tuple[Network, ...]) -> None:
        self._app = app
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if client is not None and is_trusted(client[0], self._proxies):
            scope = {**scope, **self._told(scope)}
        await self._app(scope, receive, send)

    def _told(self, scope: Scope) -> dict[str, Any]:
        found: dict[str, Any] = {}
        address = client_of(_values(scope, b"x-forwarded-for"), self._proxies)
        if address:
            found["client"] = (address, 0)
        if _values(scope, b"x-forwarded-proto")[-1:] in (["https"], ["wss"]):
            found["scheme"] = SECURE.get(scope["scheme"], scope["scheme"])
        return found


def client_of(addresses: list[str], proxies: tuple[Network, ...]) -> str:
    """The last who is none of the proxies, the first when all of them are; "" where it cannot be told."""
    found = ""
    for text in reversed(addresses):
        address = _address(text)
        if address is None:
            return ""
        found = address
        if not is_trusted(address, proxies):
            break
    return found


def _values(scope: Scope, name: bytes) -> list[str]:
    """What a header says in all its lines."""
    lines = [value.decode("latin1") for key, value in scope["headers"] if key == name]
    return [item.strip() for item in ",".join(lines).split(",") if item.strip()]


def _address(text: str) -> str | None:
    """`192.0.2.7`, `192.0.2.7:4000`, `2001:db8::7` or `[2001:db8::7]:4000`, without the port."""
    if text[:1] == "[":
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return ipaddress.ip_address(text).compressed
    except ValueError:
        return None
