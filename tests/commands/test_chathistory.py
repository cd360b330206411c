"""CHATHISTORY: IRCv3 chathistory (the draft with TARGETS and INVALID_PARAMS), and who may read what."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tertulia.ports import Peer
from tests.support.accounts import PASSWORD, account, log_in
from tests.support.failing import FailingStore
from tests.support.reading import all_of, has, tag, texts, the
from tests.support.town import Client, Town, commands

CAPS = "batch message-tags server-time echo-message labeled-response draft/chathistory"
FAR = Peer("irc", "203.0.113.7")


@pytest.fixture
def ana(town: Town) -> Client:
    return town.join("ana", "#r", caps=CAPS)


class Said:
    """Ten messages in #r, a second apart, and how they can be named."""

    def __init__(self, town: Town, speaker: Client, target: str = "#r") -> None:
        self.ids: list[str] = []
        self.times: list[str] = []
        for number in range(10):
            town.advance(1)
            line = the(speaker.say(f"PRIVMSG {target} :m{number}"), "PRIVMSG")
            self.ids.append(f"msgid={tag(line, 'msgid')}")
            self.times.append(f"timestamp={tag(line, 'time')}")


@pytest.fixture
def said(town: Town, ana: Client) -> Said:
    return Said(town, ana)


def numbers(lines: Sequence[str]) -> str:
    """The numbers of the messages in a batch, whose form is checked: "345". What came before it is left
    out."""
    start = commands(list(lines)).index("BATCH")
    opening, *inner, closing = all_of(lines[start:], "BATCH", "PRIVMSG")
    reference = opening.params[0][1:]
    assert opening.params[1] == "chathistory" and closing.params == [f"-{reference}"]
    assert all(tag(line, "batch") == reference for line in inner)
    return "".join(line.params[-1][1:] for line in inner)


# --- subcommands ------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["ids", "times"])
def test_latest(ana: Client, said: Said, by: str) -> None:
    """ "Request up to limit number of the most recent messages that have been sent. If a timestamp or
    msgid is given, the returned messages are restricted to those sent after and excluding that timestamp
    or msgid" (LATEST)"""
    at = getattr(said, by)
    assert numbers(ana.say("CHATHISTORY LATEST #r * 100")) == "0123456789"
    assert numbers(ana.say("CHATHISTORY LATEST #r * 5")) == "56789"
    assert numbers(ana.say(f"CHATHISTORY LATEST #r {at[4]} 10")) == "56789"
    assert numbers(ana.say(f"CHATHISTORY LATEST #r {at[4]} 2")) == "89"
    assert numbers(ana.say(f"CHATHISTORY LATEST #r {at[9]} 10")) == ""


@pytest.mark.parametrize("by", ["ids", "times"])
def test_before(ana: Client, said: Said, by: str) -> None:
    """ "Request up to limit number of messages before and excluding the given timestamp or msgid."
    (BEFORE)"""
    at = getattr(said, by)
    assert numbers(ana.say(f"CHATHISTORY BEFORE #r {at[6]} 10")) == "012345"
    assert numbers(ana.say(f"CHATHISTORY BEFORE #r {at[6]} 2")) == "45"
    assert numbers(ana.say(f"CHATHISTORY BEFORE #r {at[0]} 10")) == ""


@pytest.mark.parametrize("by", ["ids", "times"])
def test_after(ana: Client, said: Said, by: str) -> None:
    """ "Request up to limit number of messages after and excluding the given timestamp or msgid." (AFTER)"""
    at = getattr(said, by)
    assert numbers(ana.say(f"CHATHISTORY AFTER #r {at[3]} 10")) == "456789"
    assert numbers(ana.say(f"CHATHISTORY AFTER #r {at[3]} 3")) == "456"
    assert numbers(ana.say(f"CHATHISTORY AFTER #r {at[9]} 3")) == ""


@pytest.mark.parametrize("by", ["ids", "times"])
def test_between(ana: Client, said: Said, by: str) -> None:
    """ "With respect to the limit, the returned messages MUST be counted starting from and excluding the
    first message selector, while finishing on and excluding the second. This may be forwards or backwards
    in time." (BETWEEN); "SHOULD be ascending time order ... regardless of the subcommand used" """
    at = getattr(said, by)
    assert numbers(ana.say(f"CHATHISTORY BETWEEN #r {at[0]} {at[9]} 100")) == "12345678"
    assert numbers(ana.say(f"CHATHISTORY BETWEEN #r {at[9]} {at[0]} 100")) == "12345678"
    assert numbers(ana.say(f"CHATHISTORY BETWEEN #r {at[0]} {at[9]} 3")) == "123"
    assert numbers(ana.say(f"CHATHISTORY BETWEEN #r {at[9]} {at[0]} 3")) == "678"
    assert numbers(ana.say(f"CHATHISTORY BETWEEN #r {said.ids[2]} {said.times[5]} 9")) == "34"
    assert numbers(ana.say(f"CHATHISTORY BETWEEN #r {at[3]} {at[3]} 3")) == ""


