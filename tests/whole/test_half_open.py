"""Connections that are not quite there: silent, half-said, half-encrypted, cut in the middle, fallen silent.

Each ends by itself within its limit, and nothing of it stays.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.process import Server
from tests.support.machine import needs_files
from tests.whole.outside import SLACK_BYTES, Start, eventually, health, lines_with, resident, written
from tests.whole.people import Person, Witnesses, arrive, plugged

pytestmark = pytest.mark.slow

CLIENT_HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(40)  # says 512 bytes, brings 49
DOORS = ("irc", "ircs", "unix", "http", "plain")
WITNESSES = 2
LIMIT_SECONDS = 4  # for those who fall silent
LOOK_SECONDS = 0.5  # between two looks at who still waits

# What somebody says who never says who they are: at which door, and what.
NEVER_REGISTERED = {
    "nothing": ("irc", b""),
    "a nick alone": ("irc", b"NICK ana\r\n"),
    "no end of negotiation": ("irc", b"CAP LS 302\r\nNICK ana\r\nUSER ana 0 * :Ana\r\n"),
    "half a line": ("irc", b"NICK an"),
    "nothing on a Unix socket": ("unix", b""),
    "nothing after TLS": ("ircs", b""),
    "nothing after the upgrade": ("http", b""),
    "no name at the plain door": ("plain", b""),
}
# What does not even become a connection of the chat.
NEVER_BEGUN = {
    "no handshake": ("ircs", b""),
    "half a handshake": ("ircs", CLIENT_HELLO),
    "no request": ("http", b""),
    "half a request": ("http", b"GET / HTTP/1.1\r\nHost: a\r\n"),
    "half an upgrade": (
        "http",
        b"GET /irc HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n",
    ),
}


def test_who_never_begins_and_who_falls_silent_is_let_go(start: Start, tmp_path: Path) -> None:
    """docs/configuration.md: "How long a connection may take to say who it is"; "Silence after which a
    client is asked whether it lives", "How long it has to answer"."""
    server = start(doors=DOORS, durability="off")
    listener = arrive(server).enter("oye", "#tertulia")
    silent = {f"n{door}": arrive(server, door).enter(f"n{door}", "#tertulia") for door in DOORS[:-1]}
    nameless = {name: arrive(server, door) for name, (door, _) in NEVER_REGISTERED.items()}
    begun = {name: Person(plugged(server, door)) for name, (door, _) in NEVER_BEGUN.items()}
    for name, (_, words) in {**NEVER_REGISTERED, **NEVER_BEGUN}.items():
        ({**nameless, **begun}[name]).send(words)
    limits = dict.fromkeys(("registration_seconds", "ping_seconds", "pong_seconds"), LIMIT_SECONDS)
    written(tmp_path, doors=DOORS, durability="off", **limits)  # only now: arriving takes as long as it takes
    server.signal(signal.SIGHUP)
    _all_time_out(listener, set(silent))
    for name, one in silent.items():
        heard = one.rest()
        assert "PING :tertulia.local" in heard, name
        assert "Ping timeout" in heard, name
    for name, one in nameless.items():
        assert "Registration timeout" in one.rest(), name
    for name, one in begun.items():
        while one.silent_for(LOOK_SECONDS):
            listener.fence()
        assert "Tertulia" not in one.rest(), name
    eventually(lambda: health(server)["connections"] == 1, listener.fence)


def _all_time_out(listener: Person, waiting: set[str]) -> None:
    while waiting:
        line = listener.until(" QUIT ")
        assert ":Ping timeout: " in line
        waiting.remove(line[1:].partition("!")[0])


@pytest.mark.parametrize("door", ["irc", "ircs", "http", "plain"])
def test_resets_in_the_middle_leave_nothing_behind(start: Start, door: str) -> None:
    server = start(doors=("irc", "http", door), durability="off", flood=False)
    witnesses = Witnesses(server)
    before = resident(server)
    for moment in (_at_once, _before_a_name, _in_the_room, _with_much_unread):
        for number in range(15):
            moment(server, door, f"x{number}")
        witnesses.go_on()
    eventually(lambda: health(server)["connections"] == WITNESSES, witnesses.go_on)
    assert resident(server) - before < SLACK_BYTES
    assert health(server)["users"] == WITNESSES


def _at_once(server: Server, door: str, name: str) -> None:
    Person(plugged(server, door)).reset()


def _before_a_name(server: Server, door: str, name: str) -> None:
    one = arrive(server, door)
    one.say("NICK")
    one.reset()


def _in_the_room(server: Server, door: str, name: str) -> None:
    arrive(server, door).enter(name, "#sala").reset()


def _with_much_unread(server: Server, door: str, name: str) -> None:
    one = arrive(server, door, receive_bytes=4_096).enter(f"{name}y", "#sala")
    one.say(*["/help" if door == "plain" else "MOTD"] * 200)
    one.reset()


def test_more_handshakes_than_there_may_be(start: Start) -> None:
    """docs/doors.md: "What is refused": "more than 1,000 handshakes at once"."""
    allowed = 1_000
    needs_files(allowed)
    server = start(doors=("irc", "ircs"), durability="off")
    witnesses = Witnesses(server)
    before = resident(server)
    waiting = [Person(plugged(server, "ircs")) for _ in range(allowed)]
    for one in waiting:
        one.send(CLIENT_HELLO)
    witnesses.go_on()
    late = Person(plugged(server, "ircs"))
    assert late.rest() == ""
    each = (resident(server) - before) / allowed
    print(f"{each / 1024:.0f} KiB for each handshake")
    assert resident(server) - before < allowed * 50 * 1024 + SLACK_BYTES  # as limits.py says
    waiting.pop().reset()
    _eventually_enters(server, witnesses.go_on)


def _eventually_enters(server: Server, pause: Callable[[], object]) -> None:
    def enters() -> bool:
        try:
            arrive(server, "ircs").enter("tarde")
        except (OSError, AssertionError):
            return False
        return True

    eventually(enters, pause)


def test_connections_over_the_limit_are_told_so(start: Start) -> None:
    server = start(doors=("irc", "ircs", "unix", "plain"), durability="off", connections=4)
    witnesses = Witnesses(server)
    arrive(server)
    arrive(server)
    for door in ("irc", "ircs", "unix", "plain"):
        assert "Server is full" in arrive(server, door).rest()
    witnesses.go_on()


def test_a_server_without_files_goes_on(start: Start) -> None:
    """docs/doors.md: "When the process runs out of files, open connections go on, new ones wait or are closed
    at once, and the log says to raise `ulimit -n` before it comes to that."
    """
    files = 256
    server = start(durability="normal")
    witnesses = Witnesses(server)
    _limit_files(server, files)
    before = resident(server)
    crowd: list[socket.socket] = [plugged(server) for _ in range(files + 50)]
    server.wait_log("raise `ulimit -n`")
    witnesses.go_on()
    assert len(lines_with(server, "ulimit")) == 1
    for one in crowd:
        one.close()
    witnesses.go_on()
    eventually(lambda: _comes_in(server), witnesses.go_on)
    assert resident(server) - before < SLACK_BYTES


def _limit_files(server: Server, files: int) -> None:
    import resource

    resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (files, files))


def _comes_in(server: Server) -> bool:
    try:
        arrive(server).enter("nueva")
    except (OSError, AssertionError):
        return False
    return True
