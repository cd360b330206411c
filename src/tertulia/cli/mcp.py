"""`tertulia mcp`: an agent's tools for a client that starts programs (stdio).

What belongs here: the token from the environment, and words for whoever started it. What must not: MCP.
Standard output is the protocol's: everything else is said on standard error.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec

from tertulia.agents.http import McpDoor
from tertulia.agents.link import LinkError
from tertulia.agents.links import Wire
from tertulia.agents.stdio import serve
from tertulia.cli.language import say, told
from tertulia.ports import Accept, Peer
from tertulia.protocol.agents import name_in
from tertulia.transports.memory import memory_pair
from tertulia.transports.stream import is_loopback

TOKEN = "TERTULIA_AGENT_TOKEN"


def run(url: str, rooms: Sequence[str]) -> int:
    """Serve until standard input ends. The exit code."""
    token = os.environ.get(TOKEN, "").strip()
    if not name_in(token):
        return _fail(
            say(f"{TOKEN} has no agent's token: tertulia agents add makes one",
                f"{TOKEN} no lleva la ficha de un agente: tertulia agents add crea una")
        )  # fmt: skip
    if find_spec("mcp") is None:
        return _fail(
            say("The MCP door needs its SDK: pip install 'tertulia[mcp]'",
                "La puerta MCP necesita su SDK: pip install 'tertulia[mcp]'")
        )  # fmt: skip
    try:
        asyncio.run(serve(url, token, rooms))
    except LinkError as error:
        return _fail(told(error))
    except KeyboardInterrupt:
        pass
    return 0


def _fail(text: str) -> int:
    print(text, file=sys.stderr)
    return 1


# --- the same over HTTP, in a server ------------------------------------------------------------------


def mcp_door(accept: Accept) -> McpDoor | None:
    """The door at `/mcp`; None where the SDK is not installed."""
    if find_spec("mcp") is None:
        return None
    soon = asyncio.get_running_loop().call_soon

    def connect(received: Callable[[bytes], None], lost: Callable[[str], None], address: str) -> Wire:
        peer = Peer("mcp", address, secure=is_loopback(address), local=is_loopback(address))
        return memory_pair(accept, peer, on_data=received, on_lost=lost, soon=soon)

    return McpDoor(connect)