@pytest.mark.parametrize("by", ["ids", "times"])
def test_around(ana: Client, said: Said, by: str) -> None:
    """ "Request a number of messages before and after the timestamp or msgid with the total number of
    returned messages not exceeding limit." (AROUND)"""
    at = getattr(said, by)
    assert numbers(ana.say(f"CHATHISTORY AROUND #r {at[5]} 1")) == "5"
    assert numbers(ana.say(f"CHATHISTORY AROUND #r {at[5]} 3")) == "456"
    assert numbers(ana.say(f"CHATHISTORY AROUND #r {at[5]} 4")) == "3456"
    assert numbers(ana.say(f"CHATHISTORY AROUND #r {at[0]} 4")) == "0123"
    assert numbers(ana.say(f"CHATHISTORY AROUND #r {at[9]} 4")) == "6789"
    assert numbers(ana.say(f"CHATHISTORY AROUND #r {at[5]} 100")) == "0123456789"


def test_messages_of_one_millisecond_keep_their_order(town: Town, ana: Client) -> None:
    """ "which determinately orders any two messages (even if they share a timestamp); this will allow
    BEFORE, AFTER, and BETWEEN queries that use msgids for pagination to function as expected"
    (chathistory)"""
    lines = all_of(ana.say(*(f"PRIVMSG #r :m{number}" for number in range(6))), "PRIVMSG")
    ids = [f"msgid={tag(line, 'msgid')}" for line in lines]
    assert numbers(ana.say("CHATHISTORY LATEST #r * 2")) == "45"
    assert numbers(ana.say(f"CHATHISTORY BEFORE #r {ids[4]} 2")) == "23"
    assert numbers(ana.say(f"CHATHISTORY BEFORE #r {ids[2]} 2")) == "01"


def test_the_messages_are_as_they_were(ana: Client, said: Said) -> None:
    """ "The server-time tag on each message SHOULD be the time at which the message was received by the
    IRC server. The msgid tag that identifies each individual message in a response MUST be the msgid tag
    as originally sent" """
    found = all_of(ana.say("CHATHISTORY LATEST #r * 100"), "PRIVMSG")
    assert [f"msgid={tag(line, 'msgid')}" for line in found] == said.ids
    assert [f"timestamp={tag(line, 'time')}" for line in found] == said.times
    assert {line.source for line in found} == {"ana!~ana@127.0.0.1"}


def test_only_what_was_said(town: Town, ana: Client) -> None:
    """ "If the client has not negotiated the draft/event-playback capability, the server MUST NOT send any
    lines other than PRIVMSG and NOTICE in the reply batch" (chathistory)"""
    town.join("bob", "#r").say("PART #r")
    ana.say("TOPIC #r :t", "MODE #r +m", "@+typing=active TAGMSG #r", "PRIVMSG #r :uno", "NOTICE #r :dos")
    assert commands(ana.say("CHATHISTORY LATEST #r * 100")) == ["BATCH", "PRIVMSG", "NOTICE", "BATCH"]


def test_client_only_tags_come_back(ana: Client) -> None:
    ana.say("@+draft/reply=abc PRIVMSG #r :uno")
    assert tag(the(ana.say("CHATHISTORY LATEST #r * 1"), "PRIVMSG"), "+draft/reply") == "abc"


def test_the_canonical_name(ana: Client) -> None:
    """ "the batch MUST have type chathistory and take a single additional parameter, the canonical name of
    the target being queried" (chathistory)"""
    ana.say("JOIN #Peña", "PRIVMSG #peña :x")
    opening = ana.say("CHATHISTORY LATEST #PEÑA * 5")[0]
    assert the([opening], "BATCH").params[1:] == ["chathistory", "#Peña"]
    ana.say("PRIVMSG ana :x")
    assert the(ana.say("CHATHISTORY LATEST ANA * 5")[:1], "BATCH").params[2] == "ana"


def test_an_empty_batch(ana: Client) -> None:
    """ "If no content exists to return, the server SHOULD return an empty batch in order to avoid the
    client waiting for a reply." (chathistory)"""
    assert numbers(ana.say("CHATHISTORY LATEST #r * 10")) == ""
    assert numbers(ana.say("CHATHISTORY LATEST nadie * 10")) == ""


