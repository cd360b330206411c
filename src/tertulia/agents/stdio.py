"""MCP over standard input and output: what `tertulia mcp` runs.

What belongs here: one agent, one server, one client of MCP. What must not: arguments (`cli`), tools.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tertulia.agents.link import Link
from tertulia.agents.links import SocketLinks

if TYPE_CHECKING:
    from mcp.server.mcpserver import Context


async def serve(url: str, token: str, rooms: Iterable[str]) -> None:
    """Until the client closes its end. Raises `LinkError` when the server does not let the agent in."""
    from tertulia.agents.tools import build

    links = SocketLinks(url, token, rooms)
    await links.get()  # what is wrong is said before MCP begins

    async def find(_: Context) -> Link:
        link = await links.get()
        links.rooms.update(dict.fromkeys(room.name for room in link.view.rooms.values()))
        return link

    try:
        await build(find).run_stdio_async()
    finally:
        await links.close()
