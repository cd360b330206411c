"""A server of tools for tests, written with the official SDK: `python -m tests.models.tools.mcp_example`,
over standard streams, or with a port over HTTP.

What belongs here: tools that behave and misbehave. What must not: tests.
"""

from __future__ import annotations

import asyncio
import os
import sys

from mcp.server.mcpserver import Image, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations

server = MCPServer("example")
READS = ToolAnnotations(read_only_hint=True)


@server.tool(annotations=READS)
def add(one: int, other: int) -> int:
    """The sum of two numbers."""
    return one + other


@server.tool(annotations=ToolAnnotations(read_only_hint=False))
def delete(path: str) -> str:
    """Deletes a file."""
    return f"deleted {path}"


@server.tool()
def says_nothing_of_itself() -> str:
    """It may do anything."""
    return "x"


@server.tool(annotations=READS)
def long(size: int) -> str:
    """A text of this size."""
    return "y" * size


@server.tool(annotations=READS)
def fails() -> str:
    """It fails."""
    raise ToolError("it is broken")


@server.tool(annotations=READS)
async def hangs() -> str:
    """It never ends."""
    await asyncio.Event().wait()
    return "never"


@server.tool(annotations=READS)
def dies() -> str:
    """The whole server goes."""
    os._exit(1)


@server.tool(annotations=READS)
def variables() -> str:
    """What it was given."""
    return " ".join(sorted(os.environ))


@server.tool(annotations=READS)
def picture() -> Image:
    """A picture."""
    return Image(data=b"\x89PNG", format="png")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        server.run("streamable-http", host="127.0.0.1", port=int(sys.argv[1]))
    else:
        server.run("stdio")
