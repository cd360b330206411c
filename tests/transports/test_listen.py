"""Listeners: opened by URI, described, closed; and what happens when files run out."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import resource
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import uvloop

from tertulia.transports import listen
from tertulia.transports.certificates import TlsFiles
from tertulia.transports.listen import DoorContext, DoorError, open_listener
from tests.contracts.door import House, run
from tests.support.machine import has_ipv6
from tests.transports.harness import SocketClient, context_in

SHORTAGE = Path(__file__).with_name("shortage.py")


def test_each_door_says_where_it_is_and_for_whom(tmp_path: Path) -> None:
    async def talk() -> None:
        house = House()
        secure = "ircs://[::1]:0" if has_ipv6() else "ircs://127.0.0.1:0"
        for uri in ("irc://127.0.0.1:0", secure, "http://localhost:0", "plain://127.0.0.1:0"):
            listener = await open_listener(uri, house.accept, context_in(tmp_path))
            assert listener.port > 0
            assert listener.uri == f"{uri.removesuffix(':0')}:{listener.port}"
            await listener.close()

    run(uvloop.new_event_loop, talk())


def test_an_insecure_name_opens_the_network(tmp_path: Path) -> None:
    async def talk() -> None:
        listener = await open_listener("irc+insecure://0.0.0.0:0", House().accept, context_in(tmp_path))
        assert listener.uri.startswith("irc+insecure://0.0.0.0:")
        await listener.close()

    run(uvloop.new_event_loop, talk())


def test_closing_leaves_open_connections_alone(tmp_path: Path) -> None:
    async def talk() -> None:
        house = House()
        listener = await open_listener("irc://127.0.0.1:0", house.accept, context_in(tmp_path))
        client = SocketClient(*await asyncio.open_connection("127.0.0.1", listener.port))
        await client.send(b"uno\r\n")
        assert await client.line() == b"uno"
        await listener.close()
        with socket.socket() as held:  # so that nobody else opens it, and it can be had: it is closed
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            held.bind(("127.0.0.1", listener.port))
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection("127.0.0.1", listener.port)
        await client.send(b"dos\r\n")
        assert await client.line() == b"dos"
        await client.close()
        await house.wait_lost()

    run(uvloop.new_event_loop, talk())


def test_a_socket_file_goes_with_its_listener(tmp_path: Path) -> None:
    async def talk() -> None:
        uri = f"unix://{tmp_path}/t.sock"
        first = await open_listener(uri, House().accept, DoorContext())
        assert first.uri == uri and first.port == 0
        await first.close()
        assert not (tmp_path / "t.sock").exists()

    run(uvloop.new_event_loop, talk())


def test_a_socket_file_of_another_listener_stays(tmp_path: Path) -> None:
    async def talk() -> None:
        uri, path = f"unix://{tmp_path}/t.sock", tmp_path / "t.sock"
        first = await open_listener(uri, House().accept, DoorContext())
        path.rename(tmp_path / "moved")
        second = await open_listener(uri, House().accept, DoorContext())
        await first.close()
        assert path.exists()
        await second.close()

    run(uvloop.new_event_loop, talk())


def test_tls_needs_a_place_for_its_certificate() -> None:
    async def talk() -> None:
        with pytest.raises(DoorError, match="no place for its certificate"):
            await open_listener("ircs://127.0.0.1:0", House().accept, DoorContext())

    run(uvloop.new_event_loop, talk())


def test_doors_without_tls_have_nothing_to_read_again(tmp_path: Path) -> None:
    async def talk() -> None:
        listener = await open_listener("irc://127.0.0.1:0", House().accept, context_in(tmp_path))
        assert listener.reload_tls(TlsFiles(tmp_path / "no", tmp_path / "none")) is None
        await listener.close()

    run(uvloop.new_event_loop, talk())


def test_the_operator_is_told_before_files_run_out(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda which: (8, 8))

    async def talk() -> None:
        watch = listen._FilesWatch(asyncio.Protocol, "irc://127.0.0.1:6667")
        for _ in range(1000):
            watch.protocol()

    with caplog.at_level(logging.ERROR):
        run(asyncio.new_event_loop, talk())
    assert [record.getMessage() for record in caplog.records if "raise `ulimit -n`" in record.getMessage()]
    assert len(caplog.records) == 1


@pytest.mark.slow
@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_a_listener_survives_a_shortage_of_files(loop: str) -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run(
        [sys.executable, SHORTAGE, loop], capture_output=True, text=True, timeout=120, env=env
    )
    assert ran.returncode == 0, ran.stderr
    result = json.loads(ran.stdout)
    assert 50 < result["came"] <= 140
    assert result["alive"]
    assert result["logged"] < 10
    assert result["spent"] < 0.5
