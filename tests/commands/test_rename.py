"""RENAME: IRCv3 channel-rename."""

from __future__ import annotations

import pytest

from tertulia.limits import NAMES_REMEMBERED
from tertulia.protocol.history import Page
from tests.support.accounts import account, log_in
from tests.support.failing import FailingStore
from tests.support.reading import all_of, has, texts, the
from tests.support.town import Client, Town, commands

CAPS = "draft/channel-rename"


@pytest.fixture
def ana(town: Town) -> Client:
    """The operator of #old."""
    return town.join("ana", "#old", caps=f"{CAPS} draft/chathistory batch message-tags standard-replies")


def test_those_who_know_it(town: Town, ana: Client) -> None:
    """ "The server to client command MUST always include the third parameter, an empty string MAY be
    used"."""
    bob = town.join("bob", "#old", caps=CAPS)
    ana.take()
    assert ana.say("RENAME #old #new :Typo fix") == [":ana!~ana@127.0.0.1 RENAME #old #new :Typo fix"]
    assert bob.say() == [":ana!~ana@127.0.0.1 RENAME #old #new :Typo fix"]
    town.clock.ms += 61_000
    assert ana.say("RENAME #new #newer")[-1].endswith("RENAME #new #newer :")


def test_the_fallback(town: Town, ana: Client) -> None:
    """ "Send the client a `PART` message for the old channel name, with part message matching the rename
    reason if given. Send the client a `JOIN` message followed by the usual messages"."""
    bob, luz = town.join("bob", "#old"), town.join("luz", "#old", caps="extended-join")
    ana.say("TOPIC #old :tea", "PRIVMSG #old :before", "RENAME #old #new :Because")
    lines = bob.say()
    at = next(number for number, line in enumerate(lines) if " PART " in line)
    assert texts(lines[:at]) == ["before"]
    assert lines[at : at + 2] == [":bob!~bob@127.0.0.1 PART #old :Because", ":bob!~bob@127.0.0.1 JOIN #new"]
    assert commands(lines[at + 2 :]) == ["332", "333", "353", "366"]
    assert set(the(lines, "353").params[-1].split()) == {"@ana", "bob", "luz"}
    assert the([line for line in luz.say() if "#new" in line], "JOIN").params == ["#new", "*", "Luz"]


def test_who_renames_without_it(town: Town) -> None:
    """ "the server SHOULD rename the channel, but use the fallback mechanism to report the name change to
    that client"."""
    lines = town.join("ana", "#old").say("RENAME #old #new")
    assert commands(lines) == ["PART", "JOIN", "353", "366"] and lines[0].endswith("PART #old")


def test_only_the_case(town: Town, ana: Client) -> None:
    """ "Implementations MUST allow channels to be renamed while only changing the casing ... This fallback
    SHOULD NOT be used"."""
    bob = town.join("bob", "#old")
    assert has(ana.say("RENAME #old #Old"), "RENAME") and bob.say() == []
    assert town.network.rooms["#old"].name == "#Old" and not town.network.names.leads


def test_all_of_it_goes_along(town: Town, ana: Client) -> None:
    """ "A channel rename preserves all channel state, such as membership, mode and topic"."""
    account(town, "Ana")
    log_in(ana, "ana")
    ana.say("CS REGISTER #old", "MODE #old +ib x!*@*", "PRIVMSG #old :before", "INVITE ana #old")
    town.join("zoe")
    ana.say("INVITE zoe #old", "RENAME #old #new", "PRIVMSG #new :after")
    for here in (town, Town(store=town.store)):
        room = here.network.rooms["#new"]
        assert (room.founder, room.flags, list(room.bans)) == ("ana", frozenset("int"), ["x!*@*"])
        assert "#old" not in here.network.rooms
    assert texts(ana.say("CHATHISTORY LATEST #new * 9")) == ["before", "after"]
    assert "#new" in str(ana.say("CHATHISTORY TARGETS timestamp=2020-01-01T00:00:00.000Z "
                                 "timestamp=2030-01-01T00:00:00.000Z 9"))  # fmt: skip
    user = town.network.user("zoe")
    assert user is not None and user.invited == {"#new"}


def test_whoever_takes_the_old_name_reads_nothing_of_it(town: Town, ana: Client) -> None:
    ana.say("PRIVMSG #old :before", "RENAME #old #new")
    for here in (town, Town(store=town.store)):
        here.network.names.leads.clear()  # as after a restart
        eve = here.join("eve", "#old", caps="draft/chathistory batch message-tags")
        eve.say("PRIVMSG #old :another room")
        assert texts(eve.say("CHATHISTORY LATEST #old * 9")) == ["another room"]
        assert here.network.rooms["#old"].buffer != here.network.rooms["#new"].buffer
    assert [one.text for one in town.store.page(Page(("#old",)))] == ["before"]


