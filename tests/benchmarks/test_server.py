"""Starting, measuring and stopping a process; with a stand-in that only opens a port."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from benchmarks.server import Server, ServerError, free_port

OPEN = "import socket, signal; s = socket.create_server(('127.0.0.1', {port})); signal.pause()"


class StandIn(Server):
    name = "stand-in"
    program = OPEN

    @classmethod
    def version(cls) -> str | None:
        return "1"

    def prepare(self) -> list[str]:
        return [sys.executable, "-c", self.program.replace("{port}", str(self.port))]


class Broken(StandIn):
    program = "raise SystemExit('no such setting')"


def test_it_is_open_when_started_and_gone_when_stopped(tmp_path: Path) -> None:
    with StandIn(tmp_path) as server:
        process = server.process
        assert process is not None
        assert server.usage().resident_bytes > 0
    assert process.poll() is not None


def test_what_ends_at_its_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match="no such setting"):
        Broken(tmp_path).start()


def test_killed_and_started_again_on_the_same_port(tmp_path: Path) -> None:
    with StandIn(tmp_path) as server:
        server.kill()
        server.start()
        assert server.usage().resident_bytes > 0


@pytest.mark.parametrize("shared", ["32768\t60999", "1024\t65535", "9000\t65535", "nonsense"])
def test_a_free_port_is_above_the_privileged(monkeypatch: pytest.MonkeyPatch, shared: str) -> None:
    """Also where the system gives all of them to whoever asks for any."""
    monkeypatch.setattr(Path, "read_text", lambda path: shared)
    assert {free_port() > 1023 for _ in range(20)} == {True}
