"""One server under test: started in a folder of its own on a free loopback port, and stopped for certain.

What belongs here: the life of the process, the same for all. What must not: what any one server is called
or how it is configured (`peers.py`), and load.
"""

from __future__ import annotations

import contextlib
import os
import random
import resource
import signal
import socket
import subprocess
import time
from pathlib import Path

from benchmarks.usage import Usage, usage

LOOPBACK = "127.0.0.1"
START_SECONDS = 120.0  # a cold start of an interpreter, on a machine that has much else to do
STOP_SECONDS = 5.0
RETRY_SECONDS = 0.02
FIRST_PORT, SHARED_PORTS = 10_000, 32_768  # Linux gives those from the second on to whoever asks for any
UNPRIVILEGED_PORT = 1_024  # the first that needs no rights
TRIES = 100  # of ports, before the system is asked for one


class ServerError(Exception):
    """A server did not start, or died. `str()` holds the end of what it said."""


class Server:
    """A server of one kind. Used as a context: running inside, gone outside."""

    name = ""
    keeps = "nothing"  # what it stores of what is said, for the reader of the table
    arrivals_in_flight = (
        256  # connections that arrive at once: the number at which it registers most a second
    )

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.process: subprocess.Popen[bytes] | None = None

    # --- What each kind says ------------------------------------------------------------------------------

    @classmethod
    def version(cls) -> str | None:
        """The version on this machine; None when it is not installed."""
        raise NotImplementedError

    def prepare(self) -> list[str]:
        """Write the configuration into the folder; the command that runs the server in the foreground."""
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        return dict(os.environ)

    # --- What all do --------------------------------------------------------------------------------------

    @property
    def address(self) -> tuple[str, int]:
        return LOOPBACK, self.port

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Run it, and return when it accepts connections. Raises ServerError."""
        command = self.prepare()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self._wait_open()
        except ServerError:
            self.stop()
            raise

    def stop(self) -> None:
        """Ask it to stop, then make it."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process = None

    def kill(self) -> None:
        """SIGKILL for it and for whatever it started; it may already be gone."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def usage(self) -> Usage:
        if self.process is None:
            raise ServerError(f"{self.name} is not running")
        return usage(self.process.pid)

    def last_words(self, characters: int = 600) -> str:
        return self.log.read_text(errors="replace")[-characters:].strip() if self.log.exists() else ""

    def _wait_open(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with socket.socket() as scout:
                if scout.connect_ex(self.address) == 0:
                    return
            if self._has_ended():
                raise ServerError(f"{self.name} ended at its start: {self.last_words()}")
        raise ServerError(f"{self.name} was not open after {START_SECONDS:.0f} s: {self.last_words()}")

    def _has_ended(self) -> bool:
        """Whether the process ends within a moment; this is also the pause between two attempts."""
        assert self.process is not None
        try:
            self.process.wait(RETRY_SECONDS)
        except subprocess.TimeoutExpired:
            return False
        return True


def free_port() -> int:
    """A loopback port that nobody has now, and that the system gives to nobody by itself: so it is free when
    a server comes to open it, and when that comes again."""
    shared = SHARED_PORTS
    with contextlib.suppress(OSError, ValueError):
        shared = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    unshared = range(FIRST_PORT if shared > FIRST_PORT else UNPRIVILEGED_PORT, shared)  # there may be none
    for port in (*random.sample(unshared, min(TRIES, len(unshared))), 0):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind((LOOPBACK, port))
            found: int = probe.getsockname()[1]
            return found
    raise ServerError("no port is free")


def raise_file_limit() -> int:
    """As many open files as this user may have, for us and for the servers we start; how many that is."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