def test_and_back_again(town: Town, ana: Client) -> None:
    ana.say("PRIVMSG #old :one", "RENAME #old #new")
    town.clock.ms += 61_000
    ana.say("PRIVMSG #new :two", "RENAME #new #old", "PRIVMSG #old :three")
    lines = ana.say("CHATHISTORY LATEST #old * 9")
    assert texts(lines) == ["one", "two", "three"]
    assert {line.params[0] for line in all_of(lines, "PRIVMSG")} == {"#old"}  # as it is called now
    assert "buffer" not in town.network.rooms["#old"].settings and not town.network.names.moved


def test_old_names_lead_to_the_new_one(town: Town, ana: Client) -> None:
    """ "C: JOIN #foo  S: FAIL JOIN CHANNEL_RENAMED #foo #bar"; without the capability "S: 470 nick #foo #bar"
    and the JOIN."""
    ana.say("RENAME #old #mid")
    town.clock.ms += 61_000
    ana.say("RENAME #mid #new")
    knows = town.join("bob", caps=f"{CAPS} standard-replies")
    assert knows.say("JOIN #OLD") == [
        ":tertulia.local FAIL JOIN CHANNEL_RENAMED #OLD #new :The channel has been renamed"
    ]
    lines = town.join("luz").say("JOIN #mid")
    assert commands(lines)[:2] == ["470", "JOIN"] and the(lines, "470").params[1:3] == ["#mid", "#new"]


@pytest.mark.parametrize(
    ("line", "answer"),
    [("RENAME #old #taken", "CHANNEL_NAME_IN_USE"), ("RENAME #old nothing", "CANNOT_RENAME"),
     ("RENAME #old #old", "CANNOT_RENAME"), ("RENAME #old", "461"), ("RENAME #nowhere #x", "403"),
     ("RENAME #taken #x", "442")],
)  # fmt: skip
def test_what_cannot_be(town: Town, ana: Client, line: str, answer: str) -> None:
    town.join("eve", "#taken")
    (refusal,) = all_of(ana.say(line), "FAIL", "461", "403", "442", "482")
    assert answer in (refusal.command, *refusal.params)


def test_not_again_within_a_minute(town: Town, ana: Client) -> None:
    """ "This channel has been renamed recently"."""
    ana.say("RENAME #old #new")
    assert the(ana.say("RENAME #new #newer"), "FAIL").params[:3] == ["RENAME", "CANNOT_RENAME", "#new"]


def test_who_may(town: Town, ana: Client) -> None:
    account(town, "Ana")
    bob = town.join("bob", "#old")
    assert has(bob.say("RENAME #old #new"), "482")
    log_in(ana, "ana")
    ana.say("MODE #old +o bob", "CS REGISTER #old")
    assert has(bob.say("RENAME #old #new"), "482"), "a registered room's founder alone"
    assert has(ana.say("RENAME #old #new"), "RENAME")


def test_a_growing_message_breaks_off(town: Town, ana: Client) -> None:
    lola = town.join("lola", "#old", caps="batch message-tags tertulia.chat/stream")
    lola.say("BATCH +1 tertulia.chat/stream #old", "@batch=1 PRIVMSG #old :half a")
    ana.say("RENAME #old #new")
    assert has(lola.say("@batch=1;tertulia.chat/concat PRIVMSG #old :word"), "PART")
    (kept,) = town.store.page(Page(("#old",)))
    assert (kept.text, kept.state) == ("half a", "incomplete")


def test_nothing_is_renamed_when_it_cannot_be_stored() -> None:
    store = FailingStore()
    town = Town(store=store)
    ana, bob = town.join("ana", "#old", caps=CAPS), town.join("bob", "#old")
    ana.say("PRIVMSG #old :kept")
    bob.take()
    store.fail()
    assert not has(ana.say("RENAME #old #new"), "RENAME") and bob.say() == []
    assert set(town.network.rooms) == {"#old"} and not town.network.names.leads
    assert town.network.rooms["#old"].settings == {}


def test_a_room_knows_what_it_was_called(ana: Client, town: Town) -> None:
    """The earliest name, and the latest, over restarts; not one that it has again."""
    for name in ("#a", "#b", "#old", "#c"):
        town.clock.ms += 60_000
        ana.say(f"RENAME {next(iter(town.network.rooms))} {name}")
    (room,) = town.network.rooms.values()
    assert room.former_names == ("#a", "#b", "#old") and room.buffer == "#old"
    again = Town(store=town.store)
    assert again.network.rooms["#c"].former_names == room.former_names

    for number in range(2 * NAMES_REMEMBERED):
        room.rename(f"#{number}")
    last = 2 * NAMES_REMEMBERED - 1
    assert room.former_names == ("#a", *(f"#{number}" for number in range(last - NAMES_REMEMBERED + 1, last)))


def test_what_was_only_spelt_otherwise_is_no_former_name(ana: Client, town: Town) -> None:
    ana.say("RENAME #old #OLD")
    assert town.network.rooms["#old"].settings == {}


def test_the_answer_bears_the_label(town: Town) -> None:
    ana = town.join("ana", "#old", caps="labeled-response batch message-tags draft/channel-rename")
    (line,) = ana.say("@label=7 RENAME #old #new")
    assert line.startswith("@label=7") and " RENAME #old #new :" in line
