"""The modes that people know from Ergo and InspIRCd, each from both sides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tertulia.protocol.history import Page
from tertulia.state.events import JoinRoom, PartRoom
from tests.support.accounts import account, log_in
from tests.support.reading import has, texts, the
from tests.support.town import LOCAL, Answer, Client, Town, commands


@pytest.fixture
def town() -> Town:
    town = Town()
    account(town, "Eva")
    return town


@pytest.fixture
def ana(town: Town) -> Client:
    """The operator of #r."""
    return town.join("ana", "#r")


def logged_in(town: Town, nick: str = "eva_") -> Client:
    client = town.join(nick)
    log_in(client, "eva")
    return client


def stored(town: Town, *buffers: str) -> list[str]:
    return [message.text for message in town.store.page(Page(buffers or ("#r",)))]


# --- coming in ------------------------------------------------------------------------------------


def test_only_accounts_come_in(town: Town, ana: Client) -> None:
    ana.say("MODE #r +R")
    assert commands(town.join("guest").say("JOIN #r")) == ["477"]
    assert "JOIN" in commands(logged_in(town).say("JOIN #r"))


def test_only_safe_connections_come_in(town: Town, ana: Client) -> None:
    ana.say("MODE #r +z")
    assert commands(town.join("guest").say("JOIN #r")) == ["489"]
    assert "JOIN" in commands(town.join("tls", peer=replace(LOCAL, secure=True)).say("JOIN #r"))


def test_a_forward(town: Town, ana: Client) -> None:
    """Solanum, Ergo and InspIRCd: "470 <nick> <channel> <target> :Forwarding to another channel"."""
    ana.say("JOIN #s", "MODE #r +if #s")
    eva = town.join("eva_")
    lines = eva.say("JOIN #r")
    assert commands(lines)[:2] == ["470", "JOIN"] and the(lines, "470").params[:3] == ["eva_", "#r", "#s"]
    assert the(ana.say("MODE #r"), "324").params[1:] == ["#r", "+intf", "#s"]


def test_a_forward_leads_no_further_and_makes_no_room(town: Town, ana: Client) -> None:
    ana.say("JOIN #s", "MODE #r +if #s", "MODE #s +if #r")
    assert commands(town.join("eva_").say("JOIN #r")) == ["470", "473"]
    ana.say("PART #s")
    town.network.rooms.pop("#s")
    assert commands(town.join("eve").say("JOIN #r")) == ["470", "403"]


@pytest.mark.parametrize("wrong", ["#r", "#nowhere", "#other"])
def test_forwards_that_cannot_be(town: Town, ana: Client, wrong: str) -> None:
    town.join("luz", "#other")
    assert commands(ana.say(f"MODE #r +f {wrong}"))[0] in ("696", "403", "482")


def test_a_join_throttle(town: Town, ana: Client) -> None:
    ana.say("MODE #r +j 2:10")
    ways = [commands(town.join(f"u{number}").say("JOIN #r"))[0] for number in range(3)]
    assert ways == ["JOIN", "JOIN", "480"]
    town.clock.ms += 10_000
    assert commands(town.join("later").say("JOIN #r"))[0] == "JOIN"


@pytest.mark.parametrize("wish", ["+j x", "+j *2:3", "+j 0:3", "+F 5", "+F !5:3", "+F 5:99999", "+F 9999:5"])
def test_rates_that_are_none(ana: Client, wish: str) -> None:
    assert commands(ana.say(f"MODE #r {wish}")) == ["696"]


# --- speaking -------------------------------------------------------------------------------------


def test_only_accounts_speak(town: Town, ana: Client) -> None:
    ana.say("MODE #r +M")
    guest, eva = town.join("guest", "#r"), logged_in(town)
    eva.say("JOIN #r")
    assert the(guest.say("PRIVMSG #r :no"), "404").params[-1] == "Cannot send to channel (+M)"
    assert not has(eva.say("PRIVMSG #r :yes"), "404")
    ana.say("MODE #r +v guest")
    assert not has(guest.say("PRIVMSG #r :now yes"), "404")
    assert stored(town) == ["yes", "now yes"]


