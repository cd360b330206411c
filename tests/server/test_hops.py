"""Cause and hops: docs/extensions/stream.md, "What led to it"."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tertulia.ports import Peer, Record
from tertulia.store.memory import MemoryStore
from tests.support.failing import FailingStore
from tests.support.reading import all_of, has, tag, the
from tests.support.town import Client, Town, commands

HOPS, CAUSE = "tertulia.chat/hops", "tertulia.chat/cause"
CAPS = "message-tags echo-message batch tertulia.chat/stream"


@pytest.fixture
def ana(town: Town) -> Client:
    return town.join("ana", "#r", caps=CAPS)


def bot(town: Town, nick: str, *rooms: str) -> Client:
    client = town.join(nick, *rooms, caps=CAPS)
    client.say(f"MODE {nick} +B")
    return client


def said(client: Client, line: str) -> tuple[str, str | None, str | None]:
    """The id, hops and cause of a message, from its echo."""
    found = the(client.say(line), "PRIVMSG")
    return tag(found, "msgid") or "", tag(found, HOPS), tag(found, CAUSE)


def test_a_person_s_words_have_neither(ana: Client) -> None:
    """ "a human's message has no such tag and counts as 0"; "From a member without the bot flag the server
    strips both." """
    assert said(ana, f"@{HOPS}=2;{CAUSE}=abc PRIVMSG #r :hola")[1:] == (None, None)


def test_one_more_than_the_cause(town: Town, ana: Client) -> None:
    """ "hops is one more than that of the cause" """
    one, two = bot(town, "uno", "#r"), bot(town, "dos", "#r")
    first, _, _ = said(ana, "PRIVMSG #r :hola")
    one.take(), two.take()
    second, hops, cause = said(one, f"@{CAUSE}={first} PRIVMSG #r :hola tú")
    assert (hops, cause) == ("1", first)
    two.take()
    _, hops, cause = said(two, f"@{CAUSE}={second} PRIVMSG #r :hola vosotros")
    assert (hops, cause) == ("2", second)


@pytest.mark.parametrize("name", ["+reply", "+draft/reply"])
def test_a_reply_names_its_cause(town: Town, ana: Client, name: str) -> None:
    """ "The server believes it if it knows that message; else it takes +reply, then +draft/reply" """
    robot = bot(town, "uno", "#r")
    first, _, _ = said(ana, "PRIVMSG #r :uno")
    said(ana, "PRIVMSG #r :dos")
    robot.take()
    assert said(robot, f"@{CAUSE}=123456;{name}={first} PRIVMSG #r :x")[1:] == ("1", first)


def test_the_latest_of_another(town: Town, ana: Client) -> None:
    """ "if the member names none, the latest message of that room or conversation that is not its own" """
    robot = bot(town, "uno", "#r")
    last, _, _ = said(ana, "PRIVMSG #r :uno")
    robot.take()
    assert said(robot, "PRIVMSG #r :a")[1:] == ("1", last)
    assert said(robot, "PRIVMSG #r :b")[1:] == ("1", last)


def test_no_cause_can_be_found(town: Town) -> None:
    """ "1 if no cause can be found" """
    robot = bot(town, "uno", "#r")
    assert said(robot, "PRIVMSG #r :buenos días")[1:] == ("1", None)


@pytest.mark.parametrize("cause", ["abc", "xyz", "-1", "", "ffffffffffffffffff"])
def test_an_unknown_cause_is_not_believed(town: Town, ana: Client, cause: str) -> None:
    """Not one that was never said, nor one said elsewhere: the cause is looked for in the log of that
    room."""
    robot = bot(town, "uno", "#r")
    last, _, _ = said(ana, "PRIVMSG #r :uno")
    robot.take()
    assert said(robot, f"@{CAUSE}={cause} PRIVMSG #r :x")[1:] == ("1", last)


