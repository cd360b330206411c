"""A server of tools that a test can look into, and models that call them from a script.

What belongs here: what tests of tools share. What must not: tests.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from tertulia.models.provider import Request, ToolDefinition
from tertulia.models.scripted import Scripted
from tertulia.models.tools.tool import Arguments, Outcome, Tool, ToolFailed
from tertulia.models.tools.toolbox import Toolbox
from tertulia.protocol.line import parse
from tests.models.household import Household
from tests.support.town import Client

CAPS = "message-tags server-time echo-message"
DELETE = 'Voy. [[files__delete {"path": "/x"}]]'


class Shed:
    """`files/list` reads, `files/delete` changes the world, `files/fail` fails. `called`: (name,
    arguments)."""

    def __init__(self, *allow: str, says: str = "a.txt") -> None:
        self.allow = allow or ("*",)
        self.called: list[tuple[str, dict[str, Any]]] = []
        self._says = says

    async def tools(self) -> Sequence[Tool]:
        return [self._tool("list", False), self._tool("delete", True), self._tool("fail", False)]

    def _tool(self, name: str, changes: bool) -> Tool:
        async def run(member: object, question: object, arguments: Arguments) -> Outcome:
            self.called.append((name, dict(arguments)))
            await asyncio.sleep(0)
            if name == "fail":
                raise ToolFailed("it is broken")
            return Outcome(self._says)

        definition = ToolDefinition(f"files__{name}", name, {"type": "object"})
        return Tool(definition, f"files/{name}", changes, run, self.allow)

    async def close(self) -> None:
        pass


def scripted(*answers: str) -> Scripted:
    return Scripted(list(answers), tools=True)


def open_shed(house: Household, shed: Shed) -> None:
    """Its tools are there from now on, and approvals are a1, a2 ..."""
    house.circle.toolbox = Toolbox([shed])
    numbers = iter(range(1, 1_000))
    house.circle.approvals.new_id = lambda: f"a{next(numbers)}"


async def one_by_one(house: Household, client: Client, *lines: str) -> None:
    """Each when everybody has said what they had to say to the one before."""
    for line in lines:
        await house.say(client, line)


def notices(client: Client) -> list[str]:
    lines = [parse(text) for text in client.take()]
    return [line.params[1] for line in lines if line.command == "NOTICE"]


def said(client: Client, nick: str = "lola", target: str = "#r") -> list[str]:
    lines = [parse(text) for text in client.take()]
    return [
        line.params[1]
        for line in lines
        if line.command == "PRIVMSG"
        and (line.source or "").startswith(f"{nick}!")
        and line.params[0] == target
    ]


def results(request: Request) -> list[str]:
    """What the model was told of its calls."""
    return [result.text for turn in request.turns for result in turn.results]
