"""The tools of the MCP door, on a server in this process, asked by the SDK's own client (docs/agents.md)."""

from __future__ import annotations

import asyncio

from mcp import Client

from tertulia.limits import MCP_WAIT_SECONDS
from tests.agents.house import House, refused, until, use, visit


def test_every_tool_says_what_it_does() -> None:
    async def deed(house: House, client: Client) -> None:
        found = {tool.name: tool.description or "" for tool in (await client.list_tools()).tools}
        assert list(found) == ["whoami", "rooms", "join", "members", "read", "search", "say", "say_start",
                               "say_append", "say_finish", "wait_for_events", "ack"]  # fmt: skip
        assert all(len(text) > 20 for text in found.values())

    visit(deed)


def test_where_and_who() -> None:
    async def deed(house: House, client: Client) -> None:
        house.person("bea")
        await use(client, "join", room="#tea")
        assert (await use(client, "whoami"))["rooms"] == ["#tea"]
        assert [one["room"] for one in (await use(client, "rooms"))["joined"]] == ["#tea"]
        there = (await use(client, "members", room="#tea"))["members"]
        assert {"nick": "Scout", "bot": True} in there and {"nick": "bea", "rank": "@"} in there

    visit(deed)


def test_an_event_is_answered_once() -> None:
    async def deed(house: House, client: Client) -> None:
        bea = house.person("bea")
        await use(client, "join", room="#tea")
        waiting = asyncio.create_task(use(client, "wait_for_events", seconds=20))
        bea.say("PRIVMSG", "#tea", "scout: one")
        bea.say("PRIVMSG", "#tea", "scout: two")
        events = (await waiting)["events"]
        assert [(one["event"], one["text"], one["talk"]) for one in events] == [
            ("addressed", "scout: one", "#tea"), ("addressed", "scout: two", "#tea"),
        ]  # fmt: skip
        claim = events[0]["claim"]
        assert (await use(client, "say", target="#tea", text="both", claim=claim))["id"]
        assert "754" in await refused(client, "say", target="#tea", text="again", claim=claim)
        assert (await use(client, "wait_for_events", seconds=0))["events"] == []
        assert bea.texts()[-1] == "both"

    visit(deed)


def test_ack_ends_a_claim() -> None:
    async def deed(house: House, client: Client) -> None:
        bea = house.person("bea")
        await use(client, "join", room="#tea")
        bea.say("PRIVMSG", "scout", "psst")
        (event,) = (await use(client, "wait_for_events", seconds=20))["events"]
        assert (event["event"], event["talk"]) == ("private", "bea")
        found = await use(client, "ack", claim=event["claim"], ids=[event["id"]])
        assert found["acknowledged"] == 1 and "STALE" in await refused(client, "ack", claim=event["claim"])

    visit(deed)


def test_the_wait_is_bounded() -> None:
    assert MCP_WAIT_SECONDS < 60, "clients of MCP give a tool a minute"

    async def deed(house: House, client: Client) -> None:
        await use(client, "join", room="#tea")
        before = asyncio.get_running_loop().time()
        assert (await use(client, "wait_for_events", seconds=0.05))["events"] == []
        assert asyncio.get_running_loop().time() - before < MCP_WAIT_SECONDS / 2

    visit(deed)


def test_a_long_text_is_one_message() -> None:
    text = "first\n\n" + "x" * 2_000

    async def deed(house: House, client: Client) -> None:
        await use(client, "join", room="#tea")
        made = await use(client, "say", target="#tea", text=text)
        (message,) = (await use(client, "read", room="#tea"))["messages"]
        assert (message["id"], message["text"], message["bot"]) == (made["id"], text, True)

    visit(deed)


