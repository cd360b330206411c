"""Several connections of one account are one user: one nick, the same rooms, each other's echo."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tertulia import limits
from tertulia.protocol import capabilities as cap
from tertulia.protocol.accounts import with_setting
from tertulia.state.events import ChangeAccount
from tests.support.accounts import account, come, encoded, log_in, plain
from tests.support.reading import has, texts, the
from tests.support.town import Client, Town, commands


@pytest.fixture
def town() -> Town:
    town = Town()
    account(town, "Ana")
    return town


@pytest.fixture
def phone(town: Town) -> Client:
    client, _ = come(town, "ana", "ana")
    client.say("JOIN #tea")
    return client


@pytest.fixture
def eva(town: Town) -> Client:
    client = town.join("eva", "#tea", caps="message-tags away-notify")
    client.take()
    return client


def prefs(town: Town, **settings: str) -> None:
    record = town.network.accounts.named("ana")
    assert record is not None
    for name, value in settings.items():
        record = replace(record, settings=with_setting(record, name.replace("_", "-"), value))
    town.network.apply(ChangeAccount(record))


# --- coming -----------------------------------------------------------------------------------------------


def test_the_second_is_welcomed_under_the_shared_nick_and_shown_its_rooms(town: Town, phone: Client) -> None:
    town.join("eva", "#tea").say("TOPIC #tea :the tea of today")
    phone.say("TOPIC #tea :green", "MODE ana +i")
    _, lines = come(town, "ana", "ana")
    assert commands(lines)[:4] == ["001", "002", "003", "004"]
    assert [line for line in commands(lines) if line in ("221", "JOIN", "332", "333", "353", "366")] == [
        "221", "JOIN", "332", "333", "353", "366",
    ]  # fmt: skip
    assert ":ana!~u@127.0.0.1 JOIN #tea" in lines
    assert the(lines, "353").params[-1] == "@ana eva"
    assert len(town.network.users) == 2


def test_whatever_nick_it_asks_for(town: Town, phone: Client) -> None:
    phone.say("NICK ana_at_lunch")
    _, lines = come(town, "ana", "ana")
    assert the(lines, "001").params[0] == "ana_at_lunch"
    _, lines = come(town, "other", "ana")
    assert the(lines, "001").params[0] == "ana_at_lunch"


def test_nobody_is_told(town: Town, phone: Client, eva: Client) -> None:
    phone.take()
    laptop, _ = come(town, "ana", "ana")
    assert eva.take() == [] and phone.take() == []
    laptop.say("QUIT :bye")
    assert eva.take() == [] and phone.take() == []
    assert has(phone.say("QUIT :bye"), "ERROR")
    assert the(eva.take(), "QUIT").params == ["Quit: bye"]
    assert "ana" not in town.network.nicks


def test_the_form_of_each_follows_its_own_capabilities(town: Town, phone: Client) -> None:
    laptop, lines = come(town, "ana", "ana", "extended-join no-implicit-names server-time userhost-in-names")
    assert the(lines, "JOIN").params == ["#tea", "Ana", "Ana"] and not has(lines, "353")
    town.join("eva", "#tea").say("PRIVMSG #tea :hola")
    assert laptop.take()[-1].startswith("@time=")
    assert phone.take()[-1].startswith(":eva!")


def test_an_unshared_account_has_a_user_for_each(town: Town, phone: Client) -> None:
    prefs(town, multi_session="off")
    _, lines = come(town, "ana2", "ana")
    assert the(lines, "001").params[0] == "ana2"
    assert len(town.network.users) == 2


@pytest.mark.parametrize("chosen", ["on", "off", ""])
def test_the_server_decides_for_who_chose_nothing(chosen: str) -> None:
    town = Town()
    town.hub.settings = replace(
        town.hub.settings, accounts=replace(town.hub.settings.accounts, multi_session=False)
    )
    account(town, "Ana")
    prefs(town, multi_session=chosen)
    come(town, "ana", "ana")
    _, lines = come(town, "ana2", "ana")
    assert the(lines, "001").params[0] == ("ana" if chosen == "on" else "ana2")


def test_at_most_so_many(town: Town, phone: Client) -> None:
    for _ in range(limits.SESSIONS_PER_USER - 1):
        come(town, "ana", "ana")
    _, lines = come(town, "ana", "ana")
    assert commands(lines) == ["ERROR"] and "Too many sessions" in lines[0]
    assert len(town.hub.sessions(town.network.nicks["ana"])) == limits.SESSIONS_PER_USER


def test_who_logs_in_later_stays_who_it_is(town: Town, phone: Client) -> None:
    """It has rooms of its own by then; GHOST gives it the nick."""
    other = town.join("guest")
    log_in(other, "ana")
    assert has(other.say("NICK ana"), "433")
    assert texts(other.say("NS GHOST ana"), "NOTICE") == ["ana is gone"]
    assert "Ghosted by guest" in the(phone.take(), "ERROR").params[0]
    assert has(other.say("NICK ana"), "NICK")


def test_ghosts_are_of_ones_own_account(town: Town, phone: Client, eva: Client) -> None:
    assert texts(phone.say("NS GHOST eva"), "NOTICE") == ["eva is not a user of your account, or is you"]
    assert texts(phone.say("NS GHOST ana"), "NOTICE") == ["ana is not a user of your account, or is you"]
    assert has(phone.say("NS GHOST nobody"), "401")


def test_a_guest_with_the_nick_does_not_hinder(town: Town) -> None:
    """The nick of an account is not refused before it is known who asks, and a shared user has any nick."""
    client, _ = come(town, "ana", "ana")
    client.say("NICK paseo")
    assert has(town.connect().say("NICK paseo", "USER x 0 * :x"), "433")
    second = town.connect()
    assert not has(second.say("CAP REQ :sasl", "NICK paseo", "USER x 0 * :x"), "433")
    log_in(second, "ana")
    assert the(second.say("CAP END"), "001").params[0] == "paseo"


# --- being here -------------------------------------------------------------------------------------------


def test_each_hears_what_the_others_say(town: Town, phone: Client, eva: Client) -> None:
    """ "servers MUST send ... to the client" its own message (echo-message); the other connections hear it
    as everybody does."""
    laptop, _ = come(town, "ana", "ana", "echo-message")
    assert laptop.say("PRIVMSG #tea :hola") == [":ana!~u@127.0.0.1 PRIVMSG #tea :hola"]
    assert phone.take()[-1] == ":ana!~u@127.0.0.1 PRIVMSG #tea :hola"
    assert phone.say("PRIVMSG #tea :qué tal") == []
    assert laptop.take() == [":ana!~u@127.0.0.1 PRIVMSG #tea :qué tal"]
    phone.say("PRIVMSG eva :psst")
    assert laptop.take() == [":ana!~u@127.0.0.1 PRIVMSG eva :psst"]
    assert texts(eva.take(), "PRIVMSG") == ["hola", "qué tal", "psst"]
    eva.say("PRIVMSG ana :sí")
    assert texts(laptop.take(), "PRIVMSG") == texts(phone.take(), "PRIVMSG") == ["sí"]


def test_each_sees_what_the_others_do(town: Town, phone: Client) -> None:
    laptop, _ = come(town, "ana", "ana")
    phone.say("JOIN #new", "TOPIC #new :x", "MODE #new +m", "MODE ana +i", "NICK ana2", "PART #tea :bye")
    assert commands(laptop.take()) == ["JOIN", "353", "366", "TOPIC", "MODE", "MODE", "NICK", "PART"]
    laptop.say("PART #new")
    assert commands(phone.take())[-1] == "PART"
    assert town.network.nicks["ana2"].rooms == {}


def test_labels_are_of_one_connection(town: Town, phone: Client) -> None:
    laptop, _ = come(town, "ana", "ana", "message-tags batch labeled-response echo-message")
    assert laptop.say("@label=x PRIVMSG #tea :hola")[0].startswith("@label=x;msgid=")
    assert phone.take()[-1] == ":ana!~u@127.0.0.1 PRIVMSG #tea :hola"


def test_away_are_all_or_nobody(town: Town, phone: Client, eva: Client) -> None:
    laptop, _ = come(town, "ana", "ana")
    assert has(phone.say("AWAY :lunch"), "306")
    assert eva.take() == []
    laptop.say("AWAY :later")
    assert texts(eva.take(), "AWAY") == ["later"]
    assert has(laptop.say("AWAY"), "305")
    assert the(eva.take(), "AWAY").params == []
    laptop.say("QUIT")
    assert texts(eva.take(), "AWAY") == ["lunch"]
    _, lines = come(town, "ana", "ana")
    assert the(eva.take(), "AWAY").params == [] and not has(lines, "306")


def test_an_unspecified_absence_counts_for_nothing(town: Town, phone: Client, eva: Client) -> None:
    """ "an away message of `*` should be treated as though the connection did not exist at all" """
    laptop = town.connect()
    laptop.say("CAP REQ :sasl draft/pre-away", "AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('ana')}", "AWAY *")
    lines = laptop.say("NICK ana", "USER u 0 * :u", "CAP END")
    assert not has(lines, "306") and eva.take() == []
    phone.say("AWAY :lunch")
    assert texts(eva.take(), "AWAY") == ["lunch"]
    phone.say("QUIT")
    assert texts(eva.take(), "AWAY") == ["*"]


def test_whois_has_every_address_once(town: Town, phone: Client) -> None:
    come(town, "ana", "ana")
    lines = phone.say("WHOIS ana")
    assert commands(lines).count("378") == 1


def test_another_account_or_none_is_refused_while_shared(town: Town, phone: Client) -> None:
    account(town, "Beto")
    laptop, _ = come(town, "ana", "ana")
    assert "other connections share" in the(laptop.say("AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('beto')}"),
                                            "904").params[-1]  # fmt: skip
    assert texts(laptop.say("NS LOGOUT"), "NOTICE")[0].endswith("disconnect, or close them first")
    phone.say("QUIT")
    assert has(laptop.say("NS LOGOUT"), "901")


def test_sessions_are_listed_and_closed(town: Town, phone: Client) -> None:
    town.advance(60)
    laptop = town.connect()
    laptop.say("CAP REQ :sasl", "AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('ana@Laptop')}")
    laptop.say("NICK ana", "USER u 0 * :u", "CAP END")
    assert texts(laptop.say("NS SESSIONS"), "NOTICE") == [
        "1. ana by memory from 127.0.0.1, since 2026-09-21 14:13 UTC",
        "2. ana by memory from 127.0.0.1, on laptop, since 2026-09-21 14:14 UTC (this one)",
    ]
    assert texts(laptop.say("NS SESSIONS CLOSE 1"), "NOTICE") == ["Closed: ana"]
    assert has(phone.take(), "ERROR") and "ana" in town.network.nicks


def test_kill_ends_them_all(town: Town, phone: Client) -> None:
    laptop, _ = come(town, "ana", "ana")
    town.hub.drop_user(town.network.nicks["ana"], "Killed")
    town.run()
    assert has(laptop.take(), "ERROR") and has(phone.take(), "ERROR") and not town.network.users


# --- devices ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "device"), [("ana", ""), ("ana@Phone", "phone"), ("ana@", None), ("ana@a b", None),
                         ("ana@" + "x" * 99, "x" * 32)]
)  # fmt: skip
def test_a_device_says_which_it_is(town: Town, name: str, device: str | None) -> None:
    client = town.connect()
    lines = client.say("CAP REQ :sasl", "AUTHENTICATE PLAIN", f"AUTHENTICATE {plain(name)}")
    assert has(lines, "904" if device is None else "903")
    if device is not None:
        assert next(iter(town.hub.connections)).device == device


def test_the_account_may_be_said_without_the_device(town: Town) -> None:
    client = town.connect()
    words = encoded("ana\0ana@phone\0a long secret")
    assert has(client.say("CAP REQ :sasl", "AUTHENTICATE PLAIN", f"AUTHENTICATE {words}"), "903")


def test_the_user_name_may_say_it_too(town: Town) -> None:
    come(town, "ana", "ana", user="anita@Tablet")
    assert next(iter(town.hub.connections)).device == "tablet"
    assert town.network.nicks["ana"].username == "~anita"


# --- what prefers -----------------------------------------------------------------------------------------


def test_preferences(town: Town, phone: Client) -> None:
    assert texts(phone.say("NS SET multi-session off"), "NOTICE")[0].startswith("multi-session: off")
    assert texts(phone.say("NS SET nonsense"), "NOTICE")[0].startswith("There is: multi-session")
    assert texts(phone.say("NS SET multi-session perhaps"), "NOTICE") == ["Say on, off or default"]
    phone.say("LANGUAGE es")
    assert texts(phone.say("NS PONER varias-sesiones normal"), "NOTICE")[0].startswith("varias-sesiones: nor")
    assert len(texts(phone.say("NS SET"), "NOTICE")) >= 1


def test_capabilities_are_of_one_connection(town: Town, phone: Client) -> None:
    come(town, "ana", "ana", "server-time")
    bits = [one.capabilities & cap.SERVER_TIME for one in town.hub.connections]
    assert bits == [0, cap.SERVER_TIME]
