"""draft/event-playback: what was done in a room is in its history, for clients that ask for it."""

from __future__ import annotations

import pytest

from tertulia.commands.settings import Bounds, History
from tertulia.limits import HAPPENINGS_ROOM, SOON_SECONDS
from tertulia.protocol.history import Happening
from tests.support.failing import FailingStore
from tests.support.reading import all_of, tag, the
from tests.support.town import Client, Town

CAPS = "batch message-tags server-time draft/chathistory draft/message-redaction"
ASK = "CHATHISTORY LATEST #r * 100"


@pytest.fixture
def ana(town: Town) -> Client:
    ana = town.join("ana", "#r", caps=f"{CAPS} echo-message draft/event-playback")
    ana.say("PRIVMSG #r :first")
    return ana


def replayed(client: Client, ask: str = ASK) -> list[str]:
    """What a batch has, without tags, sources as nicks."""
    client.town.run()
    client.take()
    lines = [line for line in client.say(ask) if "batch=" in line.split(" ")[0] or line[0] != "@"]
    told = [line.partition(" ")[2] if line[0] == "@" else line for line in lines if " BATCH " not in line]
    return [f"{line[1:].partition('!')[0]} {line.partition(' ')[2]}" for line in told]


def test_what_is_done_is_played_back(town: Town, ana: Client) -> None:
    """ "This allows the client to signal that it is capable of receiving and correctly processing lines that
    would normally produce a local state change (such as `JOIN` or `MODE`) in its history batches." """
    eva = town.join("eva", "#r")
    ana.say("MODE #r +v eva", "TOPIC #r :té", "TOPIC #r :")
    eva.say("NICK Eva2", "PART #r :me voy", "JOIN #r")
    ana.say("KICK #r Eva2 :fuera")
    eva.say("JOIN #r", "QUIT :adiós")
    town.run()
    assert replayed(ana) == [
        "ana PRIVMSG #r :first",
        "eva JOIN #r",
        "ana MODE #r +v eva",
        "ana TOPIC #r :té",
        "ana TOPIC #r :",
        "eva NICK :Eva2",
        "Eva2 PART #r :me voy",
        "Eva2 JOIN #r",
        "ana KICK #r Eva2 :fuera",
        "Eva2 JOIN #r",
        "Eva2 QUIT :Quit: adiós",
    ]


def test_who_does_not_ask_is_given_words_alone(town: Town, ana: Client) -> None:
    old = town.join("old", "#r", caps=CAPS)
    ana.say("MODE #r +v old", "@+draft/react=👍;+draft/reply=1 TAGMSG #r")
    assert replayed(old) == ["ana PRIVMSG #r :first"]


def test_events_fill_no_page_of_who_does_not_ask(town: Town, ana: Client) -> None:
    old = town.join("old", "#r", caps=CAPS)
    for _ in range(10):
        ana.say("MODE #r +v old", "MODE #r -v old")
    ana.say("PRIVMSG #r :last")
    assert replayed(old, "CHATHISTORY LATEST #r * 2") == ["ana PRIVMSG #r :first", "ana PRIVMSG #r :last"]
    assert len(replayed(ana, "CHATHISTORY LATEST #r * 2")) == 2


def test_join_is_told_in_the_readers_form(town: Town, ana: Client) -> None:
    town.join("eva", "#r")
    ana.say("CAP REQ extended-join")
    assert replayed(ana)[-1] == "eva JOIN #r * :Eva"


def test_they_have_times_and_ids_in_order(town: Town, ana: Client) -> None:
    town.advance(5)
    town.join("eva", "#r")
    ana.take()
    said, joined = all_of(ana.say(ASK), "PRIVMSG", "JOIN")
    assert tag(joined, "time") == "2026-09-21T14:13:25.000Z" or str(tag(joined, "time")) > str(
        tag(said, "time")
    )
    assert int(str(tag(said, "msgid")), 16) < int(str(tag(joined, "msgid")), 16)
    after = all_of(ana.say(f"CHATHISTORY AFTER #r msgid={tag(said, 'msgid')} 9"), "PRIVMSG", "JOIN")
    assert [line.command for line in after] == ["JOIN"]