def test_a_cause_in_another_room_is_not_believed(town: Town, ana: Client) -> None:
    """Else a program could escape its count by naming a person's words from elsewhere."""
    robot, other = bot(town, "uno", "#r", "#s"), bot(town, "dos", "#r", "#s")
    ana.say("JOIN #s")
    elsewhere, _, _ = said(ana, "PRIVMSG #s :x")
    robot.take(), other.take()
    first, hops, _ = said(other, "PRIVMSG #r :y")
    robot.take()
    assert hops == "1"
    assert said(robot, f"@{CAUSE}={elsewhere} PRIVMSG #r :z")[1:] == ("2", first)


def test_a_client_cannot_stamp_itself(town: Town, ana: Client) -> None:
    """ "Two tags which only the server puts on what a bot-flagged member says." """
    own = town.join("own", "#r", caps=CAPS, peer=Peer("memory", "localhost", local=True, trusted=True))
    own.say("MODE own +B")
    last, _, _ = said(ana, "PRIVMSG #r :uno")
    own.take()
    assert said(own, f"@{HOPS}=-5 PRIVMSG #r :x")[1:] == ("1", last)


def test_a_notice_has_neither(town: Town, ana: Client) -> None:
    """ "A NOTICE has neither, and programs MUST NOT answer a NOTICE: an error can wake nobody." """
    robot = bot(town, "uno", "#r")
    ana.say("PRIVMSG #r :hola")
    robot.take()
    for line, command in (
        (f"@{CAUSE}=1 NOTICE #r :falló", "NOTICE"),
        ("@+typing=active TAGMSG #r", "TAGMSG"),
    ):
        found = the(robot.say(line), command)
        assert tag(found, HOPS) is None and tag(found, CAUSE) is None and tag(found, "bot") == ""


def test_streams_are_stamped_on_their_opening(town: Town, ana: Client) -> None:
    """ "on PRIVMSG or on the opening of a batch" """
    robot = bot(town, "uno", "#r")
    last, _, _ = said(ana, "PRIVMSG #r :uno")
    ana.take()
    robot.say(f"@{CAUSE}={last} BATCH +s tertulia.chat/stream #r", "@batch=s PRIVMSG #r :x", "BATCH -s")
    opening = the(ana.say()[:1], "BATCH")
    assert (tag(opening, HOPS), tag(opening, CAUSE)) == ("1", last)


def test_a_cause_of_the_same_tick_is_known_and_costs_no_commit_of_its_own() -> None:
    """What is said in a tick is committed once, together: nobody waits for the disk because a bot answers."""
    store = Counting()
    town = Town(store)
    ana, robot = town.join("ana", "#r", caps=CAPS), bot(town, "uno", "#r")
    said(ana, "PRIVMSG #r :one")
    robot.take()
    before, last = store.commits, town.hub.ids.last
    ana.send("PRIVMSG #r :two")
    robot.send(f"@{CAUSE}={last + 1:x} PRIVMSG #r :three")
    town.run()
    assert store.commits == before + 1
    answer = all_of(ana.take(), "PRIVMSG")[-1]
    assert (answer.params[1], tag(answer, HOPS), tag(answer, CAUSE)) == ("three", "1", f"{last + 1:x}")


class Counting(MemoryStore):
    commits = 0

    def commit(self, records: Sequence[Record]) -> None:
        self.commits += 1
        super().commit(records)


def test_in_private(town: Town, ana: Client) -> None:
    robot = bot(town, "uno")
    last, _, _ = said(ana, "PRIVMSG uno :hola")
    robot.take()
    assert said(robot, "PRIVMSG ana :hola")[1:] == ("1", last)


def test_a_log_that_cannot_be_read() -> None:
    """A count that is not known is not made up: the bot's message is refused, a person's is not touched."""
    store = FailingStore()
    town = Town(store)
    ana, robot = town.join("ana", "#r"), bot(town, "uno", "#r")
    ana.take()
    store.fail("corrupt", reading=True)
    store.code = None
    store.page = _broken  # type: ignore[method-assign]
    assert commands(robot.say("PRIVMSG #r :x")) == ["NOTICE"]
    assert not has(ana.say(), "PRIVMSG")


def _broken(page: object) -> list[object]:
    from tertulia.ports import StoreError

    raise StoreError("corrupt", "the test says so")
