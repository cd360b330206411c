"""Servers of tools, real ones: a child over its streams, and one over HTTP."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tertulia import limits
from tertulia.models.tools.mcp_server import McpServer
from tertulia.models.tools.mcp_settings import McpSettings
from tertulia.models.tools.tool import Outcome, Tool, ToolFailed

pytest.importorskip("mcp", reason="an extra: tertulia[mcp]")
pytestmark = pytest.mark.slow  # the SDK takes a second to import, in the child as well

ROOT = Path(__file__).parents[3]
COMMAND = (sys.executable, "-m", "tests.models.tools.mcp_example")
UP_SECONDS = 60.0  # a busy machine starts a child slowly


class Bench:
    """One server, and what it told its operator."""

    def __init__(self, **settings: Any) -> None:
        self.now = 0.0
        self.warnings: list[str] = []
        given = {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}", "SECRET": "s", "GIVEN": "g"}
        settings.setdefault("command", () if settings.get("url") else COMMAND)
        settings.setdefault("timeout_seconds", UP_SECONDS)
        settings.setdefault("env", ("PYTHONPATH", "GIVEN"))
        self.server = McpServer(
            McpSettings("example", allow=("*",), **settings),
            given,
            lambda: self.now,
            lambda name, why: self.warnings.append(why),
        )

    async def tool(self, name: str) -> Tool:
        return next(one for one in await self.server.tools() if one.shown == f"example/{name}")

    async def call(self, name: str, **arguments: Any) -> Outcome:
        nobody: Any = None
        return await (await self.tool(name)).run(nobody, nobody, arguments)


def at_bench(scene: Callable[[Bench], Awaitable[None]], **settings: Any) -> Bench:
    async def go() -> Bench:
        bench = Bench(**settings)
        try:
            await scene(bench)
        finally:
            await bench.server.close()
        return bench

    return asyncio.run(go())


@contextmanager
def over_http() -> Iterator[str]:
    paths = f"{ROOT}{os.pathsep}{ROOT / 'src'}"
    child = subprocess.Popen(
        [*COMMAND, "0"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": paths},
    )
    try:
        assert child.stderr is not None
        found = None
        for line in child.stderr:  # uvicorn says when it listens
            if found := re.search(rb"running on (http://\S+)", line):
                break
        assert found
        yield f"{found[1].decode()}/mcp"
    finally:
        child.kill()
        child.communicate()


async def everything(bench: Bench) -> None:
    """What holds whichever way it is reached."""
    changes = {tool.shown.partition("/")[2]: tool.changes for tool in await bench.server.tools()}
    assert (changes["add"], changes["delete"], changes["says_nothing_of_itself"]) == (False, True, True)
    add = await bench.tool("add")
    assert add.definition.name == "example__add" and "sum of two" in add.definition.description
    assert add.definition.schema["required"] == ["one", "other"]
    assert (await bench.call("add", one=2, other=3)).text == "5"
    assert (await bench.call("delete", path="/x")).text == "deleted /x"
    found = await asyncio.gather(*(bench.call("add", one=n, other=n) for n in range(8)))
    assert [one.text for one in found] == [str(2 * n) for n in range(8)]
    assert len((await bench.call("long", size=100_000)).text) <= limits.TOOL_RESULT_CHARACTERS
    assert (await bench.call("picture")).images[0].data == b"\x89PNG"
    with pytest.raises(ToolFailed, match="broken"):
        await bench.call("fails")
    with pytest.raises(ToolFailed):
        await bench.call("add", one="not a number", other={})
    assert (await bench.call("add", one=1, other=1)).text == "2", "it still works"


def test_a_child() -> None:
    bench = at_bench(everything)
    assert bench.warnings == []


def test_over_http() -> None:
    with over_http() as url:
        bench = at_bench(everything, url=url, env=())
    assert bench.warnings == []


def test_a_child_is_given_what_is_named_and_no_more() -> None:
    async def scene(bench: Bench) -> None:
        given = (await bench.call("variables")).text.split()
        assert "GIVEN" in given and "SECRET" not in given and "PATH" in given

    at_bench(scene)


def test_the_operators_word_goes_before_the_servers() -> None:
    async def scene(bench: Bench) -> None:
        assert (await bench.tool("add")).changes and not (await bench.tool("delete")).changes

    at_bench(scene, reading=("delete",), changing=("add",))


def test_a_call_that_hangs_is_given_up() -> None:
    async def scene(bench: Bench) -> None:
        await bench.server.tools()
        patient = bench.server.settings
        bench.server.settings = replace(patient, timeout_seconds=0.2)
        with pytest.raises(ToolFailed, match="took longer"):
            await bench.call("hangs")
        bench.server.settings = patient
        assert (await bench.call("add", one=1, other=1)).text == "2"

    at_bench(scene)


def test_a_child_that_dies_is_started_again_after_a_rest() -> None:
    async def scene(bench: Bench) -> None:
        add = await bench.tool("add")
        nobody: Any = None
        with pytest.raises(ToolFailed):
            await bench.call("dies")
        assert await bench.server.tools() == ()
        with pytest.raises(ToolFailed, match="just now"):
            await add.run(nobody, nobody, {"one": 1, "other": 1})
        bench.now += limits.MCP_RESTART_SECONDS
        assert (await bench.call("add", one=1, other=1)).text == "2"

    bench = at_bench(scene)
    assert len(bench.warnings) == 1 and "left alone for 2 s" in bench.warnings[0]


@pytest.mark.parametrize("command", [("/no/such/program",), (sys.executable, "-c", "print('hola')")])
def test_what_is_no_server_rests_longer_each_time(command: tuple[str, ...]) -> None:
    async def scene(bench: Bench) -> None:
        for _ in range(3):
            assert await bench.server.tools() == ()
            bench.now += 1_000
        assert await bench.server.tools() == ()

    bench = at_bench(scene, command=command)
    assert [text.rpartition("for ")[2] for text in bench.warnings] == ["2 s", "4 s", "8 s", "16 s"]
