"""The HTTP door: a page that says how to join, health, metrics, the web client's files, and WebSocket's way
in.

What belongs here: routes, headers, and how uvicorn's connections are bounded. What must not: IRC over
WebSocket (`websocket.py`), listening (`listen.py`). Starlette and uvicorn are imported when a door is opened,
not before: they take a quarter of a second.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tertulia.limits import (
    HTTP_CONNECTIONS,
    HTTP_HEADER_BYTES,
    HTTP_REQUEST_SECONDS,
    WEBSOCKET_MESSAGE_BYTES,
    WEBSOCKET_PING_SECONDS,
)
from tertulia.ports import Accept, Files
from tertulia.transports.client import client_routes
from tertulia.transports.files import file_routes
from tertulia.transports.forwarded import Forwarded
from tertulia.transports.invitation_page import invitation_page, over_page
from tertulia.transports.pages import PAGE_STYLE_HASH, landing_page
from tertulia.transports.proxy import Network
from tertulia.transports.stream import is_loopback
from tertulia.transports.websocket import serve_websocket

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send
    from starlette.websockets import WebSocket

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_NO_STORE = {"cache-control": "no-store"}

COMMON_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "x-frame-options": "DENY",
}
# The landing page has one style sheet, named by its hash, and no script. A web client is all of this origin;
# pictures alone may come from elsewhere, over TLS, and the client asks for one when somebody wants to see it.
PAGE_POLICY = (
    f"default-src 'none'; style-src '{PAGE_STYLE_HASH}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
CLIENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
    "img-src 'self' data: blob: https:; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def _healthy() -> dict[str, Any]:
    return {"ok": True}


def _no_metrics() -> tuple[bytes, str]:
    return b"", METRICS_TYPE


@dataclass(frozen=True, slots=True)
class HttpContext:
    """What the HTTP door is told by whoever wires it."""

    health: Callable[[], dict[str, Any]] = _healthy  # {"ok": bool, ...}: 200 when ok, else 503
    metrics: Callable[[], tuple[bytes, str]] = _no_metrics  # body and content type
    static: Path | None = None  # the web client's built files; the landing page stands in for them
    origins: frozenset[str] = frozenset()  # other sites whose pages may join: "https://host[:port]"
    metrics_public: bool = False  # else /metrics answers this machine only
    # Per-message compression. Off: lines are short, so it saves little, and each connection would hold two
    # zlib contexts (tens of KiB) and mix what others say with what its owner says in one (the CRIME attack's
    # ground).
    deflate: bool = False
    network: str = "Tertulia"
    room: str = "#tertulia"
    invited: Callable[[str], str] = lambda word: ""  # the room to which an invitation's word leads; "": none
    files: Files | None = None  # where files are handed in and out; None: nowhere
    mcp: ASGIApp | None = None  # the door for agents; None: none
    doors: Callable[[], list[str]] = list  # URIs that are open, for the landing page


class HttpDoor:
    """One HTTP listener's protocols: a factory for the loop, and the way to let go of idle connections."""

    def __init__(self, accept: Accept, context: HttpContext, proxies: tuple[Network, ...] = ()) -> None:
        """`proxies`: whose headers about addresses are believed."""
        from uvicorn.config import Config
        from uvicorn.server import ServerState

        http_class, websocket_class = _protocols()
        logging.getLogger("uvicorn.error").addFilter(_not_a_peers_mistake)
        app: ASGIApp = make_app(accept, context)
        self._config = Config(
            Forwarded(app, proxies) if proxies else app,
            loop="none",
            lifespan="off",
            interface="asgi3",
            http=http_class,
            ws=websocket_class,
            ws_max_size=WEBSOCKET_MESSAGE_BYTES,
            ws_ping_interval=WEBSOCKET_PING_SECONDS,
            ws_ping_timeout=WEBSOCKET_PING_SECONDS,
            ws_per_message_deflate=context.deflate,
            h11_max_incomplete_event_size=HTTP_HEADER_BYTES,
            log_config=None,
            log_level="error",  # "Invalid HTTP request received." is what scanners cause all day
            access_log=False,
            proxy_headers=False,  # `Forwarded` says whose word about an address is taken
            server_header=False,
            date_header=False,  # uvicorn's server refreshes it; `with_headers` does it here
            workers=1,
        )
        self._config.load()
        self._state = ServerState()

    def protocol(self) -> asyncio.Protocol:
        """A new connection's protocol.

        uvicorn's own server is not used: it takes the process's signals and wakes ten times a second.
        """
        protocol: asyncio.Protocol = self._config.http_protocol_class(  # type: ignore[call-arg]
            config=self._config,
            server_state=self._state,
            app_state={},
            _loop=asyncio.get_running_loop(),
        )
        return protocol

    def let_go(self) -> None:
        """Close the connections of browsers that wait for a next request. WebSockets belong to the server."""
        for connection in list(self._state.connections):
            if hasattr(connection, "cycle"):
                connection.shutdown()


