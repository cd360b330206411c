"""INBOX: docs/extensions/inbox.md."""

from __future__ import annotations

import pytest

from tertulia.protocol.line import Line, parse
from tests.support.agents import come, let_in
from tests.support.failing import FailingStore
from tests.support.town import Client, Town

TEA = "message-tags echo-message"


@pytest.fixture
def token(town: Town) -> str:
    return let_in(town)


@pytest.fixture
def ana(town: Town) -> Client:
    return town.join("bea", "#tea", caps=TEA)


@pytest.fixture
def scout(town: Town, token: str, ana: Client) -> Client:
    agent = come(town, token, "Scout", "#tea")
    ana.take()
    return agent


def told(lines: list[str], words: str) -> bool:
    return any(words in line for line in lines)


def claim(agent: Client, *args: str) -> list[Line]:
    """The events, as messages with their tags."""
    lines = [parse(one) for one in agent.say(" ".join(["INBOX CLAIM", *(args or ("20",))]))]
    return [line for line in lines if line.tags and "tertulia.chat/event" in line.tags]


def kinds(events: list[Line]) -> list[tuple[str, str]]:
    return [((line.tags or {})["tertulia.chat/event"], line.params[-1]) for line in events]


def word(event: Line) -> str:
    return (event.tags or {})["tertulia.chat/claim"]


def test_what_means_the_agent_is_an_event(scout: Client, ana: Client) -> None:
    """ "An event is a message that addresses the agent, names it, replies to it, is private, or reacts to
    what it said" """
    ana.send("PRIVMSG #tea :scout: hello", "PRIVMSG #tea :ask @Scout", "PRIVMSG #tea :the scouts",
             "NOTICE #tea :scout: no", "PRIVMSG Scout :psst")  # fmt: skip
    assert kinds(claim(scout)) == [
        ("addressed", "scout: hello"), ("mention", "ask @Scout"), ("private", "psst"),
    ]  # fmt: skip


def test_all_means_every_message_of_others(scout: Client, ana: Client) -> None:
    ana.say("PRIVMSG #tea :tea?")
    scout.say("PRIVMSG #tea :mine")
    assert kinds(claim(scout, "20", "all")) == [("message", "tea?")]


def test_replies_and_reactions_to_its_words(town: Town, scout: Client, ana: Client) -> None:
    scout.say("PRIVMSG #tea :a fact")
    fact = next(one for one in map(parse, ana.take()) if one.params[-1] == "a fact")
    number = (fact.tags or {})["msgid"]
    ana.say(f"@+draft/reply={number} PRIVMSG #tea :really?",
            f"@+draft/reply={number};+draft/react=👍 TAGMSG #tea")  # fmt: skip
    assert [kind for kind, _ in kinds(claim(scout))] == ["reply", "reaction"]


def test_what_is_claimed_is_nobody_elses_until_the_lease_ends(
    town: Town, token: str, scout: Client, ana: Client
) -> None:
    """ "What is claimed and not acknowledged within the lease is given out again" """
    ana.say("PRIVMSG #tea :scout: hello")
    first = claim(scout, "20", "30")
    other = come(town, token, "Scout")
    assert len(first) == 1 and claim(other) == []
    town.scheduler.advance(31)
    second = claim(other)
    assert kinds(second) == kinds(first) and word(second[0]) != word(first[0])


def test_an_acknowledged_event_does_not_come_back(scout: Client, ana: Client) -> None:
    ana.send("PRIVMSG #tea :scout: one", "PRIVMSG #tea :scout: two")
    events = claim(scout)
    msgid = (events[0].tags or {})["msgid"]
    assert told(scout.say(f"INBOX ACK {word(events[0])} {msgid}"), "INBOX ACKED")
    scout.say(f"INBOX RELEASE {word(events[0])}")
    (left,) = claim(scout)
    assert left.params[-1] == "scout: two"
    scout.say(f"INBOX ACK {word(left)}")
    assert claim(scout) == []