def test_reactions_are_kept_and_can_be_taken_back(town: Town, ana: Client) -> None:
    eva = town.join("eva", "#r", caps=f"{CAPS} draft/event-playback echo-message")
    eva.say("@+typing=active TAGMSG #r")
    react = the(eva.say("@+draft/react=👍;+draft/reply=abc TAGMSG #r"), "TAGMSG")
    ana.take()
    found = the(ana.say(ASK), "TAGMSG")
    assert (tag(found, "+draft/react"), tag(found, "+draft/reply")) == ("👍", "abc")
    assert tag(found, "msgid") == tag(react, "msgid")
    eva.say(f"REDACT #r {tag(react, 'msgid')}")
    ana.take()
    assert all_of(ana.say(ASK), "TAGMSG") == []


def test_private_reactions(town: Town, ana: Client) -> None:
    eva = town.join("eva", caps=f"{CAPS} draft/event-playback")
    eva.say("PRIVMSG ana :hola", "@+draft/react=❤ TAGMSG ana")
    town.run()
    ana.take()
    assert len(all_of(ana.say("CHATHISTORY LATEST eva * 9"), "TAGMSG")) == 1
    leo = town.join("leo", caps=f"{CAPS} draft/event-playback")
    assert all_of(leo.say("CHATHISTORY LATEST eva * 9"), "TAGMSG") == []


def test_what_somebody_did_cannot_be_redacted(town: Town, ana: Client) -> None:
    ana.say("MODE #r +v ana")
    mode = the([line for line in ana.say(ASK) if " MODE " in line], "MODE")
    assert the(ana.say(f"REDACT #r {tag(mode, 'msgid')}"), "FAIL").params[1] == "UNKNOWN_MSGID"


def test_of_large_rooms_only_what_changes_them_is_kept() -> None:
    town = Town(bounds=Bounds(flood=False))
    ana = town.join("ana", "#r", caps=f"{CAPS} draft/event-playback")
    ana.say("PRIVMSG #r :first")
    for number in range(HAPPENINGS_ROOM + 2):
        town.join(f"n{number}", "#r")
    ana.say("TOPIC #r :llena")
    kinds = [line.command for line in all_of(ana.say("CHATHISTORY LATEST #r * 1000"), "JOIN", "TOPIC")]
    assert kinds.count("JOIN") < HAPPENINGS_ROOM and kinds[-1] == "TOPIC"


def test_none_of_it_costs_a_commit_of_its_own() -> None:
    store = FailingStore()
    town = Town(store)
    ana = town.join("ana", "#r")
    ana.say("PRIVMSG #r :first")
    before = len(store.commits)
    town.join("eva", "#r").say("PART #r")
    assert len(store.commits) == before
    ana.say("PRIVMSG #r :second")
    assert [type(one) for one in store.commits[-1]].count(Happening) == 2
    town.join("leo", "#r")
    town.advance(SOON_SECONDS + 10)
    assert len(store.commits) == before + 2


def test_the_operator_can_switch_it_off() -> None:
    town = Town(history=History(events=False))
    ana = town.join("ana", "#r", caps=f"{CAPS} draft/event-playback")
    ana.say("PRIVMSG #r :first", "MODE #r +v ana")
    assert replayed(ana) == ["ana PRIVMSG #r :first"]


def test_a_room_of_which_nothing_is_kept_keeps_no_comings_and_goings(town: Town) -> None:
    eva = town.join("eva", "#new", caps=f"{CAPS} draft/event-playback")
    eva.say("MODE #new +v eva")
    assert replayed(eva, "CHATHISTORY LATEST #new * 9") == []
