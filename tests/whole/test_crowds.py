"""Ten thousand connections that say nothing, nine thousand members of rooms: what they cost, and their end.

The aim is under 8 KiB resident for each idle connection without encryption; docs/performance.md has figures.
"""

from __future__ import annotations

import signal
import socket
import time

import pytest
from benchmarks.crowd import Crowd

from tests.cli.process import Server
from tests.support.machine import needs_files
from tests.whole.outside import MIB, Start, eventually, health, resident
from tests.whole.people import Witnesses, arrive, plugged

pytestmark = pytest.mark.slow

SILENT = 10_000
MEMBERS = 9_000
ROOMS = 100
EACH_BYTES = 8 * 1024
LIBRARIES_BYTES = 16 * MIB  # what comes and stays with the first of them
PATIENCE_SECONDS = 3_600  # of the server with those who say nothing, however slowly they all come
END_SECONDS = 30.0  # it takes less than one; generous, since the machine may be busy


@pytest.fixture(autouse=True)
def enough_files() -> None:
    needs_files(SILENT)


def ends_at_once(server: Server) -> float:
    """Seconds from SIGTERM to the end, which must be clean."""
    began = time.monotonic()
    server.signal(signal.SIGTERM)
    assert server.ended() == 0
    took = time.monotonic() - began
    assert took < END_SECONDS
    return took


def test_ten_thousand_who_say_nothing(start: Start) -> None:
    server = start(doors=("irc", "http"), registration_seconds=PATIENCE_SECONDS)
    witnesses = Witnesses(server)
    before = resident(server)
    silent: list[socket.socket] = [plugged(server) for _ in range(SILENT)]
    eventually(lambda: health(server)["connections"] == SILENT + 2, witnesses.go_on)
    each = (resident(server) - before) / SILENT
    print(f"{each / 1024:.1f} KiB for each of {SILENT:,} silent connections")
    assert resident(server) - before < SILENT * EACH_BYTES + LIBRARIES_BYTES
    arrive(server).enter("nueva", "#calle")
    witnesses.go_on()
    print(f"ended in {ends_at_once(server):.2f} s")
    assert b"The server is stopping" in silent[0].recv(4_096)
    assert b"The server is stopping" in silent[-1].recv(4_096)


def test_nine_thousand_members_of_a_hundred_rooms(start: Start) -> None:
    server = start(doors=("irc",), flood=False, ping_seconds=PATIENCE_SECONDS)
    witnesses = Witnesses(server)
    before = resident(server)
    host, port = plugged(server).getpeername()
    with Crowd((host, port)) as crowd:
        crowd.arrive([f"#sala{number % ROOMS}" for number in range(MEMBERS)], in_flight=200)
        crowd.attend()
        each = (resident(server) - before) / MEMBERS
        print(f"{each / 1024:.1f} KiB for each of {MEMBERS:,} members")
        assert resident(server) - before < MEMBERS * EACH_BYTES + LIBRARIES_BYTES
        newcomer = arrive(server).enter("nueva", "#sala0")
        newcomer.say("PRIVMSG #sala0 :hola|")
        crowd.count(MEMBERS // ROOMS)
        witnesses.go_on()
        print(f"ended in {ends_at_once(server):.2f} s")
        assert "The server is stopping" in newcomer.rest()