@pytest.mark.parametrize(
    ("mode", "text", "said"),
    [
        ("c", "a \x0304,05red\x03 word", None), ("c", "a \x02bold\x02 word", "a \x02bold\x02 word"),
        ("S", "a \x0304,05red\x03 \x02word\x0f", "a red word"), ("S", "\x04ff0000hex", "hex"),
        ("C", "\x01VERSION\x01", None), ("C", "\x01ACTION waves\x01", "\x01ACTION waves\x01"),
        ("S", "\x02\x02", None),
    ],
)  # fmt: skip
def test_what_may_be_in_a_text(town: Town, ana: Client, mode: str, text: str, said: str | None) -> None:
    ana.say(f"MODE #r +{mode}")
    lines = ana.say(f"PRIVMSG #r :{text}")
    assert stored(town) == ([said] if said is not None else [])
    assert (commands(lines) in (["404"], ["412"])) == (said is None)


def test_no_notices(town: Town, ana: Client) -> None:
    ana.say("MODE #r +T", "NOTICE #r :no", "PRIVMSG #r :yes")
    assert stored(town) == ["yes"]


def test_formatting_in_composed_messages(town: Town) -> None:
    ana = town.join("ana", "#r", caps="batch draft/multiline message-tags tertulia.chat/stream")
    bob = town.join("bob", "#r")
    ana.say("MODE #r +S")
    ana.say("BATCH +a draft/multiline #r", "@batch=a PRIVMSG #r :\x02one", "@batch=a PRIVMSG #r :two\x02",
            "BATCH -a")  # fmt: skip
    ana.say("BATCH +b tertulia.chat/stream #r", "@batch=b PRIVMSG #r :\x02three\x02", "BATCH -b")
    assert stored(town) == ["one\ntwo", "three"]
    assert texts(bob.say()) == ["one", "two", "three"]


def test_operators_alone_hear(town: Town, ana: Client) -> None:
    bob, luz = town.join("bob", "#r"), town.join("luz", "#r")
    ana.say("MODE #r +mU")
    bob.take()
    assert bob.say("PRIVMSG #r :psst") == []
    assert the(ana.say(), "PRIVMSG").params == ["%#r", "psst"]
    assert not has(luz.say(), "PRIVMSG") and stored(town) == [] and stored(town, "%#r") == ["psst"]
    ana.say("MODE #r +v bob")
    bob.say("PRIVMSG #r :aloud")
    assert texts(luz.say()) == ["aloud"]


# --- too fast -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "put_out"), [("3:10", ["KICK"]), ("*3:10", ["MODE", "KICK"]), ("~3:10", [])]
)
def test_a_flood_limit(town: Town, ana: Client, limit: str, put_out: list[str]) -> None:
    bob = town.join("bob", "#r")
    ana.say(f"MODE #r +F {limit}")
    bob.take()
    lines = bob.say(*(f"PRIVMSG #r :{number}" for number in range(4)))
    assert [one for one in commands(lines) if one != "404"] == put_out
    assert stored(town) == ["0", "1", "2"] and has(lines, "404")
    assert [one for one in commands(ana.say()) if one != "PRIVMSG"] == put_out
    if limit[0] == "*":
        assert commands(bob.say("JOIN #r")) == ["474"]


def test_operators_and_the_patient_are_not_counted_out(town: Town, ana: Client) -> None:
    bob = town.join("bob", "#r")
    ana.say("MODE #r +F 2:10")
    assert not has(ana.say(*(f"PRIVMSG #r :{number}" for number in range(9))), "404")
    bob.say("PRIVMSG #r :1", "PRIVMSG #r :2")
    town.clock.ms += 10_000
    assert not has(bob.say("PRIVMSG #r :3", "TAGMSG #r"), "404")


