"""The web client's files over HTTP: what `web/` was built into, and what the page has to know of this server.

What belongs here: which file answers which path, compressed where the browser takes that, and for how long it
may be kept. What must not: how the files are made (`web/`, `hatch_build.py`), and what is said
(`websocket.py`).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import Route

BUILT = Path(__file__).parent / "static"
"""Where the package's build puts the client; never committed."""

ENCODINGS = (("br", ".br"), ("gzip", ".gz"))  # best first
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".png": "image/png",
}
HASHED = "/assets/"  # their names say what is in them, so they never change
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


@dataclass(frozen=True, slots=True)
class ClientFile:
    path: Path
    content_type: str
    encoded: tuple[tuple[str, Path], ...]  # the same, compressed: the encoding's name, the file


def built_client() -> Path | None:
    """The folder of the client, where one was built."""
    return BUILT if (BUILT / "index.html").is_file() else None


def files_of(folder: Path) -> dict[str, ClientFile]:
    """Every file by the path of its address: what is not in this table does not exist."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in TYPES:
            encoded = [(name, path.with_name(path.name + ending)) for name, ending in ENCODINGS]
            there = tuple((name, other) for name, other in encoded if other.is_file())
            address = "/" + path.relative_to(folder).as_posix()
            found[address] = ClientFile(path, TYPES[path.suffix], there)
    if "/index.html" in found:
        found["/"] = found["/index.html"]
    return found


def client_routes(folder: Path, network: str, room: str) -> list[Route]:
    """Routes for the client's files, and `/client.json`: the network's name and where one comes in."""
    from starlette.responses import JSONResponse, PlainTextResponse, Response
    from starlette.routing import Route

    files = files_of(folder)

    async def about(request: Request) -> Response:
        return JSONResponse({"network": network, "room": room}, headers={"cache-control": ASK_AGAIN})

    async def file(request: Request) -> Response:
        address = request.url.path
        one = files.get(address)
        if one is None:
            return PlainTextResponse("Not found. / No existe.\n", 404, headers={"cache-control": ASK_AGAIN})
        headers = {"vary": "accept-encoding"}
        headers["cache-control"] = FOR_EVER if address.startswith(HASHED) else ASK_AGAIN
        path = one.path
        for name, other in one.encoded:
            if name in accepted(request.headers.get("accept-encoding", "")):
                path, headers["content-encoding"] = other, name
                break
        body = await asyncio.to_thread(path.read_bytes)  # none is large: half a megabyte at most
        return Response(body, media_type=one.content_type, headers=headers)

    return [Route("/client.json", about), Route("/{path:path}", file)]


def accepted(header: str) -> set[str]:
    """The encodings that a browser takes (RFC 9110, 12.5.3); one with `q=0` it does not."""
    items = (item.replace(" ", "").partition(";") for item in header.lower().split(","))
    return {name for name, _, weight in items if weight not in ("q=0", "q=0.0", "q=0.00", "q=0.000")}
