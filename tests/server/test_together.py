"""Many who leave at once for one cause.

What belongs here: the batches netsplit and netjoin, and who hears which QUIT. What must not: bans
(`tests/commands/test_bans.py`)."""

from __future__ import annotations

import pytest

from tertulia.commands.settings import Operator
from tertulia.ports import Peer
from tertulia.protocol import capabilities as cap
from tertulia.protocol.line import nick_of, parse
from tertulia.server.render import Told
from tertulia.server.together import Together
from tests.support.reading import all_of
from tests.support.town import Client, Town, commands

RAID = Peer("irc", "192.0.2.66")


@pytest.fixture
def town() -> Town:
    return Town(operators=(Operator("root", "geheim"),))


@pytest.fixture
def root(town: Town) -> Client:
    found = town.join("root", caps="batch labeled-response message-tags")
    found.say("OPER root geheim")
    return found


def raid(town: Town, *rooms: str, nicks: str = "u1 u2 u3") -> None:
    for nick in nicks.split():
        town.join(nick, *rooms, peer=RAID)


def quits(lines: list[str]) -> list[str]:
    return [nick_of(line.source or "") for line in all_of(lines, "QUIT")]


def test_one_batch_for_who_knows_batches(town: Town, root: Client) -> None:
    """ "When a netsplit occurs, the server MUST put all resulting QUITs into a single `netsplit` batch" """
    new, old = town.join("new", "#r", caps="batch server-time"), town.join("old", "#r")
    raid(town, "#r")
    new.take(), old.take()
    root.say("UBAN ADD 192.0.2.0/24 1h :raid")
    heard, plain = new.take(), old.take()
    assert commands(heard) == ["BATCH", "QUIT", "QUIT", "QUIT", "BATCH"]
    opening, closing = all_of(heard, "BATCH")
    reference = opening.params[0][1:]
    assert opening.params == [f"+{reference}", "netsplit", "*.net", "*.split"]
    assert closing.params == [f"-{reference}"]
    assert {(line.tags or {})["batch"] for line in all_of(heard, "QUIT")} == {reference}
    assert all("time" in (line.tags or {}) for line in all_of(heard, "QUIT"))
    assert commands(plain) == ["QUIT"] * 3 and quits(plain) == quits(heard) == ["u1", "u2", "u3"]
    assert parse(plain[0]).params == ["Banned (raid)"]


def test_each_hears_of_those_it_knew(town: Town, root: Client) -> None:
    both, one = town.join("both", "#r", "#s", caps="batch"), town.join("one", "#s", caps="batch")
    far = town.join("far", "#far", caps="batch")
    raid(town, "#r", nicks="u1 u2")
    raid(town, "#r", "#s", nicks="u3")
    for client in (both, one, far):
        client.take()
    root.say("UBAN ADD 192.0.2.0/24")
    assert quits(both.take()) == ["u1", "u2", "u3"]
    alone = one.take()
    assert quits(alone) == ["u3"] and commands(alone) == ["QUIT"]  # one who leaves is no split
    assert far.take() == []


def test_who_goes_is_not_told_of_the_others(town: Town, root: Client) -> None:
    raid(town, "#r", nicks="u1")
    last = town.join("u2", "#r", caps="batch", peer=RAID)
    root.say("UBAN ADD 192.0.2.0/24")
    assert commands(last.take()) == ["465", "ERROR"]


def test_an_auditorium_keeps_its_secret(town: Town, root: Client) -> None:
    chief, guest = town.join("chief", "#r", caps="batch"), town.join("guest", "#r", caps="batch")
    chief.say("MODE #r +u")
    raid(town, "#r")
    chief.take(), guest.take()
    root.say("UBAN ADD 192.0.2.0/24")
    assert quits(chief.take()) == ["u1", "u2", "u3"] and quits(guest.take()) == []


def test_what_was_said_before_is_heard_before(town: Town, root: Client) -> None:
    new = town.join("new", "#r", caps="batch")
    raid(town, "#r", nicks="u1 u2")
    talker = town.join("u3", "#r", peer=RAID)
    new.take()
    talker.send("PRIVMSG #r :last words")
    root.send("UBAN ADD 192.0.2.0/24")
    town.connect().send("NICK u3", "USER u 0 * :New", "JOIN #r")
    town.run()
    heard = [command for command in commands(new.take()) if command != "MODE"]
    assert heard == ["PRIVMSG", "BATCH", "QUIT", "QUIT", "QUIT", "BATCH", "JOIN"]


def test_the_operators_own_answer(town: Town, root: Client) -> None:
    """The QUITs are no part of the answer: it bears the label, and they do not."""
    root.say("JOIN #r")
    raid(town, "#r")
    root.take()
    heard = root.say("@label=x UBAN ADD 192.0.2.0/24")
    assert quits(heard) == ["u1", "u2", "u3"]
    assert not any("label" in (line.tags or {}) for line in all_of(heard, "QUIT"))


def test_those_who_come_back() -> None:
    """ "all netjoin-related JOINs MUST be put into a *single* `netjoin` batch" """
    joins = [Told(0, (0, f":{nick}!u@h JOIN #r")) for nick in ("ana", "eva")]
    assert Together("here", "r1", "netjoin", joins).render(cap.BATCH).split("\r\n") == [
        ":here BATCH +r1 netjoin *.net *.join",
        "@batch=r1 :ana!u@h JOIN #r",
        "@batch=r1 :eva!u@h JOIN #r",
        ":here BATCH -r1",
        "",
    ]
    assert Together("here", "r1", "netjoin", joins).render(0) == ":ana!u@h JOIN #r\r\n:eva!u@h JOIN #r\r\n"
