"""A server of tools that changes the world where a test can see it: `python mcp_notes.py <folder>`, over
standard streams. It is run as a file: the program that starts it gives it no path to our modules.

What belongs here: that tool. What must not: tests.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mcp.server.mcpserver import MCPServer

server = MCPServer("notes")


@server.tool()
def write(name: str, text: str) -> str:
    """Writes a note. It says nothing of itself, so it may change the world."""
    (Path(sys.argv[1]) / Path(name).name).write_text(text, encoding="utf-8")
    return f"written: {name}"


if __name__ == "__main__":
    server.run("stdio")
