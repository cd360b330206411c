"""A raid: five hundred from a few networks flood a room, and an operator ends it with the tools there are.

Everybody comes through a door that reads the PROXY protocol, so each has an address of its own. What must be
true in the end: none of the raiders is in or gets in, nobody else was disconnected, and people heard each
other all the while; how long that took is compared with the calm before, and printed.
"""

from __future__ import annotations

import socket
import statistics
import time
from collections.abc import Iterator

import pytest

from tests.cli.process import Server
from tests.whole.outside import URIS, Start
from tests.whole.people import Person, plugged

pytestmark = pytest.mark.slow

NETWORKS = {"198.51.100.0/24": 200, "203.0.113.0/24": 200, "2001:db8:bad::/48": 100}
PEOPLE = 10
LINES = 4  # of each raider: two thousand in all, each heard by everybody in the room
ROUNDS = 30
PATIENCE_SECONDS = 3_600  # of the server with those who are not read for a while: however long it all takes
TALK = (
    1_000  # lines that one may say at once: a measure of the raid must not be one of the speaker's own bound
)


@pytest.fixture
def server(start: Start, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setitem(URIS, "irc", "irc://127.0.0.1:0?proxy=1")
    return start(
        doors=("irc", "unix"),
        flood_burst=TALK,
        ping_seconds=PATIENCE_SECONDS,
        more='[[operators]]\nname = "root"\npassword = "secret"\n',
    )


def come(server: Server, address: str) -> socket.socket:
    """A connection that a proxy says is from there."""
    plug = plugged(server, "irc")
    version, target = ("6", "2001:db8::1") if ":" in address else ("4", "192.0.2.1")
    plug.sendall(f"PROXY TCP{version} {address} {target} 40000 6667\r\n".encode())
    return plug


def addresses() -> Iterator[str]:
    for network, count in NETWORKS.items():
        head = network.partition("/")[0]
        for number in range(1, count + 1):
            yield f"{head[:-1]}{number:x}::1" if ":" in head else f"{head[:-1]}{number}"


def latencies(speaker: Person, listener: Person) -> list[float]:
    """Seconds from one saying something in the room to the other hearing it."""
    found = []
    for number in range(ROUNDS):
        word = f"round{number}.{time.monotonic_ns()}"
        began = time.perf_counter()
        speaker.say(f"PRIVMSG #plaza :{word}")
        listener.until(word)
        found.append(time.perf_counter() - began)
        speaker.fence()
    return found


def notices(operator: Person, *lines: str) -> list[str]:
    operator.say(*lines)
    return [line for line in operator.fence() if " NOTICE " in line]


def test_a_raid_of_five_hundred(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    people = [
        Person(come(server, f"192.0.2.{10 + number}")).enter(f"person{number}", "#plaza")
        for number in range(PEOPLE)
    ]
    caught = Person(come(server, "198.51.100.250")).enter("caught", "#plaza")  # an innocent among the raiders
    operator = Person(plugged(server, "unix")).enter("root", "#plaza")
    operator.say("OPER root secret", "MODE root +s")
    operator.until(" 381 ")
    calm = latencies(people[0], people[1])

    raiders = [Person(come(server, address)) for address in addresses()]
    assert len(raiders) == 500
    for number, raider in enumerate(raiders):
        flood = "".join(f"PRIVMSG #plaza :buy {number} {line}\r\n" for line in range(LINES))
        raider.send(f"NICK r{number}\r\nUSER r 0 * :R\r\nJOIN #plaza\r\n{flood}".encode())
    under = latencies(people[0], people[1])
    for raider in raiders:  # those who are still on their way DEFCON 2 would refuse before any ban could
        raider.until(" 366 ")

    assert any("DEFCON 2" in line for line in notices(operator, "DEFCON 2"))
    assert any("would hit" in line for line in notices(operator, "UBAN TEST 198.51.100.0/24"))
    operator.say("UBAN EXEMPT 198.51.100.250 known to us")
    for network in NETWORKS:
        operator.say(f"DLINE 1d {network} raid")
    said = " ".join(notices(operator))
    assert all(network in said for network in NETWORKS)
    ending = latencies(people[0], people[1])

    for raider in raiders:  # each was told why, and is out
        assert "raid" in raider.rest().rpartition("465")[2]
    for address in list(addresses())[::50]:
        assert "465" in Person(come(server, address)).rest(), "it does not get in again"
    operator.say("DEFCON 5", "NAMES #plaza")
    inside = operator.until(" 353 ").rpartition(":")[2].replace("@", "").split()
    assert sorted(inside) == sorted(["root", "caught", *(f"person{number}" for number in range(PEOPLE))])
    for one in [*people, caught]:
        one.fence()  # whoever was disconnected would not answer

    after = latencies(people[0], people[1])

    medians = [statistics.median(times) for times in (calm, under, ending, after)]
    with capsys.disabled():
        times = ", ".join(f"{median * 1000:.2f} ({median / medians[0]:.1f})" for median in medians)
        print(f"\nraid: ms from word to ear (times the calm): calm, raid, being ended, after: {times}")
