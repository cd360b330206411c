"""What is pushed, and to whom."""

from __future__ import annotations

import asyncio

import pytest

from tertulia import limits
from tertulia.protocol.history import Message
from tertulia.protocol.webpush import Subscription
from tertulia.server.pushes import FORM, line_of
from tertulia.state.events import DeleteAccount
from tests.support.accounts import account, come
from tests.support.failing import FailingStore
from tests.support.pushing import ENDPOINT, Hand, subscribe, with_hand
from tests.support.town import START_MS, Client, Town

CAPS = "draft/webpush server-time message-tags account-tag draft/read-marker"


@pytest.fixture
def store() -> FailingStore:
    return FailingStore()


@pytest.fixture
def town(store: FailingStore) -> Town:
    town = Town(store)
    account(town, "Ana")
    return town


@pytest.fixture
def hand(town: Town) -> Hand:
    return with_hand(town)


@pytest.fixture
def ana(town: Town, hand: Hand) -> Client:
    client = come(town, "ana", "ana", CAPS)[0]
    client.say("JOIN #tea")
    subscribe(client)
    client.say("AWAY :out")
    return client


@pytest.fixture
def bob(town: Town, ana: Client) -> Client:
    return town.join("bob", "#tea")


def test_private_talk_is_pushed_in_the_form_that_was_asked_for(bob: Client, hand: Hand) -> None:
    """ "Each push notification MUST contain exactly one IRC message as the payload, without the final CRLF";
    "Servers MUST NOT drop the `msgid` tag if present"."""
    bob.say("PRIVMSG ana :¿vienes?")
    (line,) = hand.take()
    assert line.startswith("@time=") and ";msgid=" in line
    assert line.endswith(" PRIVMSG ana :¿vienes?") and "\r" not in line and "\n" not in line


@pytest.mark.parametrize("text", ["ana: look", "hello Ana!", "(ana)", "@ana, and others"])
def test_who_is_named_in_a_room_is_pushed(bob: Client, hand: Hand, text: str) -> None:
    bob.say(f"PRIVMSG #tea :{text}")
    (line,) = hand.take()
    assert line.endswith(f" PRIVMSG #tea :{text}")


@pytest.mark.parametrize("text", ["hello all", "banana", "ana-lysis", "anabel"])
def test_other_talk_in_rooms_is_not(bob: Client, hand: Hand, text: str) -> None:
    bob.say(f"PRIVMSG #tea :{text}")
    assert hand.take() == []


def test_what_was_said_before_one_came_is_not_pushed(
    town: Town, ana: Client, bob: Client, hand: Hand
) -> None:
    """Also when it and the coming are a matter of the same tick."""
    bob.say("JOIN #late")
    bob.send("PRIVMSG #late :ana is a fool")
    ana.say("JOIN #late")
    assert hand.take() == []
    bob.say("PRIVMSG #late :ana: welcome")
    assert len(hand.take()) == 1


def test_what_was_said_to_another_of_that_name_is_not_pushed(
    town: Town, ana: Client, bob: Client, hand: Hand
) -> None:
    eve = town.join("eve")
    bob.send("PRIVMSG eve :only for Eve")
    eve.send("QUIT")
    ana.say("NICK eve")
    assert hand.take() == []
    bob.say("PRIVMSG eve :for Ana")
    assert len(hand.take()) == 1


def test_what_one_cannot_read_is_not_pushed(town: Town, bob: Client, hand: Hand) -> None:
    bob.say("JOIN #other", "PRIVMSG #other :ana is not here", "PRIVMSG @#tea :ana is no operator? she is")
    assert [line[-4:] for line in hand.take()] == ["e is"], "ana made #tea"
    bob.say("TAGMSG ana")
    assert hand.take() == []


def test_an_invitation_is_pushed(town: Town, ana: Client, bob: Client, hand: Hand) -> None:
    """ "the server will send push notifications for a server-defined subset of IRC messages": whoever is
    asked to come is asked in person."""
    bob.say("JOIN #den", "INVITE ana #den")
    (line,) = hand.take()
    tags, _, rest = line.partition(" ")
    assert tags.startswith("@time=") and rest.startswith(":bob!") and rest.endswith(" INVITE ana #den")
    ana.say("MARKREAD #den timestamp=2020-01-01T00:00:00.000Z")
    assert [line.split()[2:4] for line in hand.take()] == [["MARKREAD", "#den"]], "it can be taken away"
    ana.say("AWAY", "PRIVMSG #tea :back")
    bob.say("INVITE ana #den")
    assert hand.take() == [], "she is here"


def test_who_is_here_is_not_disturbed(town: Town, ana: Client, bob: Client, hand: Hand) -> None:
    ana.say("AWAY", "PRIVMSG #tea :back")
    bob.say("PRIVMSG ana :one")
    assert hand.take() == []
    town.advance(limits.PUSH_INACTIVE_SECONDS + 1)
    bob.say("PRIVMSG ana :two")
    assert [line[-3:] for line in hand.take()] == ["two"]


