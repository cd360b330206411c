"""MCP over Streamable HTTP: `/mcp` on the HTTP door, with `Authorization: Bearer <token>`.

What belongs here: the token in the header, and the SDK's session manager in our loop. What must not: tools.

Without sessions of MCP's own: each request bears the token, and what lasts is the agent's link and its inbox.
So a client needs nothing new after a restart of the server.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any, Final

from tertulia.agents.link import Link, LinkError
from tertulia.agents.links import Connect, MemoryLinks
from tertulia.protocol.agents import name_in

if TYPE_CHECKING:
    from mcp.server.mcpserver import Context
    from starlette.types import ASGIApp, Receive, Scope, Send

REQUEST_BYTES: Final = 262_144  # the longest text that a stream takes, four times over
BEARER: Final = "bearer "
NO_TOKEN: Final = (
    "This door is for agents: send Authorization: Bearer <token>; tertulia agents add makes one. / "
    "Esta puerta es para agentes: envía Authorization: Bearer <ficha>; tertulia agents add crea una."
)


class McpDoor:
    """An ASGI application. The SDK is loaded with the first request that bears a token."""

    def __init__(self, connect: Connect) -> None:
        self._links = MemoryLinks(connect)
        self._app: ASGIApp | None = None
        self._starting = asyncio.Lock()
        self._stop = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = token_of(scope)
        if not name_in(token):
            await _refuse(send, 401, NO_TOKEN)
            return
        try:
            await self._links.get(token, _address(scope))
        except LinkError as error:
            await _refuse(send, 401 if "refused the token" in str(error) else 503, str(error))
            return
        app = await self._started()
        await app(scope, receive, send)

    async def close(self) -> None:
        self._stop.set()
        self._links.close()
        if self._running is not None:
            await asyncio.wait([self._running], timeout=1.0)

    async def _started(self) -> ASGIApp:
        async with self._starting:
            if self._app is None:
                tools = await asyncio.to_thread(_load)  # half a second, while others talk
                ready: asyncio.Future[ASGIApp] = asyncio.get_running_loop().create_future()
                self._running = asyncio.create_task(self._run(tools, ready))
                self._app = await ready
            return self._app

    async def _run(self, tools: Any, ready: asyncio.Future[ASGIApp]) -> None:
        """The SDK's task group has to be entered and left by one task."""
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        server = tools.build(self._find)
        manager = StreamableHTTPSessionManager(
            server._lowlevel_server, json_response=True, stateless=True, max_request_body_size=REQUEST_BYTES
        )
        async with manager.run():
            ready.set_result(manager.asgi_app)
            await self._stop.wait()

    async def _find(self, ctx: Context) -> Link:
        token = _bearer((ctx.headers or {}).get("authorization", ""))
        link = await self._links.get(token, "")
        self._links.rooms(link).update(dict.fromkeys(room.name for room in link.view.rooms.values()))
        return link


def _load() -> Any:
    from tertulia.agents import tools

    logging.getLogger("mcp").setLevel(logging.WARNING)  # a tool that is refused is the agent's matter
    return tools


def token_of(scope: Scope) -> str:
    found = [value.decode("latin-1") for name, value in scope["headers"] if name == b"authorization"]
    return _bearer(found[0]) if found else ""


def _bearer(header: str) -> str:
    return header[len(BEARER) :].strip() if header[: len(BEARER)].lower() == BEARER else ""


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]).removeprefix("::ffff:") if client else "127.0.0.1"


async def _refuse(send: Send, status: int, text: str) -> None:
    body = json.dumps({"error": text}, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"cache-control", b"no-store"),
               (b"content-length", str(len(body)).encode())]  # fmt: skip
    if status == 401:
        headers.append((b"www-authenticate", b'Bearer realm="tertulia"'))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
