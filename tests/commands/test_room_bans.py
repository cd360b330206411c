"""Keeping people out, or quiet: mutes, extended bans, bans that end, and ChanServ's ways to all of these."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tertulia import limits
from tertulia.state.room import Room
from tests.support.accounts import account, log_in
from tests.support.failing import FailingStore
from tests.support.reading import has, texts, the
from tests.support.town import LOCAL, Client, Town, commands


@pytest.fixture
def town() -> Town:
    town = Town()
    account(town, "Eva")
    return town


@pytest.fixture
def ana(town: Town) -> Client:
    """The operator of #r."""
    return town.join("ana", "#r")


def room(town: Town) -> Room:
    found = town.network.room("#r")
    assert found is not None
    return found


def eva(town: Town) -> Client:
    client = town.join("eva_")
    log_in(client, "eva")
    return client


def masks(town: Town) -> list[str]:
    return [mask.mask for mask in room(town).bans.values()]


# --- extended bans --------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["~m:bob!*@*", "m:bob", "~q:bob"])
def test_a_mute_silences_and_does_not_shut_out(town: Town, ana: Client, written: str) -> None:
    ana.say(f"MODE #r +b {written}")
    bob = town.join("bob", "#r")
    assert masks(town) == ["~m:bob!*@*"]
    assert the(bob.say("PRIVMSG #r :hm"), "404").params[-1] == "Cannot send to channel (~m)"
    ana.say("MODE #r +v bob")
    assert not has(bob.say("PRIVMSG #r :now"), "404")


@pytest.mark.parametrize("exception", ["bob!*@*", "~m:bob!*@*", "~r:Bob"])
def test_exceptions_to_mutes(town: Town, ana: Client, exception: str) -> None:
    bob = town.join("bob", "#r")
    ana.say("MODE #r +b ~m:*!*@*", f"MODE #r +e {exception}")
    assert not has(bob.say("PRIVMSG #r :hm"), "404")
    assert has(town.join("luz", "#r").say("PRIVMSG #r :hm"), "404")


def test_a_mute_s_exception_lets_nobody_in(town: Town, ana: Client) -> None:
    ana.say("MODE #r +b bob", "MODE #r +e ~m:bob")
    assert commands(town.join("bob").say("JOIN #r")) == ["474"]


@pytest.mark.parametrize(
    ("mask", "bob_out", "eva_out"),
    [("~a:eva", False, True), ("~!a:*", True, False), ("~r:Bob", True, False), ("~j:#other", True, False),
     ("~j:@#other", True, False), ("~j:+#nowhere", False, False), ("~z:*", False, True),
     ("~!z:*", True, False)],
)  # fmt: skip
def test_whom_extended_bans_fit(town: Town, ana: Client, mask: str, bob_out: bool, eva_out: bool) -> None:
    bob = town.join("bob", "#other")
    safe = town.join("eva_", peer=replace(LOCAL, secure=True))
    log_in(safe, "eva")
    ana.say(f"MODE #r +b {mask}")
    assert has(bob.say("JOIN #r"), "474") is bob_out
    assert has(safe.say("JOIN #r"), "474") is eva_out


def test_invitations_by_extended_masks(town: Town, ana: Client) -> None:
    ana.say("JOIN #club", "MODE #r +i", "MODE #r +I ~j:#club")
    assert has(town.join("bob").say("JOIN #r"), "473")
    assert has(town.join("luz", "#club").say("JOIN #r"), "JOIN")


def test_they_are_advertised(town: Town) -> None:
    lines = town.connect().say("NICK ana", "USER ana 0 * :Ana")
    tokens = [token for line in lines if " 005 " in line for token in line.split()]
    assert "EXTBAN=~,acjmrz" in tokens and "ACCOUNTEXTBAN=a,account" in tokens


# --- bans that end --------------------------------------------------------------------------------


def test_a_ban_ends_by_itself(town: Town, ana: Client) -> None:
    assert ana.say("TBAN #r 1m bob")[-1].endswith("MODE #r +b bob!*@*")
    bob = town.join("bob")
    assert has(bob.say("JOIN #r"), "474")
    town.advance(61 + 10)
    assert ":ChanServ!services@tertulia.local MODE #r -b bob!*@*" in ana.say()
    assert has(bob.say("JOIN #r"), "JOIN") and not town.network.timed


