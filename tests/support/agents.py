"""Agents for tests: one that is let in, and its token.

What belongs here: what several tests of agents need. What must not: what is tested.
"""

from __future__ import annotations

import asyncio
from typing import Any

from tertulia.server.control import answer
from tests.support.accounts import account, plain
from tests.support.town import Client, Town

CAPS = (
    "message-tags standard-replies batch server-time draft/chathistory draft/multiline tertulia.chat/stream"
)


def ask(town: Town, do: str, **args: Any) -> dict[str, Any]:
    """What the shell is answered."""
    found = asyncio.run(answer(town.hub, {"do": do, **args}, "shell:7"))
    town.run()
    return found


def let_in(town: Town, name: str = "Scout", **args: Any) -> str:
    """The token of a new agent of Ana's, in #tea unless other rooms are given."""
    if town.network.accounts.named("Ana") is None:
        account(town, "Ana")
    given = {"owner": "ana", "rooms": ["#tea"], "rights": [], "expires": "30d", **args}
    token = ask(town, "agents.add", name=name, **given)["token"]
    assert isinstance(token, str)
    return token


def come(town: Town, token: str, name: str = "Scout", *rooms: str, caps: str = CAPS) -> Client:
    """The agent, logged in, in these rooms."""
    client = town.connect()
    client.say("CAP LS 302", f"CAP REQ :sasl {caps}", "AUTHENTICATE PLAIN",
               f"AUTHENTICATE {plain(name, token)}")  # fmt: skip
    client.nick = name
    client.say(f"NICK {name}", f"USER {name} 0 * :{name}", "CAP END", *(f"JOIN {room}" for room in rooms))
    return client
