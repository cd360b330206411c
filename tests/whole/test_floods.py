"""Clients that say more than their share: slowed down, then dropped with "Excess Flood"; others are unharmed.

docs/configuration.md: `limits.flood_burst`, "How many commands a client may send at once";
`limits.flood_per_second`, "How many a second after that"; `limits.flood_lines_waiting`, "How many lines of an
eager client are held back before it is dropped".
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.cli.process import Server
from tests.whole.outside import MIB, SLACK_BYTES, Start, alone, health, kept, resident
from tests.whole.people import Person, Witnesses, arrive, text_frame

pytestmark = pytest.mark.slow

DOORS = ("irc", "ircs", "unix", "http", "plain")
BURST = 10  # that are answered at once, at the least
FIREHOSE_BYTES = 32 * MIB
HEARD_MAX = 400  # of a firehose, by others: what a burst and the seconds of the test allow, many times over
MULTILINE = "draft/multiline batch message-tags standard-replies"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with kept(tmp_path_factory.mktemp("f"), doors=DOORS, durability="off") as server:
        yield server


@pytest.fixture
def server(house: Server) -> Iterator[Server]:
    yield from alone(house)


def test_an_eager_client_is_slowed_down(server: Server) -> None:
    asked = 80
    witnesses = Witnesses(server)
    eager = arrive(server).enter("eager")
    eager.say(*(f"PING p{number}" for number in range(asked)))
    heard = [eager.line() for _ in range(BURST)]  # at once
    witnesses.go_on()
    while not eager.silent_for(0):
        heard += eager.taken()
    assert len(heard) < asked
    heard.append(eager.line())  # the next one comes, in its time and in its turn
    assert all(f"p{number}" in line for number, line in enumerate(heard))
    witnesses.go_on()


def test_a_client_that_sends_on_is_told_why_it_goes(server: Server) -> None:
    eager = arrive(server).enter("eager")
    shout(eager, ["PING"] * 300)
    assert "[Excess Flood]" in eager.rest()


def shout(one: Person, lines: list[str]) -> None:
    """It may be shut out before the last of them."""
    data = "".join(f"{line}\r\n" for line in lines).encode()
    one.pour(data, len(data))


@pytest.mark.parametrize("door", DOORS)
def test_a_firehose_is_shut(server: Server, door: str) -> None:
    """Read by nobody, sent as fast as the machine can, and in the room of others."""
    witnesses = Witnesses(server)
    listener = arrive(server).enter("oye", "#tertulia")
    hose = arrive(server, door, receive_bytes=4_096).enter("agua", "#tertulia")
    before = resident(server)
    words = {"plain": b"agua\n", "http": text_frame(b"PRIVMSG #tertulia :agua")}
    pouring = threading.Thread(
        target=hose.pour, args=(words.get(door, b"PRIVMSG #tertulia :agua\r\n"), FIREHOSE_BYTES)
    )
    pouring.start()
    heard = _until_gone(listener)
    witnesses.go_on()
    pouring.join()
    assert sum("PRIVMSG" in line for line in heard) < HEARD_MAX
    assert heard[-1].endswith(":Excess Flood")
    assert resident(server) - before < SLACK_BYTES
    witnesses.go_on()


def _until_gone(listener: Person) -> list[str]:
    heard = [listener.line()]
    while " QUIT " not in heard[-1]:
        heard.append(listener.line())
    return heard


FLOODS = {
    "rooms": [f"JOIN #r{number}" for number in range(500)],
    "names": [f"NICK n{number}" for number in range(500)],
    "who": ["WHO #calle"] * 500,
    "list": ["LIST"] * 500,
    "history": ["CHATHISTORY LATEST #calle * 1000"] * 500,
    "whois": ["WHOIS eva"] * 500,
    "unknown": ["NADA"] * 500,
    "not even lines": ["\0"] * 500,
    "before registration": [],
}


@pytest.mark.parametrize("kind", FLOODS)
def test_floods_of_commands(server: Server, kind: str) -> None:
    witnesses = Witnesses(server)
    before = resident(server)
    for number in range(8):
        flooder = arrive(server)
        if FLOODS[kind]:
            flooder.enter(f"f{number}", "#calle")
        shout(flooder, FLOODS[kind] or ["CAP LS 302"] * 500)
        witnesses.go_on()
        assert "[Excess Flood]" in flooder.rest()
    assert resident(server) - before < SLACK_BYTES
    witnesses.go_on()


def test_ten_thousand_rooms_of_one(start: Start) -> None:
    """ISUPPORT CHANLIMIT: a hundred at once. Those in which something was said stay, and are small."""
    rooms, allowed = 10_000, 100
    server = start(doors=("irc", "http"), durability="off", flood=False)
    witnesses = Witnesses(server)
    eager = arrive(server).enter("eager")
    before = resident(server)
    eager.say(*(f"JOIN #r{number}" for number in range(rooms)))
    heard = eager.fence()
    assert sum(" 405 " in line for line in heard) == rooms - allowed
    assert sum(" 366 " in line for line in heard) == allowed
    witnesses.go_on()
    eager.say("JOIN 0", *(f"PART #r{number}" for number in range(allowed)))
    eager.fence()
    for first in range(0, rooms, 500):
        for number in range(first, first + 500):
            eager.say(f"JOIN #r{number}", f"PRIVMSG #r{number} :.", f"PART #r{number}")
        eager.fence()
        witnesses.go_on()
    assert health(server)["rooms"] == rooms + 1
    grown = resident(server) - before
    print(f"{grown / rooms / 1024:.1f} KiB for each room and its message")
    assert grown < rooms * 4 * 1024 + SLACK_BYTES


def test_batches_that_grow_and_stay_open(start: Start) -> None:
    """draft/multiline: max-bytes is "the maximum allowed total byte length of multiline batched content"."""
    people, batches = 50, 6
    server = start(durability="off", flood=False)
    witnesses = Witnesses(server)
    before = resident(server)
    for number in range(people):
        one = arrive(server).enter(f"b{number}", "#sala", capabilities=MULTILINE)
        for batch in range(batches):
            one.say(f"BATCH +{batch} draft/multiline #sala")
            one.say(*[f"@batch={batch} PRIVMSG #sala :{'m' * 400}"] * 60)
        heard = one.fence()
        assert any("FAIL BATCH MULTILINE_MAX_BYTES" in line for line in heard), heard[-3:]
        witnesses.go_on()
    assert resident(server) - before < SLACK_BYTES