def test_its_end_is_kept(town: Town, ana: Client) -> None:
    ana.say("CS BAN #r bob 1h spam, again")
    (ban,) = room(town).bans.values()
    assert (ban.until - ban.set_at, ban.reason) == (3600, "spam, again")
    again = Town(store=town.store)
    assert list(room(again).bans.values()) == [ban]
    again.clock.ms = town.clock.ms + 3_601_000
    again.advance(10)
    assert not room(again).bans and not room(Town(store=town.store)).bans


def test_an_end_that_cannot_be_stored_is_tried_again() -> None:
    store = FailingStore()
    town = Town(store=store)
    ana = town.join("ana", "#r")
    ana.say("TBAN #r 5s bob")
    store.fail()
    town.advance(20)
    assert masks(town) == ["bob!*@*"] and not has(ana.say(), "MODE")
    store.mend()
    town.advance(20)
    assert masks(town) == []


@pytest.mark.parametrize("wrong", ["TBAN #r soon bob", "TBAN #r 0 bob"])
def test_durations_that_are_none(ana: Client, wrong: str) -> None:
    assert commands(ana.say(wrong)) == ["696"]


def test_who_may_ban_for_a_while(town: Town, ana: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert commands(town.join("bob", "#r").say("TBAN #r 1m ana")) == ["482"]
    monkeypatch.setattr(limits, "MASKS_PER_LIST", 1)
    assert commands(ana.say("TBAN #r 1m x", "TBAN #r 1m y"))[-1] == "478"


# --- by ChanServ ----------------------------------------------------------------------------------


def test_ban_by_nick_puts_out_and_unban_lets_in(town: Town, ana: Client) -> None:
    client = eva(town)
    client.say("JOIN #r")
    assert [one for one in commands(ana.say("CS BAN #r eva_ 1h spam")) if one != "JOIN"] == ["MODE", "KICK"]
    assert masks(town) == ["~a:Eva"]
    assert the(client.say(), "KICK").params[-1] == "spam"
    assert texts(ana.say("CS AKICK #r"), "NOTICE") == [
        "~a:Eva by ana, until 2026-09-21 15:13 UTC: spam", "Bans in #r: 1"
    ]  # fmt: skip
    ana.say("CS UNBAN #r eva_")
    assert masks(town) == [] and has(client.say("JOIN #r"), "JOIN")
    assert texts(ana.say("CS UNBAN #r eva_"), "NOTICE") == ["eva_ is not on the list of bans of #r"]


def test_a_ban_again_has_another_end(town: Town, ana: Client) -> None:
    ana.say("CS BAN #r x!*@* 1h", "CS AKICK #r ADD x!*@* 2h because")
    (ban,) = room(town).bans.values()
    assert (ban.until - ban.set_at, ban.reason) == (7200, "because")
    ana.say("CS AKICK #r DEL x!*@*")
    assert masks(town) == []


def test_mute_and_unmute(town: Town, ana: Client) -> None:
    bob = town.join("bob", "#r")
    ana.say("CS MUTE #r bob 10m")
    assert has(bob.say("PRIVMSG #r :hm"), "404") and bob.town.network.user("bob") in room(town).members
    ana.say("CS UNMUTE #r bob")
    assert not has(bob.say("PRIVMSG #r :hm"), "404")


def test_the_equal_and_the_higher_are_not_put_out(town: Town, ana: Client) -> None:
    town.join("bob", "#r")
    ana.say("MODE #r +o bob")
    assert "KICK" not in commands(ana.say("CS BAN #r *!*@*"))
    town.join("luz")
    assert texts(ana.say("CS KICK #r luz"), "NOTICE") == ["luz is not in #r"]
    assert has(ana.say("CS KICK #r bob enough"), "KICK")


def test_the_list_s_operators_need_not_be_there(town: Town) -> None:
    client = eva(town)
    client.say("JOIN #r", "CS REGISTER #r", "PART #r")
    bob = town.join("bob", "#r")
    client.say("CS BAN #r bob")
    assert has(bob.say(), "KICK")
    assert has(client.say("CS INVITE #r"), "INVITE")
    assert texts(bob.say("CS BAN #r eva"), "NOTICE") == ["Your rank in #r is not enough for that"]