def test_a_message_that_grows() -> None:
    async def deed(house: House, client: Client) -> None:
        bea = house.person("bea")
        await use(client, "join", room="#tea")
        bea.say("PRIVMSG", "#tea", "scout: count")
        (event,) = (await use(client, "wait_for_events", seconds=20))["events"]
        stream = (await use(client, "say_start", target="#tea", claim=event["claim"]))["stream"]
        for text in ("one, ", "two\n", "three"):
            await use(client, "say_append", stream=stream, text=text)
        made = await use(client, "say_finish", stream=stream)
        last = (await use(client, "read", room="#tea"))["messages"][-1]
        assert (last["id"], last["text"]) == (made["id"], "one, two\nthree")
        assert "say_start" in await refused(client, "say_append", stream=stream, text="more")
        assert (await use(client, "wait_for_events", seconds=0))["events"] == []

    visit(deed)


def test_reading_goes_on_from_a_cursor_and_searching_finds() -> None:
    async def deed(house: House, client: Client) -> None:
        bea = house.person("bea")
        await use(client, "join", room="#tea")
        for number in range(5):
            bea.say("PRIVMSG", "#tea", f"number {number}")
        await use(client, "whoami")
        first = await use(client, "read", room="#tea", limit=5)
        begin = first["messages"][1]["id"]
        page = await use(client, "read", room="#tea", since=begin, limit=2)
        assert [one["text"] for one in page["messages"]] == ["number 2", "number 3"] and page["more"]
        rest = await use(client, "read", room="#tea", since=page["cursor"], limit=2)
        assert [one["text"] for one in rest["messages"]] == ["number 4"] and not rest["more"]
        found = await use(client, "search", text='"number 3"', room="#tea")
        assert [one["text"] for one in found["messages"]] == ["number 3"]

    visit(deed)


def test_errors_say_what_to_do() -> None:
    async def deed(house: House, client: Client) -> None:
        assert "not for this room" in await refused(client, "join", room="#ale")
        assert "call join first" in await refused(client, "read", room="#tea")
        assert "call members" in await refused(client, "say", target="nobody", text="hi")
        assert "no text" in await refused(client, "say", target="#tea", text=" ")

    visit(deed)


def test_rights_hold_for_tools() -> None:
    async def deed(house: House, client: Client) -> None:
        await use(client, "join", room="#tea")
        assert "lacks the right say" in await refused(client, "say", target="#tea", text="hi")
        assert "lacks the right search" in await refused(client, "search", text="hi")

    visit(deed, rights=["read"])


def test_a_revoked_token_is_told_so() -> None:
    async def deed(house: House, client: Client) -> None:
        from tertulia.server.control import answer

        await use(client, "join", room="#tea")
        await answer(house.hub, {"do": "agents.revoke", "name": "scout"}, "shell:7")
        await asyncio.sleep(0)
        assert "refused the token" in await refused(client, "whoami")

    visit(deed)


def test_a_message_that_is_taken_back_while_it_grows() -> None:
    """Whoever appends to it is told by whom, and nothing else goes wrong."""

    async def deed(house: House, client: Client) -> None:
        bea = house.person("bea", "draft/message-redaction")  # who is first in the room operates it
        await until(lambda: "#tea" in house.hub.network.rooms)
        await use(client, "join", room="#tea")
        stream = (await use(client, "say_start", target="#tea"))["stream"]
        await use(client, "say_append", stream=stream, text="one, ")
        (growing,) = house.hub.streams._by_id
        bea.say("REDACT", "#tea", f"{growing:x}", "not here")
        await until(lambda: not house.hub.streams._by_id)
        await use(client, "read", room="#tea")  # a fence: what the agent was told before, it has heard
        assert "bea" in await refused(client, "say_append", stream=stream, text="two")
        assert "bea" in await refused(client, "say_finish", stream=stream)
        again = (await use(client, "say_start", target="#tea"))["stream"]
        await use(client, "say_append", stream=again, text="three")
        await use(client, "say_finish", stream=again)
        assert [one["text"] for one in (await use(client, "read", room="#tea"))["messages"]] == ["three"]

    visit(deed)