# --- what members do ------------------------------------------------------------------------------


def test_no_changes_of_nick(town: Town, ana: Client) -> None:
    bob = town.join("bob", "#r")
    ana.say("MODE #r +N")
    assert the(bob.say("NICK bobby"), "447").params[1] == "#r"
    assert has(ana.say("NICK anita"), "NICK")
    assert has(bob.say("NICK BOB"), "NICK"), "it is the same name"


def test_no_kicks(town: Town, ana: Client) -> None:
    town.join("bob", "#r")
    assert commands(ana.say("MODE #r +Q", "KICK #r bob"))[-1] == "482"


def test_only_operators_invite(town: Town, ana: Client) -> None:
    bob = town.join("bob", "#r")
    town.join("luz")
    assert has(bob.say("INVITE luz #r"), "341")
    ana.say("MODE #r +V")
    assert has(bob.say("INVITE luz #r"), "482") and has(ana.say("INVITE luz #r"), "341")


def test_modes_last(town: Town, ana: Client) -> None:
    ana.say("JOIN #s", "MODE #r +CMNf #s", "MODE #r +Fj *5:10 3:4")
    room = Town(store=town.store).network.room("#r")
    assert room is not None and room.flags == frozenset("CMNnt")
    assert room.settings == {"f": "#s", "F": "*5:10", "j": "3:4"}
    assert ana.say("MODE #r -fFj")[-1].endswith("MODE #r -fFj")


# --- history --------------------------------------------------------------------------------------


@pytest.fixture
def founder(town: Town) -> Client:
    client = logged_in(town)
    client.say("CAP REQ :draft/chathistory batch message-tags echo-message", "JOIN #h", "CS REGISTER #h")
    return client


def test_a_room_that_keeps_nothing(town: Town, founder: Client) -> None:
    founder.say("PRIVMSG #h :before", "CS SET #h history off")
    bob = town.join("bob", "#h", caps="draft/multiline batch tertulia.chat/stream message-tags")
    assert texts(founder.say("PRIVMSG #h :gone", "PRIVMSG @#h :gone")) == ["gone", "gone"]
    bob.say("BATCH +b tertulia.chat/stream #h", "@batch=b PRIVMSG #h :gone too", "BATCH -b")
    assert texts(founder.say()) == ["gone too"] and stored(town, "#h", "@#h") == ["before"]
    founder.say("CS SET #h history on", "PRIVMSG #h :kept")
    assert stored(town, "#h") == ["before", "kept"]


def test_history_since_one_came(town: Town, founder: Client) -> None:
    founder.say("PRIVMSG #h :before", "CS SET #h history-seen joined")
    town.clock.ms += 5_000
    bob = town.join("bob", "#h", caps="draft/chathistory batch message-tags")
    town.clock.ms += 1_000
    founder.say("PRIVMSG #h :after")
    bob.take()
    for wish in ("LATEST #h * 9", "AROUND #h timestamp=2026-09-21T14:13:20.000Z 9",
                 "BEFORE #h timestamp=2030-01-01T00:00:00.000Z 9"):  # fmt: skip
        assert texts(bob.say(f"CHATHISTORY {wish}")) == ["after"], wish
    assert texts(founder.say("CHATHISTORY LATEST #h * 9")) == ["before", "after"]


