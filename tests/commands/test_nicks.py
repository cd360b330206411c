"""A nick that is an account's name belongs to it; its owner has it back from a guest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.accounts import account, log_in
from tests.support.reading import has, texts, the
from tests.support.town import LOCAL, Client, Town, commands


@pytest.fixture
def town() -> Town:
    town = Town()
    account(town, "Ana")
    return town


def arrive(town: Town, nick: str, login: str = "") -> tuple[Client, list[str]]:
    client = town.connect()
    client.say("CAP LS 302", "CAP REQ :standard-replies", f"NICK {nick}", f"USER {nick} 0 * :X")
    if login:
        log_in(client, login)
    return client, client.say("CAP END")


@pytest.mark.parametrize("nick", ["Ana", "ANA"])
def test_nobody_else_may_take_it(town: Town, nick: str) -> None:
    client, lines = arrive(town, nick)
    assert the(lines, "FAIL").params[:3] == ["NICK", "NICKNAME_RESERVED", nick]
    assert the(lines, "433").params[1] == nick
    assert commands(client.say("NICK other"))[0] == "001"
    assert has(client.say(f"NICK {nick}"), "433")


def test_who_does_not_negotiate_is_told_as_well(town: Town) -> None:
    lines = town.connect().say("NICK ana", "USER a 0 * :A")
    assert "belongs to an account" in the(lines, "NOTICE").params[-1] and has(lines, "433")


def test_another_account_is_somebody_else(town: Town) -> None:
    account(town, "Beto")
    _, lines = arrive(town, "ana", "beto")
    assert has(lines, "433")


def test_its_owner_may(town: Town) -> None:
    _, lines = arrive(town, "ana", "ana")
    assert commands(lines)[0] == "001"
    client = town.join("eva")
    account(town, "Zoe")
    log_in(client, "zoe")
    assert has(client.say("NICK zoe"), "NICK")


def guest_with_the_nick(town: Town) -> Client:
    """Who was there before the account was made, by the shell."""
    guest = town.join("zoe", "#r")
    account(town, "Zoe")
    return guest


def test_a_guest_is_renamed_with_a_clear_word(town: Town) -> None:
    witness = town.join("eva", "#r")
    guest = guest_with_the_nick(town)
    witness.take()
    town.run()
    _, lines = arrive(town, "zoe", "zoe")
    assert commands(lines)[0] == "001"
    heard = guest.take()
    new = the(heard, "NICK").params[0]
    assert new.startswith("Guest")
    assert texts(heard, "NOTICE") == [
        f"The nick zoe belongs to an account, whose owner has come: you are {new} now"
    ]
    assert the(witness.take(), "NICK").source.startswith("zoe!")  # type: ignore[union-attr]


def test_after_registration_too(town: Town) -> None:
    guest = guest_with_the_nick(town)
    guest.say("LANGUAGE es")
    owner = town.join("eva")
    assert has(owner.say("NICK zoe"), "433")
    log_in(owner, "zoe")
    assert the(owner.say("NICK zoe"), "NICK").params == ["zoe"]
    assert "ha llegado quien la tiene" in texts(guest.take(), "NOTICE")[0]


def test_numbers_of_guests_do_not_meet(town: Town) -> None:
    number = town.clock.now_ms() % 10_000
    town.join(f"Guest{number}")
    account(town, f"Guest{number + 1}")
    guest = guest_with_the_nick(town)
    arrive(town, "zoe", "zoe")
    assert the(guest.take(), "NICK").params == [f"Guest{number + 2}"]


def test_who_is_logged_in_to_it_keeps_it(town: Town) -> None:
    """Who does not want to share it with a connection of the same account."""
    client, _ = arrive(town, "ana", "ana")
    client.say("NS SET multi-session off")
    _, lines = arrive(town, "ana", "ana")
    assert has(lines, "433") and not has(lines, "FAIL")


def test_models_keep_their_names(town: Town) -> None:
    trusted = replace(LOCAL, trusted=True)
    model = town.join("lola", peer=trusted)
    account(town, "Lola")
    _, lines = arrive(town, "lola", "lola")
    assert has(lines, "433")
    assert has(model.say("NICK ana"), "NICK")
    assert has(town.connect(trusted).say("NICK ana", "USER a 0 * :A"), "433")
