"""NickServ: the commands about accounts that people know by heart, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tertulia import limits
from tertulia.commands import services
from tertulia.commands.account_words import WORDS
from tertulia.ports import Peer
from tertulia.protocol.accounts import AccountRecord, setting
from tertulia.protocol.history import Page
from tests.support.accounts import PASSWORD, account, log_in
from tests.support.failing import FailingStore
from tests.support.reading import has, texts, the
from tests.support.town import LOCAL, Client, Town, commands

PRINT = "ab" * 32


@pytest.fixture
def town() -> Town:
    town = Town()
    account(town, "Ana")
    return town


@pytest.fixture
def ana(town: Town) -> Client:
    client = town.join("eva", peer=replace(LOCAL, fingerprint=PRINT))
    log_in(client, "ana")
    return client


def record(town: Town, name: str = "ana") -> AccountRecord:
    found = town.network.accounts.named(name)
    assert found is not None
    return found


def ask(client: Client, text: str) -> list[str]:
    """What NickServ answers."""
    return texts(client.say(f"PRIVMSG NickServ :{text}"), "NOTICE")


@pytest.mark.parametrize(
    "way", ["PRIVMSG NickServ :", "PRIVMSG nickserv@tertulia.local :", "NS ", "NICKSERV :"]
)
def test_the_ways_to_ask(town: Town, way: str) -> None:
    lines = town.join("eva").say(f"{way}INFO ana")
    notice = the(lines, "NOTICE")
    assert notice.source == "NickServ!services@tertulia.local"
    assert notice.params == ["eva", "Ana: made on 2026-09-21, last used on 2026-09-21"]


def test_what_is_said_to_it_is_not_stored(town: Town) -> None:
    client = town.join("eva", caps="echo-message")
    assert not has(client.say(f"PRIVMSG NickServ :IDENTIFY ana {PASSWORD}"), "PRIVMSG")
    assert town.store.last_id() == 0


def test_register_and_identify(town: Town) -> None:
    client = town.join("eva")
    lines = client.say("NS REGISTER correct-horse eva@example.org")
    assert commands(lines) == ["900", "NOTICE"] and record(town, "eva").email == "eva@example.org"
    assert ask(client, "REGISTER again-and-again") == ["You are logged in to eva already"]
    assert commands(client.say("NS LOGOUT")) == ["901"]
    assert commands(client.say("NS IDENTIFY correct-horse"))[0] == "900"
    assert commands(client.say(f"NS IDENTIFY ana {PASSWORD}"))[0] == "900"
    user = town.network.user("eva")
    assert user is not None and user.account == "Ana"


def test_wrong(town: Town) -> None:
    account(town, "Bad", suspended="spam")
    client = town.join("eva")
    assert ask(client, "IDENTIFY ana wrong") == ["Nobody was logged in: wrong account or password"]
    assert ask(client, f"IDENTIFY bad {PASSWORD}") == ["This account is suspended: spam"]
    assert "too weak" in ask(client, "REGISTER short")[0]
    assert ask(client, "IDENTIFY") == ["Syntax: IDENTIFY [<account>] <password>"]
    assert ask(client, "SING") == ["There is no SING; HELP lists what there is"]
    for text in ("LOGOUT", "PASSWORD a b", "CERT", "SESSIONS", "DROP x", "INFO"):
        assert ask(client, text) == ["Log in first: IDENTIFY <account> <password>"], text
    assert ask(client, "INFO nobody") == ["There is no account nobody"]


def test_in_spanish(town: Town) -> None:
    client = town.join("eva")
    client.say("LANGUAGE es")
    assert ask(client, "REGISTRAR") == ["Se escribe: REGISTRAR <contraseña> [<correo>]"]
    assert ask(client, f"ENTRAR ana {PASSWORD}")[0].startswith("Has entrado en la cuenta Ana")
    assert ask(client, "certificado lista") == ["Ningún certificado abre tu cuenta"]
    assert ask(client, "sesiones")[0].endswith("(esta)")
    assert ask(client, "BORRAR wrong") == ["No se ha entrado: la cuenta o la contraseña no es esa"]
    lines = ask(client, "AYUDA")
    assert lines[1] == "REGISTRAR <contraseña> [<correo>]  --  haz de tu nombre una cuenta"
    assert len(lines) == 1 + len(services.VERBS.table)


def test_throttled(town: Town) -> None:
    client = town.join("eva")
    for _ in range(limits.GUESSES_PER_ACCOUNT):
        ask(client, "IDENTIFY ana wrong")
    assert ask(client, f"IDENTIFY ana {PASSWORD}") == [
        "Nobody was logged in: too many attempts; wait some minutes"
    ]


def test_password(town: Town, ana: Client) -> None:
    assert "wrong account" in ask(ana, "PASSWORD wrong new-password")[0]
    old = record(town)
    account(town, "Beto", password="old-password")
    beto = town.join("beto2")
    log_in(beto, "beto", "old-password")
    assert "too weak" in ask(beto, "PASSWORD old-password short")[0]
    assert ask(beto, "PASSWORD old-password new-password") == ["The password is changed"]
    kept = {one.key: one for one in town.store.accounts()}
    assert kept["beto"].password == "new-password" and kept["ana"] == old
    assert has(log_in(town.connect(), "beto", "new-password"), "903")
    assert has(log_in(town.connect(), "beto", "old-password"), "904")


def test_certificates(town: Town, ana: Client) -> None:
    other = ":".join(["CD"] * 32)
    assert ask(ana, "CERT ADD") == [f"Who shows this certificate is you from now on (SASL EXTERNAL): {PRINT}"]
    assert ask(ana, "CERT ADD") == ["It is on your list already"]
    ask(ana, f"CERT ADD {other}")
    assert ask(ana, "CERT LIST") == [f"1. {PRINT}", f"2. {'cd' * 32}"]
    assert record(town).certificates == (PRINT, "cd" * 32) == next(iter(town.store.accounts())).certificates
    client = town.connect(replace(LOCAL, fingerprint=PRINT))
    assert has(client.say("CAP REQ :sasl", "AUTHENTICATE EXTERNAL", "AUTHENTICATE +"), "903")
    assert ask(ana, f"CERT DEL {other}") == ["It opens nothing any more"]
    assert ask(ana, f"CERT DEL {other}") == ["It is not on your list"]
    assert ask(ana, "CERT ADD nonsense") == ["A fingerprint is a SHA-256 in hexadecimal, 64 digits"]
    assert ask(ana, "CERT WHAT")[0].startswith("Syntax: CERT")
    account(town, "Beto")
    beto = town.join("beto2")
    log_in(beto, "beto")
    assert ask(beto, "CERT ADD")[0].startswith("Your connection shows no client certificate")
    assert ask(beto, f"CERT ADD {PRINT}") == ["It opens another account"]
    for number in range(limits.CERTIFICATES_PER_ACCOUNT):
        ask(beto, f"CERT ADD {number:064x}")
    assert ask(beto, f"CERT ADD {'ee' * 32}") == ["At most 8 certificates; delete one first"]


def test_sessions(town: Town, ana: Client) -> None:
    far = town.join("phone", peer=Peer("ircs", "192.0.2.7", secure=True))
    log_in(far, "ana")
    assert ask(ana, "SESSIONS") == [
        "1. eva by memory from 127.0.0.1, since 2026-09-21 14:13 UTC (this one)",
        "2. phone by ircs from 192.0.2.7, since 2026-09-21 14:13 UTC",
    ]
    assert ask(ana, "SESSIONS CLOSE 3") == ["There is no session 3; SESSIONS lists them"]
    assert ask(ana, "SESSIONS OPEN 3")[0].startswith("Syntax")
    assert ask(ana, "SESSIONS CLOSE 2") == ["Closed: phone"]
    assert has(far.take(), "ERROR")
    third = town.join("third")
    log_in(third, "ana")
    assert ask(third, "SESSIONS CLOSE OTHERS") == ["Closed: eva"]
    assert commands(third.say("NS SESSIONS CLOSE 1")) == ["NOTICE", "ERROR"]


@pytest.mark.parametrize("end", ["", " WORDS"])
def test_a_password_of_several_words_opens_the_way_out(town: Town, end: str) -> None:
    account(town, "Caro", password="one-word")
    caro = town.join("c")
    caro.say("NS IDENTIFY caro one-word")
    assert ask(caro, "PASSWORD one-word three words here") == ["The password is changed"]
    other = town.join("d")
    assert commands(other.say("NS IDENTIFY caro three words here"))[0] == "900"
    assert "wrong" in ask(caro, "DROP three words")[0]
    caro.say(f"NS DROP three words here{end}")
    assert not [one for one in town.store.accounts() if one.key == "caro"]


def test_passwords_with_spaces_in_quotes(town: Town) -> None:
    """Where two may have spaces, quotes say where the first one ends; spaces are kept as they are."""
    account(town, "Caro", password="an old one")
    caro = town.join("c")
    assert commands(caro.say('NS IDENTIFY caro "an old one"'))[0] == "900"
    assert ask(caro, 'PASSWORD "an old one" "with \\"two\\"  spaces"') == ["The password is changed"]
    other = town.join("d")
    assert commands(other.say('NS :IDENTIFY caro with "two"  spaces'))[0] == "900"
    assert ask(caro, 'PASSWORD "with \\"two\\"  spaces" as it  is') == ["The password is changed"]
    assert commands(other.say("NS :IDENTIFY caro as it  is"))[0] == "900"
    caro.say('NS :DROP "as it  is" WORDS')
    assert not [one for one in town.store.accounts() if one.key == "caro"]


def test_a_new_account_with_a_password_of_several_words(town: Town) -> None:
    assert "900" in commands(town.join("eva").say("NS REGISTER several words here eva@example.org"))
    assert record(town, "eva").email == "eva@example.org"
    assert commands(town.join("b").say("NS IDENTIFY eva several words here"))[0] == "900"


@pytest.mark.parametrize("with_words", [False, True])
def test_drop(town: Town, ana: Client, with_words: bool) -> None:
    ana.say("JOIN #r", "PRIVMSG #r :hello")
    assert "wrong" in ask(ana, "DROP wrong")[0]
    account(town, "Beto", password="secret-of-beto")
    town.join("b").say("NS IDENTIFY beto secret-of-beto", "NS DROP secret-of-beto")
    assert [one.key for one in town.store.accounts()] == ["ana"]
    town.network.accounts.put(replace(record(town), password="one-word"))
    lines = ana.say(f"NS DROP one-word {'WORDS' if with_words else ''}")
    assert commands(lines) == ["901", "NOTICE"]
    assert list(town.store.accounts()) == []
    left = town.store.page(Page(("#r",)))
    assert [(one.text, one.account) for one in left] == ([] if with_words else [("hello", None)])
    assert has(town.join("zoe").say(f"REGISTER Ana * :{PASSWORD}"), "900")


def test_info_of_ones_own(town: Town, ana: Client) -> None:
    assert ask(ana, "INFO")[1] == "Address: none. Certificates: 0. Sessions: 1"
    account(town, "Bad", suspended="spam")
    assert ask(ana, "INFO bad")[0].endswith(", suspended")


def test_the_language_is_the_accounts(town: Town, ana: Client) -> None:
    ana.say("LANGUAGE es")
    assert setting(record(town), "language") == "es"
    assert the(log_in(town.connect(), "ana"), "900").params[-1] == "Has entrado con la cuenta Ana"


def test_what_cannot_be_stored_is_not_changed() -> None:
    store = FailingStore()
    town = Town(store)
    account(town, "Ana")
    client = town.join("eva")
    log_in(client, "ana")
    store.fail()
    assert "cannot store" in texts(client.say(f"NS CERT ADD {PRINT}"), "NOTICE")[0]
    assert record(town).certificates == ()


def test_words_are_in_both_languages_with_the_same_fields() -> None:
    for word, (english, spanish) in WORDS.items():
        fields = [sorted(re.findall(r"\{(\w+)\}", text)) for text in (english, spanish)]
        assert fields[0] == fields[1], word