def test_ones_own_words_are_not_pushed(town: Town, ana: Client, hand: Hand) -> None:
    ana.say("PRIVMSG ana :note to self", "PRIVMSG #tea :ana says")
    assert hand.take() == []


def test_what_was_not_stored_is_not_pushed(bob: Client, hand: Hand, store: FailingStore) -> None:
    store.fail()
    bob.say("PRIVMSG ana :lost")
    store.mend()
    bob.say("PRIVMSG ana :kept")
    assert [line[-4:] for line in hand.take()] == ["kept"]


def test_who_stays_without_a_connection_is_pushed(town: Town, ana: Client, bob: Client, hand: Hand) -> None:
    ana.say("PERSISTENCE SET ON", "AWAY")
    ana.send("QUIT")
    bob.say("PRIVMSG ana :still there?")
    assert len(hand.take()) == 1


def test_a_stream_is_pushed_whole_when_it_ends(town: Town, ana: Client, hand: Hand) -> None:
    caps = "batch message-tags tertulia.chat/stream"
    bot = town.join("bot", caps=caps)
    bot.say("BATCH +1 tertulia.chat/stream ana", "@batch=1 PRIVMSG ana :one")
    assert hand.take() == []
    bot.say("@batch=1 PRIVMSG ana :two", "BATCH -1")
    (line,) = hand.take()
    assert line.endswith(" PRIVMSG ana :one two")


def test_a_mark_is_pushed_once_where_something_was(ana: Client, bob: Client, hand: Hand) -> None:
    bob.say("PRIVMSG ana :hola")
    hand.take()
    ana.say("MARKREAD #tea timestamp=2020-01-01T00:00:00.000Z")
    assert hand.take() == [], "no device shows anything of that room"
    ana.say("MARKREAD bob timestamp=2020-01-01T00:00:00.000Z")
    (line,) = hand.take()
    assert line.endswith(":tertulia.local MARKREAD bob timestamp=2020-01-01T00:00:00.000Z")
    ana.say("MARKREAD bob timestamp=2020-01-02T00:00:00.000Z")
    assert hand.take() == []


def test_no_account_is_notified_without_end(town: Town, bob: Client, hand: Hand) -> None:
    for number in range(limits.PUSH_BURST + 5):
        bob.say(f"PRIVMSG ana :{number}")
    assert len(hand.take()) == limits.PUSH_BURST
    town.advance(1 / limits.PUSH_PER_SECOND)
    bob.say("PRIVMSG ana :one more", "PRIVMSG ana :and one too many")
    assert len(hand.take()) == 1


def test_a_device_that_is_gone_is_forgotten(town: Town, bob: Client, hand: Hand, store: FailingStore) -> None:
    bob.say("PRIVMSG ana :hola")
    town.hub.pushes.gone(hand.pushed[0].to)
    hand.take()
    bob.say("PRIVMSG ana :hola", "PRIVMSG #tea :so that there is a commit")
    assert hand.take() == [] and list(store.subscriptions()) == [] and not town.hub.pushes
    assert town.hub.pushes.expired == 1 and len(town.hub.pushes) == 0


def test_one_that_nobody_renews_is_forgotten(town: Town, bob: Client, hand: Hand) -> None:
    town.clock.ms += (limits.PUSH_DAYS * 86_400 + 1) * 1000
    bob.say("PRIVMSG ana :hola")
    assert hand.take() == [] and not town.hub.pushes


def test_whoever_has_the_name_next_is_not_heard_there(town: Town, ana: Client, hand: Hand) -> None:
    assert town.hub.pushes
    asyncio.run(_delete(town))
    assert not town.hub.pushes


async def _delete(town: Town) -> None:
    await town.hub.propose(DeleteAccount("ana", words=False))


def test_subscriptions_outlive_the_server(town: Town, ana: Client, store: FailingStore) -> None:
    later = Town(store)
    hand = with_hand(later)
    come(later, "ana", "ana")[0].say("AWAY :out")
    later.join("bob").say("PRIVMSG ana :hola")
    assert [push.to.endpoint for push in hand.pushed] == [ENDPOINT]


def test_a_long_message_is_one_line_that_fits() -> None:
    text = "una línea\n" * 5_000
    message = Message(7, START_MS, "k", "PRIVMSG", "bob!b@h", "ana", text, "bob", tags="+x=" + "y" * 4_000)
    line = line_of(message, FORM)
    assert len(line.encode()) <= limits.PUSH_PAYLOAD_BYTES and ";msgid=7 " in line and "\n" not in line
    assert line_of(message._replace(tags=""), 0).startswith(":bob!b@h PRIVMSG ana :una línea una")


def test_a_subscription_knows_its_form() -> None:
    one = Subscription("ana", ENDPOINT, "", "", "message-tags gone/capability", 0)
    assert one.bits == 1