def test_without_batch(town: Town, said: Said) -> None:
    """ "limited functionality is available to clients without support for these CAPs" (chathistory)"""
    old = town.join("old", "#r")
    assert texts(old.say("CHATHISTORY LATEST #r * 2")) == ["m8", "m9"]
    assert old.say("CHATHISTORY AFTER #r timestamp=2027-01-01T00:00:00.000Z 2") == []


def test_the_label_is_on_the_batch(ana: Client, said: Said) -> None:
    """ "The batch type MUST be one of: An existing type applicable to the entire response ..."
    (labeled-response)"""
    lines = ana.say("@label=l CHATHISTORY LATEST #r * 2")
    assert commands(lines) == ["BATCH", "PRIVMSG", "PRIVMSG", "BATCH"]
    assert lines[0].startswith("@label=l :tertulia.local BATCH +")


# --- faults -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rest",
    [
        "", "NONSENSE #r * 10", "LATEST", "LATEST #r", "LATEST #r *", "LATEST #r * x", "LATEST #r * 0",
        "LATEST #r * -1",
        "LATEST #r * 1 1", "LATEST #r timestamp=yesterday 1", "LATEST #r msgid=XYZ 1", "BEFORE #r * 1",
        "BETWEEN #r timestamp=2026-01-01T00:00:00.000Z 10", "TARGETS msgid=1 msgid=2 10",
        "TARGETS timestamp=2026-01-01T00:00:00.000Z timestamp=never 10",
        "LATEST #r timestamp=2026-02-30T00:00:00.000Z 1",
    ],
)  # fmt: skip
def test_invalid_parameters(ana: Client, rest: str) -> None:
    """ "If the server receives a syntactically invalid CHATHISTORY command, e.g., an unknown subcommand,
    missing parameters, excess parameters, or parameters that cannot be parsed, the INVALID_PARAMS error
    code SHOULD be returned" (chathistory)"""
    line = the(ana.say(f"CHATHISTORY {rest}"), "FAIL")
    assert line.params[:3] == ["CHATHISTORY", "INVALID_PARAMS", rest.partition(" ")[0] or "*"]


def test_unknown_reference_types(ana: Client) -> None:
    """ "If a client used a reference type (timestamp= or msgid=) the server does not support, the
    INVALID_MSGREFTYPE error code SHOULD be returned" (chathistory)"""
    assert the(ana.say("CHATHISTORY LATEST #r seq=12 1"), "FAIL").params[1] == "INVALID_MSGREFTYPE"


@pytest.mark.parametrize("target", ["#nowhere", "#other"])
def test_invalid_targets(town: Town, ana: Client, target: str) -> None:
    """ "If the target does not exist or the client does not have permissions to query it, the
    INVALID_TARGET error code SHOULD be returned: FAIL CHATHISTORY INVALID_TARGET the_given_command
    the_given_target" (chathistory)"""
    town.join("bob", "#other").say("PRIVMSG #other :secreto")
    line = the(ana.say(f"CHATHISTORY LATEST {target} * 10"), "FAIL")
    assert line.params[:4] == ["CHATHISTORY", "INVALID_TARGET", "LATEST", target]


def test_a_store_that_cannot_be_read() -> None:
    """ "If no message history can be returned due to an error, the MESSAGE_ERROR error code SHOULD be
    returned" """
    store = FailingStore()
    town = Town(store)
    ana = town.join("ana", "#r", caps=CAPS)
    store.fail("corrupt", reading=True)
    line = the(ana.say("@label=l CHATHISTORY LATEST #r * 10"), "FAIL")
    assert line.params[:4] == ["CHATHISTORY", "MESSAGE_ERROR", "LATEST", "#r"] and tag(line, "label") == "l"
    store.mend()
    assert numbers(ana.say("CHATHISTORY LATEST #r * 10")) == ""


# --- TARGETS ----------------------------------------------------------------------------------------

ALWAYS = "timestamp=2026-01-01T00:00:00.000Z timestamp=2027-01-01T00:00:00.000Z"


def targets(lines: Sequence[str]) -> list[str]:
    opening, *inner, closing = all_of(lines, "BATCH", "CHATHISTORY")
    reference = opening.params[0][1:]
    assert opening.params[1:] == ["draft/chathistory-targets"] and closing.params == [f"-{reference}"]
    assert all(tag(line, "batch") == reference and line.params[0] == "TARGETS" for line in inner)
    return [line.params[1] for line in inner]


