"""Agents from the outside: MCP over pipes and HTTP, deaths of either side, the examples of docs/agents.md."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from tertulia.limits import MCP_WAIT_SECONDS
from tests.agents.house import use
from tests.cli.process import WAIT_SECONDS, Server
from tests.house.tree import ROOT
from tests.whole.outside import Start
from tests.whole.people import Person, arrive

pytestmark = pytest.mark.slow

WAIT = MCP_WAIT_SECONDS  # for an event that is on its way: it ends the wait
LONG_LEASE_SECONDS = 600  # longer than a server and a client take to start again
DOORS = ("irc", "http")


def ours(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "src"), "LANG": "C", **more}


def shell(folder: Path, *arguments: str, typed: str = "") -> str:
    """What `tertulia` says to these arguments."""
    command = [sys.executable, "-m", "tertulia", *arguments, "--config", str(folder / "tertulia.toml")]
    done = subprocess.run(
        command, input=typed, env=ours(), capture_output=True, text=True, timeout=WAIT_SECONDS
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def let_in(folder: Path) -> str:
    shell(folder, "accounts", "add", "ana", typed="a long secret\na long secret\n")
    options = ["--owner", "ana", "--room", "#tea", "--json"]
    return str(json.loads(shell(folder, "agents", "add", "scout", *options))["token"])


@asynccontextmanager
async def by_stdio(server: Server, token: str) -> Any:
    arguments = ["-m", "tertulia", "mcp", "--server", server.doors["irc"]]
    env = ours(TERTULIA_AGENT_TOKEN=token)
    async with Client(StdioServerParameters(command=sys.executable, args=arguments, env=env)) as client:
        yield client


@asynccontextmanager
async def by_http(server: Server, token: str) -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(headers=headers, timeout=WAIT_SECONDS, trust_env=False) as http:
        url = f"{server.doors['http']}/mcp"
        async with Client(streamable_http_client(url, http_client=http)) as client:
            yield client


WAYS = {"stdio": by_stdio, "http": by_http}
Visit = Callable[[Client], Awaitable[None]]


def visit(way: str, server: Server, token: str, deed: Visit) -> None:
    async def within() -> None:
        async with WAYS[way](server, token) as client:
            await deed(client)

    asyncio.run(within())


def unsaid(server: Server, token: str) -> bool:
    return token.rpartition(".")[2] not in "\n".join([*server.log, *server.greeting])


@pytest.mark.parametrize("way", WAYS)
def test_a_question_is_answered_over_a_real_transport(start: Start, tmp_path: Path, way: str) -> None:
    server = start(doors=DOORS)
    token = let_in(tmp_path)
    bea = arrive(server).enter("bea", "#tea")

    async def deed(client: Client) -> None:
        await use(client, "join", room="#tea")
        assert (await use(client, "wait_for_events", seconds=0))["events"] == []
        bea.say("PRIVMSG #tea :scout: hello")
        (event,) = (await use(client, "wait_for_events", seconds=WAIT))["events"]
        await use(client, "say", target="#tea", text="hello bea", claim=event["claim"], reply_to=event["id"])

    visit(way, server, token, deed)
    assert bea.until("PRIVMSG #tea :hello bea").startswith(":scout!")
    assert unsaid(server, token)


@pytest.mark.parametrize("way", WAYS)
def test_the_server_is_killed_between_question_and_answer(start: Start, tmp_path: Path, way: str) -> None:
    """ "An agent that is killed, or whose server is, loses nothing and answers nothing twice" """
    server = start(doors=DOORS)
    token = let_in(tmp_path)
    bea = arrive(server).enter("bea", "#tea")
    claims: list[str] = []

    async def claim(client: Client) -> None:
        await use(client, "join", room="#tea")
        bea.say("PRIVMSG #tea :scout: one")
        waited = await use(client, "wait_for_events", seconds=WAIT, lease_seconds=LONG_LEASE_SECONDS)
        (event,) = waited["events"]
        claims.append(event["claim"])
        server.process.send_signal(signal.SIGKILL)
        server.ended()

    visit(way, server, token, claim)
    again = start(doors=DOORS)
    bea = arrive(again).enter("bea", "#tea")

    async def answer(client: Client) -> None:
        await use(client, "join", room="#tea")
        assert (await use(client, "wait_for_events", seconds=0))["events"] == []  # the lease goes on
        await use(client, "say", target="#tea", text="answered", claim=claims[0])
        assert (
            await client.call_tool("say", {"target": "#tea", "text": "twice", "claim": claims[0]})
        ).is_error
        assert (await use(client, "wait_for_events", seconds=0))["events"] == []

    visit(way, again, token, answer)
    bea.until("PRIVMSG #tea :answered")
    assert not any("twice" in line for line in bea.fence())


def test_an_agent_that_is_killed_finds_its_question_again(start: Start, tmp_path: Path) -> None:
    """ "What is claimed and not acknowledged within the lease is given out again" """
    server = start(doors=DOORS)
    token = let_in(tmp_path)
    bea = arrive(server).enter("bea", "#tea")

    async def die(client: Client) -> None:
        await use(client, "join", room="#tea")
        bea.say("PRIVMSG #tea :scout: one")
        (event,) = (await use(client, "wait_for_events", seconds=WAIT, lease_seconds=1))["events"]
        assert event["text"] == "scout: one"
        kill_mcp(server)

    try:
        visit("stdio", server, token, die)
    except Exception:  # its process is gone: whatever the SDK makes of that
        pass

    async def come_back(client: Client) -> None:
        await use(client, "join", room="#tea")
        (event,) = (await use(client, "wait_for_events", seconds=WAIT))["events"]
        await use(client, "say", target="#tea", text="late but once", claim=event["claim"])

    visit("stdio", server, token, come_back)
    bea.until("PRIVMSG #tea :late but once")


def kill_mcp(server: Server) -> None:
    """SIGKILL for the child of ours that is `tertulia mcp` on this server."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
            parent = entry.with_name("stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if b"mcp" in words and server.doors["irc"].encode() in words and int(parent) == os.getpid():
            os.kill(int(entry.parent.name), signal.SIGKILL)


# --- the examples -----------------------------------------------------------------------------------

EXAMPLES = {
    "agente.py": ([sys.executable], ()),
    "Agente.java": (["java"], ("java",)),
    "agente.sh": (["sh"], ("nc",)),
}


@contextmanager
def example(name: str, server: Server, token: str) -> Iterator[None]:
    command, needed = EXAMPLES[name]
    for program in needed:
        if shutil.which(program) is None:
            pytest.skip(f"{name} needs {program}, which is not here")
    host, port = server.doors["irc"].removeprefix("irc://").split(":")
    running = subprocess.Popen(
        [*command, str(ROOT / "examples" / name), host, port, "#tea"],
        env=ours(TERTULIA_AGENT_TOKEN=token), start_new_session=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait(WAIT_SECONDS)


def answered(bea: Person, text: str) -> None:
    bea.say(f"PRIVMSG #tea :{text}")
    bea.until(":scout!", "PRIVMSG #tea :bea: ")


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_answers_what_it_is_asked_and_what_it_missed(
    start: Start, tmp_path: Path, name: str
) -> None:
    server = start(doors=DOORS)
    token = let_in(tmp_path)
    bea = arrive(server).enter("bea", "#tea")
    with example(name, server, token):
        bea.until(":scout!", " JOIN #tea")
        answered(bea, "scout: what is a socket?")
        answered(bea, "¿y tú, @scout?")
    bea.until(":scout!", " QUIT ")
    bea.say("PRIVMSG #tea :scout: are you there?")
    with example(name, server, token):
        bea.until(":scout!", "PRIVMSG #tea :bea: ")
        assert not any("PRIVMSG" in line for line in bea.fence())
    assert unsaid(server, token)
