"""Invitations by link: LINK, LINKS, UNLINK, ENTER, and the word in place of a room's key."""

from __future__ import annotations

import asyncio

import pytest

from tertulia import limits
from tertulia.protocol.audit import AuditPage
from tertulia.protocol.invitations import key_of
from tertulia.protocol.line import parse
from tertulia.state.events import DeleteAccount
from tests.support.accounts import account, log_in
from tests.support.failing import FailingStore
from tests.support.town import Client, Town, commands


@pytest.fixture
def store() -> FailingStore:
    return FailingStore()


@pytest.fixture
def town(store: FailingStore) -> Town:
    town = Town(store, web="https://chat.example.org")
    account(town, "Ana")
    return town


@pytest.fixture
def ana(town: Town) -> Client:
    """The operator of #r, which is by invitation only."""
    client = town.join("ana_")
    log_in(client, "ana")
    client.say("NICK ana", "JOIN #r", "MODE #r +i")
    return client


def texts(lines: list[str]) -> list[str]:
    """What ChanServ said."""
    found = [parse(line) for line in lines]
    return [
        one.params[1]
        for one in found
        if one.command == "NOTICE" and (one.source or "").startswith("ChanServ!")
    ]


def word_of(lines: list[str]) -> str:
    return next(line for line in lines if "/invite/" in line).rpartition("/")[2]


def test_a_link_lets_in(town: Town, ana: Client) -> None:
    heard = texts(ana.say("CS LINK #r"))
    word = word_of(heard)
    assert heard[0] == f"https://chat.example.org/invite/{word}"
    assert f"/join #r {word}" in heard[1] and "no end" in heard[1]
    eva = town.join("eva")
    assert "473" in commands(eva.say("JOIN #r", "JOIN #r wrong"))
    assert "366" in commands(eva.say(f"JOIN #r {word}"))


def test_it_opens_nothing_to_the_banned_of_a_closed_room(town: Town, ana: Client) -> None:
    word = word_of(texts(ana.say("CS LINK #r", "MODE #r +b eva!*@*")))
    assert "473" in commands(town.join("eva").say(f"JOIN #r {word}"))
    assert "366" in commands(town.join("max").say(f"JOIN #r {word}"))


@pytest.mark.parametrize("mode", ["+k secret", "+R", "+l 1"])
def test_it_overrides_what_its_maker_could(town: Town, ana: Client, mode: str) -> None:
    word = word_of(texts(ana.say(f"MODE #r {mode}", "CS LINK #r")))
    assert "366" in commands(town.join("eva").say(f"JOIN #r {word}"))


def test_it_opens_nothing_to_the_banned(town: Town, ana: Client) -> None:
    word = word_of(texts(ana.say("CS LINK #r", "MODE #r -i+b eva!*@*")))
    assert "474" in commands(town.join("eva").say(f"JOIN #r {word}"))


def test_a_members_link_opens_no_closed_room(town: Town, ana: Client) -> None:
    ana.say("MODE #r -i")
    bob = town.join("bob", "#r")
    word = word_of(texts(bob.say("CS LINK #r")))
    ana.say("MODE #r +i")
    assert "473" in commands(town.join("eva").say(f"JOIN #r {word}"))
    assert "enough" in texts(bob.say("CS LINK #r"))[0], "who may not invite makes none"


def test_uses_are_counted(town: Town, ana: Client, store: FailingStore) -> None:
    word = word_of(texts(ana.say("CS LINK #r 1h 2")))
    assert [commands(town.join(f"u{number}").say(f"JOIN #r {word}"))[-1] for number in range(3)] == [
        "366", "366", "473"
    ]  # fmt: skip
    assert [one.used for one in store.invitations()] == [2]
    assert "Links into #r: 0" in texts(ana.say("CS LINKS #r"))[-1]


def test_no_use_is_counted_where_the_room_is_open(town: Town, ana: Client, store: FailingStore) -> None:
    word = word_of(texts(ana.say("CS LINK #r 1h 2", "MODE #r -i")))
    town.join("eva").say(f"JOIN #r {word}")
    assert [one.used for one in store.invitations()] == [0]


def test_it_expires(town: Town, ana: Client) -> None:
    word = word_of(texts(ana.say("CS LINK #r 30m")))
    town.clock.ms += 1_800_000
    assert "473" in commands(town.join("eva").say(f"JOIN #r {word}"))
    assert "over" in texts(town.join("max").say(f"CS ENTER {word}"))[0]