EVERY_WAY = (
    "CHATHISTORY LATEST #h * 50", "CHATHISTORY BEFORE #h timestamp=2030-01-01T00:00:00.000Z 50",
    "CHATHISTORY AFTER #h timestamp=2020-01-01T00:00:00.000Z 50",
    "CHATHISTORY AROUND #h timestamp=2026-09-21T14:13:20.000Z 50",
    "CHATHISTORY BETWEEN #h timestamp=2020-01-01T00:00:00.000Z timestamp=2030-01-01T00:00:00.000Z 50",
    "CHATHISTORY BETWEEN #h timestamp=2030-01-01T00:00:00.000Z timestamp=2020-01-01T00:00:00.000Z 50",
    "SEARCH in=#h;text=b*", "SEARCH text=b*", "SEARCH from=eva_", "SEARCH in=#h;from=eva_",
    "SEARCH in=#h;after=2020-01-01T00:00:00.000Z", "SEARCH in=#h;before=2030-01-01T00:00:00.000Z",
    "CHATHISTORY TARGETS timestamp=2020-01-01T00:00:00.000Z timestamp=2030-01-01T00:00:00.000Z 50",
)  # fmt: skip


@pytest.mark.parametrize("wish", EVERY_WAY)
def test_no_way_to_what_was_before_one_came(town: Town, founder: Client, wish: str) -> None:
    """Words, events and reactions, by every reading command; nor that there were any."""
    town.join("leo", "#h").say("PART #h :before too")
    said = founder.say("CAP REQ :message-tags echo-message", "PRIVMSG #h :before")
    msgid = said[-1].partition("msgid=")[2].split(";")[0].split(" ")[0]
    founder.say(
        f"@+draft/react=b;+draft/reply={msgid} TAGMSG #h", "TOPIC #h :before", "CS SET #h history-seen joined"
    )
    town.advance(60)
    caps = "draft/chathistory draft/event-playback batch message-tags soju.im/search"
    bob = town.join("bob", "#h", caps=caps)
    heard = " ".join(bob.say(wish))
    assert "BATCH" in heard and "before" not in heard and "leo" not in heard and "react" not in heard
    if "TARGETS" in wish:
        assert "#h" not in heard
    town.advance(60)
    founder.say("PRIVMSG #h :behind")
    bob.take()
    heard = " ".join(bob.say(wish))
    assert ("behind" in heard or "TARGETS #h" in heard) and "before" not in heard


def test_what_was_said_in_the_very_second_before_one_came(town: Town, founder: Client) -> None:
    founder.say("CS SET #h history-seen joined")
    town.clock.ms += -town.clock.ms % 1000 + 100
    founder.say("PRIVMSG #h :before")
    town.clock.ms += 100
    bob = town.join("bob", "#h", caps="draft/chathistory soju.im/search batch message-tags")
    founder.say("PRIVMSG #h :behind")
    bob.take()
    for wish in ("CHATHISTORY LATEST #h * 9", "SEARCH in=#h;text=b*", "SEARCH text=b*"):
        assert texts(bob.say(wish)) == ["behind"], wish


def test_a_search_with_a_limit_is_not_used_up_by_what_one_may_not_read(town: Town, founder: Client) -> None:
    founder.say("PRIVMSG #h :before one", "PRIVMSG #h :before two", "CS SET #h history-seen joined")
    town.clock.ms += 100
    bob = town.join("bob", "#h", caps="soju.im/search batch message-tags")
    founder.say("PRIVMSG #h :behind")
    bob.take()
    assert texts(bob.say("SEARCH after=2020-01-01T00:00:00.000Z;limit=1")) == ["behind"]


def test_who_comes_again_while_the_search_goes_on_reads_less(town: Town, founder: Client) -> None:
    founder.say("CS SET #h history-seen joined")
    bob = town.join("bob", "#h", caps="soju.im/search batch message-tags")
    town.advance(5)
    founder.say("PRIVMSG #h :before")
    bob.take()
    waiting = Answer()
    town.hub.tending.done = lambda: waiting  # type: ignore[method-assign]
    bob.say("SEARCH in=#h;text=before")
    town.advance(5)
    user = town.network.user("bob")
    assert user is not None
    room = town.network.rooms["#h"]
    town.network.apply(PartRoom(user.id, room.name, None))
    town.network.apply(JoinRoom(user.id, room.name, town.clock.now_ms()))
    waiting.set(None)
    town.run()
    assert texts(bob.take()) == []
