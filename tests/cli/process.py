"""A server as a process, and clients of its doors, for tests of the whole program.

What belongs here: starting it, listening to it, ending it for certain. What must not: tests.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from tests.house.tree import ROOT

WAIT_SECONDS = 60.0  # for things that take milliseconds, on a machine that has much else to do
WARNINGS = (
    "-W",
    "error",
    "-W",
    "ignore::ResourceWarning",
)  # who never closes is cut off


class Server:
    """A running `tertulia serve`, with what it has said."""

    before: tuple[str, ...] = ()  # a command that runs it with other rights

    def __init__(self, *arguments: str, **variables: str) -> None:
        self.process = subprocess.Popen(
            [*self.before, sys.executable, *WARNINGS, "-m", "tertulia", "serve", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "LANG": "C", **variables},
            text=True,
        )
        self.log: list[str] = []
        self._clients: list[Client] = []
        self._logged = threading.Condition()
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()
        self.greeting = self._read_greeting()
        # In columns two spaces apart: the path of a socket may hold one.
        uris = [line.strip().partition("  ")[0] for line in self.greeting if "://" in line]
        self.doors = {urlsplit(uri).scheme: uri for uri in uris}

    def wait_log(self, words: str) -> str:
        """The first line of the log with these words."""
        with self._logged:
            found = self._logged.wait_for(lambda: [line for line in self.log if words in line], WAIT_SECONDS)
        assert found, self.log
        return found[0]

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def ended(self) -> int:
        """The exit code, when it has ended and all it said is read."""
        code = self.process.wait(WAIT_SECONDS)
        self._reader.join(WAIT_SECONDS)
        return code

    def client(self, scheme: str = "irc") -> Client:
        """A new connection to the door of this scheme."""
        client = Client(self._connected(scheme))
        self._clients.append(client)
        return client

    def kill(self) -> None:
        """End it for certain, and let go of everything."""
        for client in self._clients:
            client.close()
        self.process.kill()
        self.ended()
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()

    def _connected(self, scheme: str) -> socket.socket:
        parts = urlsplit(self.doors[scheme])
        if scheme == "unix":
            plug = socket.socket(socket.AF_UNIX)
            plug.settimeout(WAIT_SECONDS)
            plug.connect(parts.path)
            return plug
        return socket.create_connection((parts.hostname, parts.port), WAIT_SECONDS)

    def _read_greeting(self) -> list[str]:
        """The first lines, up to the one that says how to stop it."""
        assert self.process.stdout is not None
        lines: list[str] = []
        for line in self.process.stdout:
            lines.append(line.rstrip("\n"))
            if "Ctrl-C" in line:
                break
        return lines

    def _read_log(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._logged:
                self.log.append(line.rstrip("\n"))
                self._logged.notify_all()


class Client:
    """Lines over a socket."""

    def __init__(self, plug: socket.socket) -> None:
        self._plug = plug
        self._lines = plug.makefile("r", encoding="utf-8", newline="\n")

    def say(self, *lines: str) -> None:
        self._plug.sendall("".join(line + "\r\n" for line in lines).encode())

    def until(self, words: str) -> str:
        """The next line with these words in it; what comes before is not looked at."""
        for line in self._lines:
            if words in line:
                return line.rstrip("\r\n")
        raise AssertionError(f"it ended before {words!r}")

    def enter(self, nick: str) -> Client:
        """Register, and hear the whole welcome."""
        self.say(f"NICK {nick}", f"USER {nick} 0 * :{nick}")
        self.until(" 001 ")
        self.say("PING welcome")
        self.until("PONG")
        return self

    def rest(self) -> str:
        """Everything up to the end of the connection."""
        return self._lines.read()

    def close(self) -> None:
        self._lines.close()
        self._plug.close()


@contextmanager
def running(*arguments: str, **variables: str) -> Iterator[Server]:
    """A server for as long as the block lasts."""
    server = Server(*arguments, **variables)
    try:
        yield server
    finally:
        server.kill()
