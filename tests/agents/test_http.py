"""MCP over Streamable HTTP: the token in the header, asked by the SDK's own client."""

from __future__ import annotations

import asyncio

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from tertulia.agents.http import McpDoor
from tests.agents.house import House, use


def through(door: McpDoor, token: str) -> httpx2.AsyncClient:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=door), headers=headers)


@pytest.mark.parametrize("token", ["", "nonsense", "tta.Scout." + "A" * 43])
def test_without_its_token_nobody_comes_in(token: str) -> None:
    async def within() -> None:
        house = House()
        good = await house.let_in()
        door = McpDoor(house.connect)
        async with through(door, token) as client:
            answer = await client.post("http://here/mcp", json={})
        assert answer.status_code == 401 and answer.headers["www-authenticate"].startswith("Bearer")
        assert good not in answer.text and (not token or token not in answer.text)
        await door.close()

    asyncio.run(within())


def test_tools_by_http() -> None:
    async def within() -> None:
        house = House()
        door = McpDoor(house.connect)
        bea = house.person("bea")
        async with through(door, await house.let_in()) as http:
            for text in ("one", "two"):  # two clients, one after the other: what lasts is the agent
                async with Client(streamable_http_client("http://here/mcp", http_client=http)) as client:
                    await use(client, "join", room="#tea")
                    await use(client, "say", target="#tea", text=text)
        assert bea.texts() == ["one", "two"]
        assert len(house.hub.connections) == 2
        await door.close()

    asyncio.run(within())
