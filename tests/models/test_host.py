"""Who seats the models: with a server of a few lines that is reached through `connect`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tertulia.models.chain import Patience
from tertulia.models.host import Host, ModelStatus, Ways
from tertulia.models.local.bringup import Means
from tertulia.models.local.pull import PullError
from tertulia.models.scripted import Scripted
from tertulia.models.settings import ModelSettings


class Server:
    """Takes connections, welcomes each, keeps what is sent."""

    def __init__(self) -> None:
        self.wires: list[Wire] = []
        self.changed = asyncio.Event()

    def connect(self, received: Callable[[bytes], None]) -> Wire:
        wire = Wire(self, received)
        self.wires.append(wire)
        return wire

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not true():
                self.changed.clear()
                await self.changed.wait()


class Wire:
    def __init__(self, server: Server, received: Callable[[bytes], None]) -> None:
        self.server = server
        self.received = received
        self.sent = ""
        self.closed = False

    def send(self, data: bytes) -> None:
        self.sent += data.decode()
        if "USER " in data.decode():
            asyncio.get_running_loop().call_soon(
                self.received, b":s CAP * LS :\r\n:s 001 lola :hi\r\n:s 422 lola :x\r\n"
            )
        self.server.changed.set()

    def close(self) -> None:
        self.closed = True
        self.server.changed.set()


class Child:
    """A local runtime that a test ends."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self.closed = False

    async def start(self) -> Scripted:
        return Scripted(["hola"], model="tiny")

    async def wait(self) -> int:
        await self.ended.wait()
        return 1

    async def close(self) -> None:
        self.closed = True


async def no_wait(seconds: float) -> None:
    await asyncio.sleep(0)


def hosted(
    scene: Callable[[Host, Server], Awaitable[None]], *settings: ModelSettings, means: Any = None, **more: Any
) -> list[ModelStatus]:
    told: list[ModelStatus] = []

    async def go() -> None:
        server = Server()
        ways = Ways(patience=Patience(chance=lambda: 1.0), sleep=no_wait, means=means or Means())
        host = Host(
            settings,
            server.connect,
            more.get("environment", {}),
            Path("none"),
            ways=ways,
            on_status=told.append,
        )
        host.start()
        try:
            await scene(host, server)
        finally:
            await host.close("bye")
        assert all(wire.closed for wire in server.wires)

    asyncio.run(go())
    return told


SCRIPTED = ModelSettings("lola", "scripted", rooms=("#r",), script=("hola",))


def test_a_member_is_seated_and_answers() -> None:
    async def scene(host: Host, server: Server) -> None:
        await server.until(lambda: bool(server.wires) and "JOIN #r" in server.wires[0].sent)
        (status,) = host.status()
        assert status.joined and status.state == "ready" and status.text == ("ready", "disponible")
        server.wires[0].received(b":ana!u@h PRIVMSG #r :lola: di\r\n")
        await server.until(lambda: "PRIVMSG #r hola" in server.wires[0].sent)

    hosted(scene, SCRIPTED)


def test_a_lost_connection_is_made_again() -> None:
    async def scene(host: Host, server: Server) -> None:
        await server.until(lambda: bool(server.wires) and "JOIN" in server.wires[0].sent)
        server.wires[0].received(b"ERROR :killed\r\n")
        await server.until(lambda: len(server.wires) == 2 and "JOIN" in server.wires[1].sent)
        assert server.wires[0].closed

    hosted(scene, SCRIPTED)


def test_a_model_without_a_key_is_there_and_says_so() -> None:
    async def scene(host: Host, server: Server) -> None:
        await server.until(lambda: bool(server.wires) and "AWAY" in server.wires[0].sent)
        (status,) = host.status()
        assert status.state == "failed" and "OPENAI_API_KEY" in status.text[0]

    told = hosted(scene, ModelSettings("gpt", "openai"))
    assert told[0].state == "failed"


def test_the_local_model_comes_up_once_for_all_who_speak_through_it() -> None:
    children: list[Child] = []

    def run(file: Path, name: str) -> Child:
        children.append(Child())
        return children[-1]

    def pull(entry: object, folder: Path, progress: Callable[[int, int], None], stop: object) -> Path:
        progress(43, 100)
        return folder / "file"

    async def scene(host: Host, server: Server) -> None:
        await server.until(lambda: all(status.state == "ready" for status in host.status()))
        assert len(children) == 1
        assert {status.model for status in host.status()} == {"tiny"}
        children[0].ended.set()  # it dies, and comes again
        await server.until(lambda: len(children) == 2)

    means = Means(pull=pull, run=run, sleep=no_wait, monotonic=lambda: 0.0)
    told = hosted(scene, ModelSettings("lola"), ModelSettings("lena", rooms=("#x",)), means=means)
    states = [status.state for status in told if status.nick.startswith("lola")]
    assert states[:2] == ["checking", "downloading"] and "ready" in states
    assert next(status.percent for status in told if status.percent is not None) == 43
    assert all(child.closed for child in children)


def test_a_download_that_fails_is_told_and_tried_again() -> None:
    tries: list[int] = []

    def pull(*args: object) -> Path:
        tries.append(1)
        raise PullError("wrong")

    async def scene(host: Host, server: Server) -> None:
        await server.until(
            lambda: (
                len(tries) > 1 and any("failed" in wire.sent or "AWAY" in wire.sent for wire in server.wires)
            )
        )

    means = Means(pull=pull, sleep=no_wait, monotonic=lambda: 0.0)
    told = hosted(scene, ModelSettings("lola"), means=means)
    assert any(status.state == "failed" and "suma" in status.text[1] for status in told)
