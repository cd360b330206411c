"""What a configuration says about one server of tools.

What belongs here: the value. What must not: reading files (`config`), starting it (`mcp_server`).
"""

from __future__ import annotations

from dataclasses import dataclass

from tertulia.limits import TOOL_SECONDS


@dataclass(frozen=True, slots=True)
class McpSettings:
    """One `[[mcp]]` table: a command or an url."""

    name: str
    command: tuple[str, ...] = ()  # a program and its arguments, which speaks MCP over its standard streams
    url: str = ""  # MCP over HTTP
    env: tuple[str, ...] = ()  # variables that the command is given beside a few harmless ones
    key_env: str = ""  # the variable that holds the key sent to `url`, never the key
    timeout_seconds: float = TOOL_SECONDS
    allow: tuple[str, ...] = ()  # rules as in `allow`; none: nobody
    reading: tuple[str, ...] = ()  # tools that change nothing, whatever the server says of them
    changing: tuple[str, ...] = ()  # tools that change the world, whatever the server says of them