def test_a_stale_claim_says_nothing(town: Town, token: str, scout: Client, ana: Client) -> None:
    """ "A message that answers a claim which is over is refused: another may be answering" """
    ana.say("PRIVMSG #tea :scout: hello")
    (late,) = claim(scout, "20", "30")
    town.scheduler.advance(31)
    (event,) = claim(come(town, token, "Scout"))
    ana.take()
    assert told(scout.say(f"@tertulia.chat/ack={word(late)} PRIVMSG #tea :late"), " 754 ")
    assert told(scout.say(f"INBOX ACK {word(late)}"), "STALE_CLAIM")
    assert not told(ana.take(), "late")
    scout.say(f"@tertulia.chat/ack={word(event)} PRIVMSG #tea :in time")
    heard = ana.take()
    assert told(heard, "in time") and not told(heard, "tertulia.chat/ack")
    assert claim(scout) == []


def test_an_answer_and_its_acknowledgement_are_stored_together_or_not_at_all() -> None:
    store = FailingStore()
    town = Town(store)
    token = let_in(town)
    bea = town.join("bea", "#tea")
    agent = come(town, token, "Scout", "#tea")
    bea.say("PRIVMSG #tea :scout: hello")
    (event,) = claim(agent)
    store.fail()
    agent.say(f"@tertulia.chat/ack={word(event)} PRIVMSG #tea :lost")
    store.mend()
    agent.say(f"@tertulia.chat/ack={word(event)} PRIVMSG #tea :kept")
    together = [
        commit for commit in store.commits if any(getattr(one, "text", "") == "kept" for one in commit)
    ]
    assert [type(one).__name__ for one in together[0]] == ["Place", "Message"]
    assert claim(agent) == []


def test_an_agent_that_comes_back_finds_what_it_missed(
    town: Town, token: str, scout: Client, ana: Client
) -> None:
    ana.say("PRIVMSG #tea :before")
    scout.say("QUIT")
    ana.say("PRIVMSG #tea :scout: are you there?")
    again = come(town, token, "Scout", "#tea")
    assert kinds(claim(again)) == [("addressed", "scout: are you there?")]


def test_a_first_coming_that_cannot_be_kept_is_refused() -> None:
    """Else its place would be begun anew, behind what was said to it meanwhile."""
    store = FailingStore()
    town = Town(store)
    token = let_in(town)
    bea = town.join("bea", "#tea")
    agent = come(town, token, "Scout")
    store.fail()
    assert told(agent.say("JOIN #tea"), "FAIL JOIN NOT_STORED")
    assert not told(bea.say("NAMES #tea"), "Scout")
    store.mend()
    agent.say("JOIN #tea")
    bea.say("PRIVMSG #tea :scout: hello")
    agent.say("QUIT")
    assert kinds(claim(come(town, token, "Scout", "#tea"))) == [("addressed", "scout: hello")]


def test_what_was_said_before_it_first_came_is_no_event(town: Town, token: str, ana: Client) -> None:
    ana.say("PRIVMSG #tea :scout: long ago")
    assert claim(come(town, token, "Scout", "#tea")) == []


def test_bots_at_the_limit_of_hops_wake_nobody(town: Town, scout: Client) -> None:
    """ "Models do not answer at or above the room's limit" """
    other = let_in(town, "Parrot")
    parrot = come(town, other, "Parrot", "#tea")
    parrot.say("PRIVMSG #tea :scout: one")
    scout.say("PRIVMSG #tea :parrot: two")
    parrot.say("PRIVMSG #tea :scout: three")
    assert kinds(claim(scout)) == [("addressed", "scout: one")]


def test_the_limit_of_a_room_holds_for_agents_too(town: Town, scout: Client) -> None:
    class Settled:
        def hops(self, room: str) -> int:
            return {"#tea": 1}.get(room, 0)

    town.hub.keepsakes = Settled()  # type: ignore[assignment]  # nothing else is asked of it
    parrot = come(town, let_in(town, "Parrot"), "Parrot", "#tea")
    parrot.say("PRIVMSG #tea :scout: one")
    assert claim(scout) == []


def test_people_have_no_inbox(ana: Client) -> None:
    assert told(ana.say("INBOX CLAIM 5"), "who come with a token")


@pytest.mark.parametrize("args", ["CLAIM x", "CLAIM 0", "CLAIM 5 meant 999999", "CLAIM 5 maybe", "WHAT 5"])
def test_what_makes_no_sense_is_refused(scout: Client, args: str) -> None:
    assert told(scout.say(f"INBOX {args}"), "Invalid parameters")
