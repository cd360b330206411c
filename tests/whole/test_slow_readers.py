"""Readers that do not read, at every door: dropped with a reason, without harm or memory.

docs/doors.md: "A reader for whom more than 4 MiB wait is dropped with "SendQ exceeded"; others are unharmed."
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tertulia.limits import SEND_QUEUE_BYTES
from tests.cli.process import Server
from tests.support.machine import kernel_bytes
from tests.whole.outside import MIB, SLACK_BYTES, alone, kept, resident
from tests.whole.people import Person, Witnesses, arrive

pytestmark = pytest.mark.slow

DOORS = ("irc", "ircs", "unix", "http", "plain")
ROOM = "#tertulia"  # where the plain door leads
BURST_LINES = 400
TEXT = "x" * 440
HELD_BYTES = SEND_QUEUE_BYTES + kernel_bytes()  # by the server and the kernel, for one who reads nothing
QUESTIONS_BYTES = HELD_BYTES  # at most, until nobody takes them any more: answers are larger than questions
BURSTS_MAX = HELD_BYTES // (BURST_LINES * len(TEXT)) + 2


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with kept(
        tmp_path_factory.mktemp("l"), doors=DOORS, durability="off", flood=False, ping_seconds=3_600
    ) as server:
        yield server


@pytest.fixture
def server(house: Server) -> Iterator[Server]:
    yield from alone(house)


def talk_until_gone(speaker: Person, listener: Person, gone: set[str]) -> int:
    """Talk until the listener has heard that all of these were dropped; it must hear every word meanwhile.

    How many lines that took.
    """
    number, missing = 0, set(gone)
    for _ in range(BURSTS_MAX):
        first, number = number, number + BURST_LINES
        speaker.say(*(f"PRIVMSG {ROOM} :{line} {TEXT}" for line in range(first, number)))
        speaker.fence()
        heard = listener.fence()
        words = [line.split(" :", 1)[1].split(" ")[0] for line in heard if " PRIVMSG " in line]
        assert words == [str(line) for line in range(first, number)]
        leaving = [line for line in heard if " QUIT " in line]
        assert all(line.endswith(":SendQ exceeded") for line in leaving), leaving
        missing -= {line[1:].partition("!")[0] for line in leaving}
        if not missing:
            return number
    raise AssertionError(f"still there: {missing}")


def pair(server: Server) -> tuple[Person, Person]:
    return arrive(server).enter("ana", ROOM), arrive(server).enter("bea", ROOM)


@pytest.mark.parametrize("scheme", DOORS)
def test_who_never_reads_is_dropped_and_others_hear_everything(server: Server, scheme: str) -> None:
    witnesses = Witnesses(server)
    ana, bea = pair(server)
    arrive(server, scheme, receive_bytes=4_096).enter("tapon", ROOM)
    before = resident(server)
    lines = talk_until_gone(ana, bea, {"tapon"})
    stored = lines * 1_500  # what the store in memory keeps of each line, generously
    assert resident(server) - before < SEND_QUEUE_BYTES + stored + SLACK_BYTES
    witnesses.go_on()


def test_many_such_readers_cost_no_more_the_second_time(server: Server) -> None:
    many = 12
    witnesses = Witnesses(server)
    ana, bea = pair(server)
    peaks = []
    before = resident(server)
    for turn in range(3):
        names = {f"tapon{turn}x{number}" for number in range(many)}
        stuck = [arrive(server, receive_bytes=4_096).enter(name, ROOM) for name in sorted(names)]
        talk_until_gone(ana, bea, names)
        peaks.append(resident(server))
        witnesses.go_on()
        for one in stuck:
            one.plug.close()
    print(f"resident: {before / MIB:.0f} MiB, then {[f'{peak / MIB:.0f}' for peak in peaks]}")
    assert peaks[0] - before < many * SEND_QUEUE_BYTES + SLACK_BYTES
    assert peaks[2] - peaks[0] < SLACK_BYTES


QUESTIONS = ["LIST", f"WHO {ROOM}", "HELP PRIVMSG", f"CHATHISTORY LATEST {ROOM} * 1000", "@label=a LIST"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_who_asks_for_more_than_it_reads_is_dropped(server: Server, question: str) -> None:
    """Without flood control ten thousand questions come in one read, and answers are larger than they."""
    witnesses = Witnesses(server)
    ana, bea = pair(server)
    for number in range(90):
        ana.say(f"JOIN #sala{number}", f"TOPIC #sala{number} :{'t' * 300}")
    ana.say(*(f"PRIVMSG {ROOM} :{number} {TEXT}" for number in range(1_000)))
    ana.fence()
    asker = arrive(server, receive_bytes=4_096)
    asker.enter("pide", ROOM, capabilities="draft/chathistory batch labeled-response")
    bea.fence()
    before = resident(server)
    speaking = threading.Thread(target=lambda: asker.pour(f"{question}\r\n".encode(), QUESTIONS_BYTES))
    speaking.start()
    assert bea.until(":pide!", " QUIT ").endswith(":SendQ exceeded")
    grown = resident(server) - before
    speaking.join()
    print(f"{question}: {grown / MIB:.0f} MiB more")
    assert grown < SEND_QUEUE_BYTES + SLACK_BYTES
    witnesses.go_on()


def test_a_page_of_long_messages_can_be_read(server: Server) -> None:
    """A thousand messages of sixteen kilobytes are more than may wait for a reader: a page has fewer then."""
    capabilities = "batch message-tags server-time draft/multiline draft/chathistory"
    ana = arrive(server).enter("ana", "#larga", capabilities=capabilities)
    for number in range(300):
        lines = [f"@batch=b PRIVMSG #larga :{number} {TEXT[:400]}"] * 39
        ana.say("BATCH +b draft/multiline #larga", *lines, "BATCH -b")
    ana.fence()
    for asked in ("LATEST #larga *", "BEFORE #larga timestamp=2100-01-01T00:00:00.000Z"):
        for negotiated in (capabilities, "draft/chathistory"):
            reader = arrive(server).enter("lee", "#larga", capabilities=negotiated)
            reader.say(f"CHATHISTORY {asked} 1000")
            said = [line for line in reader.fence() if " PRIVMSG " in line]
            assert f":{299} x" in said[-1]
            assert len(said) > 39 * 50
            reader.say("QUIT")
            reader.rest()