def test_targets(town: Town, ana: Client) -> None:
    """ "it lists channels the user has visible history in, together with users with which the user has
    exchanged direct messages, ordered by the time of the latest message" (TARGETS)"""
    bob, ema = town.join("bob", "#other"), town.join("ema")
    for client, line in (
        (ana, "PRIVMSG #r :x"), (bob, "PRIVMSG ana :x"), (bob, "PRIVMSG #other :x"), (ana, "PRIVMSG Ema :x"),
        (ema, "PRIVMSG bob :x"), (ana, "PRIVMSG #r :y"),
    ):  # fmt: skip
        town.advance(1)
        client.say(line)
    lines = ana.say(f"CHATHISTORY TARGETS {ALWAYS} 10")
    assert targets(lines) == ["bob", "ema", "#r"]
    assert all_of(lines, "CHATHISTORY")[2].params[2] == "2026-09-21T14:13:26.000Z"
    first, second = ALWAYS.split(" ")
    assert targets(ana.say(f"CHATHISTORY TARGETS {ALWAYS} 2")) == ["bob", "ema"]
    assert targets(ana.say(f"CHATHISTORY TARGETS {second} {first} 2")) == ["ema", "#r"]
    assert targets(ana.say("CHATHISTORY TARGETS timestamp=2026-09-21T14:13:22.000Z "
                           "timestamp=2026-09-21T14:13:26.000Z 10")) == ["ema"]  # fmt: skip


def test_targets_without_batch(town: Town) -> None:
    """A client that did not negotiate batches is sent none."""
    old = town.join("old", "#r")
    old.say("PRIVMSG #r :x")
    lines = old.say(f"CHATHISTORY TARGETS {ALWAYS} 10")
    assert lines == [":tertulia.local CHATHISTORY TARGETS #r 2026-09-21T14:13:20.000Z"]


# --- who may read -----------------------------------------------------------------------------------


def test_a_room_s_history_is_for_its_members(town: Town, ana: Client, said: Said) -> None:
    """ "servers ... MUST ... ensure that users cannot obtain history they are not authorised to view"
    (Security)"""
    bob = town.join("bob", caps=CAPS)
    assert has(bob.say("CHATHISTORY LATEST #r * 10"), "FAIL")
    bob.say("JOIN #r")
    assert numbers(bob.say("CHATHISTORY LATEST #r * 3")) == "789"
    bob.say("PART #r")
    assert has(bob.say("CHATHISTORY LATEST #r * 10"), "FAIL")
    assert targets(bob.say(f"CHATHISTORY TARGETS {ALWAYS} 10")) == []


def test_who_is_kicked_reads_no_more(town: Town, ana: Client, said: Said) -> None:
    bob = town.join("bob", "#r", caps=CAPS)
    ana.say("KICK #r bob")
    assert the(bob.say("CHATHISTORY LATEST #r * 10"), "FAIL").params[1] == "INVALID_TARGET"


def test_private_talk_is_for_its_two_sides(town: Town, ana: Client) -> None:
    """ "including outgoing messages ("self messages")" (chathistory)"""
    bob, eva = town.join("bob", caps=CAPS), town.join("eva", caps=CAPS)
    Said(town, ana, "bob")
    bob.say("PRIVMSG ANA :m!")
    assert numbers(ana.say("CHATHISTORY LATEST bob * 2")) == "9!"
    assert numbers(bob.say("CHATHISTORY LATEST ANA * 2")) == "9!"
    assert (
        numbers(
            eva.say(
                "CHATHISTORY LATEST ana * 9",
            )
        )
        == ""
    )
    assert numbers(eva.say("CHATHISTORY LATEST bob * 9")) == ""
    assert targets(eva.say(f"CHATHISTORY TARGETS {ALWAYS} 10")) == []


def test_messages_to_oneself(ana: Client) -> None:
    """Regression of other servers: heard twice with echo-message, remembered once."""
    ana.say("PRIVMSG ana :m1", "@label=x PRIVMSG ana :m2")
    assert numbers(ana.say("CHATHISTORY LATEST ana * 10")) == "12"


def test_a_guest_of_this_machine_is_known_by_name(town: Town, ana: Client) -> None:
    """A local guest's talk outlives the connection, like everything on one's own machine."""
    bob = town.join("bob", caps=CAPS)
    ana.say("PRIVMSG bob :m1")
    bob.say("QUIT")
    again = town.join("BOB", caps=CAPS)
    assert numbers(again.say("CHATHISTORY LATEST ana * 10")) == "1"