def test_the_word_alone_and_the_address_lead_there(town: Town, ana: Client) -> None:
    word = word_of(texts(ana.say("CS LINK #r")))
    assert "366" in commands(town.join("eva").say(f"CS ENTER {word}"))
    max_ = town.join("max")
    assert "366" in commands(max_.say(f"CS ENTRAR https://chat.example.org/invite/{word}"))
    assert "in #r already" in texts(max_.say(f"CS ENTER {word}"))[0]


def test_a_word_of_another_room_opens_nothing(town: Town, ana: Client) -> None:
    ana.say("JOIN #s", "MODE #s +i")
    word = word_of(texts(ana.say("CS LINK #s")))
    assert "473" in commands(town.join("eva").say(f"JOIN #r {word}"))


def test_links_are_listed_and_taken_back(town: Town, ana: Client, store: FailingStore) -> None:
    word = word_of(texts(ana.say("CS LINK #r 2d 10")))
    ana.say("CS LINK #r")
    name = key_of(word)[:8]
    listed = texts(ana.say("CS LINKS #r"))
    assert any(line.startswith(f"{name} by ana, until ") and "used 0 of 10" in line for line in listed)
    assert not any(word in line for line in listed), "the list gives nothing away"
    assert "taken back: 1" in texts(ana.say(f"CS UNLINK #r {name}"))[0]
    assert "473" in commands(town.join("max").say(f"JOIN #r {word}"))
    assert "no link" in texts(ana.say(f"CS UNLINK #r {name}"))[0]
    ana.say("CS UNLINK #r *")
    assert list(store.invitations()) == []


def test_it_is_said_in_spanish(ana: Client) -> None:
    ana.say("LANGUAGE es")
    heard = texts(ana.say("CS ENLACE #r 2d 3"))
    assert heard[1].startswith("deja entrar hasta ") and "usos: 3" in heard[1]
    assert texts(ana.say("CS ENLACES #r"))[-1] == "Enlaces a #r: 1"
    assert texts(ana.say("CS DESENLAZAR #r todos")) == ["Enlaces a #r retirados: 1"]


@pytest.mark.parametrize("terms", ["0", "91d", "99999", "nonsense"])
def test_terms_have_bounds(ana: Client, store: FailingStore, terms: str) -> None:
    heard = texts(ana.say(f"CS LINK #r {terms}"))
    assert (terms == "0") == (list(store.invitations()) != []), heard
    assert terms == "0" or "at most 90 days" in heard[0]


def test_there_is_a_bound(ana: Client, store: FailingStore) -> None:
    for _ in range(limits.LINKS_PER_ROOM + 1):
        heard = texts(ana.say("CS LINK #r"))
    assert "too many links" in heard[0] and len(list(store.invitations())) == limits.LINKS_PER_ROOM


def test_it_outlives_the_server_and_the_rooms_name(town: Town, ana: Client, store: FailingStore) -> None:
    word = word_of(texts(ana.say("CS LINK #r", "RENAME #r #new :why")))
    assert "366" in commands(town.join("eva").say(f"JOIN #new {word}"))
    later = Town(store)
    assert "366" in commands(later.join("max").say(f"JOIN #new {word}"))


def test_it_ends_with_the_account_that_made_it(town: Town, ana: Client, store: FailingStore) -> None:
    word = word_of(texts(ana.say("CS LINK #r")))
    asyncio.run(_delete(town))
    assert list(store.invitations()) == []
    assert "473" in commands(town.join("eva").say(f"JOIN #r {word}"))


async def _delete(town: Town) -> None:
    await town.hub.propose(DeleteAccount("ana", words=False))


def test_what_cannot_be_stored_lets_nobody_in(town: Town, ana: Client, store: FailingStore) -> None:
    word = word_of(texts(ana.say("CS LINK #r")))
    eva = town.join("eva")
    store.fail()
    assert "JOIN" not in commands(eva.say(f"JOIN #r {word}"))
    store.mend()
    assert "366" in commands(eva.say(f"JOIN #r {word}"))


def test_it_is_noted_what_was_done(town: Town, ana: Client, store: FailingStore) -> None:
    word = word_of(texts(ana.say("CS LINK #r")))
    town.join("eva").say(f"JOIN #r {word}")
    ana.say("CS UNLINK #r *")
    entries = store.audit(AuditPage())
    assert [entry.deed for entry in entries] == ["LINK", "ENTER", "UNLINK"]
    assert not any(word in entry.text for entry in entries)