def make_app(accept: Accept, context: HttpContext) -> ASGIApp:
    """The ASGI application of the door."""
    from starlette.applications import Starlette
    from starlette.routing import BaseRoute, Route, WebSocketRoute

    async def irc(websocket: WebSocket) -> None:
        await serve_websocket(websocket, accept, context.origins)

    routes: list[BaseRoute] = [
        WebSocketRoute("/", irc),
        WebSocketRoute("/irc", irc),
        Route("/health", _health(context)),
        Route("/metrics", _metrics(context)),
    ]
    routes.append(Route("/invite/{word}", _invitation(context)))
    if context.mcp is not None:
        routes.append(Route("/mcp", context.mcp))
    if context.files is not None:
        routes += file_routes(context.files)
    if context.static is None:
        routes.append(Route("/", _landing(context)))
    else:
        routes += client_routes(context.static, context.network, context.room)
    return with_headers(Starlette(routes=routes), PAGE_POLICY if context.static is None else CLIENT_POLICY)


def with_headers(app: ASGIApp, policy: str) -> ASGIApp:
    """`app` with the security headers and the date on every answer."""
    headers = {**COMMON_HEADERS, "content-security-policy": policy}
    fixed = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                date = (
                    b"date",
                    formatdate(usegmt=True).encode(),
                )  # RFC 9110 6.6.1: a server with a clock MUST
                own = list(message.get("headers", ()))
                said = {name for name, _ in own}  # a route knows better what its answer may do
                message["headers"] = [*own, *(one for one in fixed if one[0] not in said), date]
            await send(message)

        await app(scope, receive, send_with_headers)

    return wrapped


def _health(context: HttpContext) -> Callable[[Request], Response]:
    from starlette.responses import JSONResponse

    async def health(request: Request) -> Response:
        answer = context.health()
        return JSONResponse(answer, 200 if answer.get("ok", True) else 503, headers=_NO_STORE)

    return health  # type: ignore[return-value]


def _metrics(context: HttpContext) -> Callable[[Request], Response]:
    from starlette.responses import PlainTextResponse, Response

    async def metrics(request: Request) -> Response:
        if not (context.metrics_public or is_from_here(request)):
            return PlainTextResponse("Metrics are for this machine only.\n", 403, headers=_NO_STORE)
        body, content_type = context.metrics()
        return Response(body, media_type=content_type, headers=_NO_STORE)

    return metrics  # type: ignore[return-value]


def _landing(context: HttpContext) -> Callable[[Request], Response]:
    from starlette.responses import HTMLResponse

    async def landing(request: Request) -> Response:
        page = landing_page(context.network, context.room, context.doors())
        return HTMLResponse(page, headers={"cache-control": "no-cache"})

    return landing  # type: ignore[return-value]


def _invitation(context: HttpContext) -> Callable[[Request], Response]:
    from starlette.responses import HTMLResponse

    headers = {
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "content-security-policy": PAGE_POLICY,
    }

    async def invitation(request: Request) -> Response:
        word = request.path_params["word"]
        room = context.invited(word)
        if not room:
            return HTMLResponse(over_page(context.network), 404, headers=headers)
        page = invitation_page(context.network, room, word, context.doors())
        return HTMLResponse(page, headers=headers)

    return invitation  # type: ignore[return-value]


def is_from_here(request: Request) -> bool:
    """Whether a request comes from this machine itself, and not through a proxy that runs on it."""
    if request.client is None or not is_loopback(request.client.host.removeprefix("::ffff:")):
        return False
    return not any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-real-ip"))


def _not_a_peers_mistake(record: logging.LogRecord) -> bool:
    """uvicorn reports a text frame that is not UTF-8 with a traceback; whoever sends one gets their 1007, and
    the operator's log is not theirs to fill."""
    return not (record.exc_info and isinstance(record.exc_info[1], UnicodeDecodeError))


def _protocols() -> tuple[type[asyncio.Protocol], type[asyncio.Protocol]]:
    """uvicorn's two protocols, with the bounds that it leaves to a proxy in front."""
    from uvicorn.protocols.http.h11_impl import H11Protocol
    from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

    class BoundedHttp(H11Protocol):
        """Only so many connections, and each must get on with its request."""

        open_now = 0
        watch: asyncio.TimerHandle | None = None
        seen: object = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            BoundedHttp.open_now += 1
            if BoundedHttp.open_now > HTTP_CONNECTIONS:
                transport.abort()
            self.watch = self.loop.call_later(HTTP_REQUEST_SECONDS, self.check)

        def check(self) -> None:
            """Abort when nothing was asked since the last look and nothing is being answered."""
            answering = self.cycle is not None and not self.cycle.response_complete
            if self.cycle is self.seen and not answering:
                self.watch = None
                self.transport.abort()
                return
            self.seen = self.cycle
            self.watch = self.loop.call_later(HTTP_REQUEST_SECONDS, self.check)

        def handle_websocket_upgrade(self, event: Any) -> None:
            self.leave()
            super().handle_websocket_upgrade(event)

        def connection_lost(self, exc: Exception | None) -> None:
            self.leave()
            super().connection_lost(exc)

        def leave(self) -> None:
            if self.watch is not None:
                self.watch.cancel()
                self.watch = None
            BoundedHttp.open_now -= 1

    class CuttableWebSocket(WebSocketsSansIOProtocol):
        """ASGI has no word for cutting a connection off; a slow reader needs one."""

        async def run_asgi(self) -> None:
            self.scope["state"]["abort"] = self.transport.abort
            await super().run_asgi()

    return BoundedHttp, CuttableWebSocket