def test_a_guest_from_elsewhere_is_known_by_the_connection(town: Town, ana: Client) -> None:
    """Whoever takes a name from elsewhere, later or from the same address, reads nothing of who had it
    before."""
    far = town.join("far", caps=CAPS, peer=FAR)
    ana.say("PRIVMSG far :m1")
    assert numbers(far.say("CHATHISTORY LATEST ana * 10")) == "1"
    far.say("QUIT")
    thief = town.join("far", caps=CAPS, peer=FAR)
    assert numbers(thief.say("CHATHISTORY LATEST ana * 10")) == ""
    assert targets(thief.say(f"CHATHISTORY TARGETS {ALWAYS} 10")) == []


def test_talk_with_somebody_who_is_gone(town: Town, ana: Client) -> None:
    """What TARGETS tells of can be read; whoever comes under that name later is somebody else."""
    far = town.join("far", caps=CAPS, peer=FAR)
    far.say("PRIVMSG ana :de lejos")
    ana.say("PRIVMSG far :y aquí")
    far.say("QUIT")
    ana.take()
    assert texts(ana.say("CHATHISTORY LATEST FAR * 9")) == ["de lejos", "y aquí"]
    assert texts(town.join("eva", caps=CAPS).say("CHATHISTORY LATEST far * 9")) == []
    thief = town.join("far", caps=CAPS, peer=FAR)
    assert texts(thief.say("CHATHISTORY LATEST ana * 9")) == []
    assert texts(ana.say("CHATHISTORY LATEST far * 9")) == []


def test_talk_with_an_account_that_was_deleted(town: Town, ana: Client) -> None:
    account(town, "Leo")
    leo = town.connect()
    log_in(leo, "leo")
    leo.say("NICK leo", "USER leo 0 * :Leo", "CAP END", "PRIVMSG ana :adiós")
    leo.say(f"NS DROP {PASSWORD}")
    leo.say("QUIT")
    ana.take()
    assert texts(ana.say("CHATHISTORY LATEST leo * 9")) == ["adiós"]
    again = town.join("leo", caps=CAPS)
    assert texts(again.say("CHATHISTORY LATEST ana * 9")) == []


def test_a_name_of_this_machine_taken_from_elsewhere(town: Town, ana: Client) -> None:
    """The nick of a local guest says nothing about a remote one, and the other way round."""
    town.join("bob").say("PRIVMSG ana :m1", "QUIT")
    thief = town.join("bob", caps=CAPS, peer=FAR)
    assert numbers(thief.say("CHATHISTORY LATEST ana * 10")) == ""
    thief.say("PRIVMSG ana :m2")
    assert numbers(ana.say("CHATHISTORY LATEST bob * 10")) == "12", "both were said to ana"
    thief.say("QUIT")
    assert numbers(town.join("bob", caps=CAPS).say("CHATHISTORY LATEST ana * 10")) == "1"


def test_a_certificate_is_the_same_person_everywhere(town: Town, ana: Client) -> None:
    """ "Use of account names, internal account identifiers, or certificate fingerprints SHOULD be strongly
    considered when matching content to users." (chathistory, Security)"""
    one = Peer("ircs", "203.0.113.7", secure=True, fingerprint="ab" * 32)
    two = Peer("ircs", "198.51.100.2", secure=True, fingerprint="ab" * 32)
    town.join("far", peer=one).say("PRIVMSG ana :m1", "QUIT")
    again = town.join("far2", caps=CAPS, peer=two)
    assert numbers(again.say("CHATHISTORY LATEST ana * 10")) == "1"


def test_a_local_guest_who_changes_name_is_another(town: Town, ana: Client) -> None:
    bob = town.join("bob", caps=CAPS)
    ana.say("PRIVMSG bob :m1")
    bob.say("NICK rob")
    assert numbers(bob.say("CHATHISTORY LATEST ana * 10")) == ""
    bob.say("NICK bob")
    assert numbers(bob.say("CHATHISTORY LATEST ana * 10")) == "1"


def test_what_was_said_to_operators_is_not_in_the_room_s_history(town: Town, ana: Client) -> None:
    """A STATUSMSG is for some of the members: the room's history, which is for all of them, does not show
    it."""
    bob = town.join("bob", "#r", caps=CAPS)
    bob.say("PRIVMSG @#r :m1")
    assert numbers(bob.say("CHATHISTORY LATEST #r * 10")) == ""


def test_history_is_complete_within_a_tick(ana: Client) -> None:
    """What was said before the question, in the same read, is stored and found."""
    lines = ana.say("PRIVMSG #r :m1", "CHATHISTORY LATEST #r * 10", "PRIVMSG #r :m2")
    batch = lines[1:-1]
    assert numbers(batch) == "1" and texts(lines)[0] == "m1" and texts(lines)[-1] == "m2"
