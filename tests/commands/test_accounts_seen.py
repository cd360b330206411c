"""What others see of an account: account-notify, account-tag, extended-join, WHOX, WHOIS, account-extban; and
private talk that follows it."""

from __future__ import annotations

import pytest

from tertulia.protocol.history import Page
from tests.support.accounts import account, log_in
from tests.support.reading import all_of, has, tag, texts, the
from tests.support.town import Client, Town


@pytest.fixture
def town() -> Town:
    town = Town()
    account(town, "Ana")
    account(town, "Beto")
    return town


def member(town: Town, nick: str, name: str = "", *rooms: str, caps: str = "") -> Client:
    """Somebody who has logged in before entering."""
    client = town.connect()
    client.say("CAP LS 302", f"CAP REQ :{caps}", f"NICK {nick}", f"USER {nick} 0 * :{nick.title()}")
    if name:
        log_in(client, name)
    client.say("CAP END", *(f"JOIN {room}" for room in rooms))
    return client


# --- account-notify -------------------------------------------------------------------------------


def test_account_notify(town: Town) -> None:
    """ "When enabled, clients will get the ACCOUNT message to designate the account name changes for clients
    on common channels with them, including themselves." """
    eva = town.join("eva", "#r", caps="account-notify")
    seer = town.join("seer", "#r", "#s", caps="account-notify")
    blind, far = town.join("blind", "#r"), town.join("far", caps="account-notify")
    eva.take()
    seer.take()
    blind.take()
    assert ":eva!~eva@127.0.0.1 ACCOUNT Ana" in log_in(eva, "ana")
    assert seer.take() == [":eva!~eva@127.0.0.1 ACCOUNT Ana"]
    assert blind.take() == [] and far.take() == []
    assert has(log_in(eva, "beto"), "ACCOUNT") and seer.take() == [":eva!~eva@127.0.0.1 ACCOUNT Beto"]


# --- account-tag ----------------------------------------------------------------------------------


def test_account_tag_on_what_is_said(town: Town) -> None:
    """ "The tag MUST be named `account`, and contain the sender's current services username. (If the user is
    not identified to any services account, the tag MUST NOT be sent.)" """
    reader = town.join("reader", "#r", caps="account-tag")
    full = town.join("full", "#r", caps="account-tag message-tags server-time draft/multiline batch")
    old = town.join("old", "#r", caps="message-tags")
    ana, guest = member(town, "ana", "ana", "#r"), town.join("eva", "#r")
    town.run()
    for client in (reader, full, old):
        client.take()
    ana.say("PRIVMSG #r :hello")
    guest.say("PRIVMSG #r :hi")
    assert reader.take() == ["@account=Ana :ana!~ana@127.0.0.1 PRIVMSG #r :hello",
                             ":eva!~eva@127.0.0.1 PRIVMSG #r :hi"]  # fmt: skip
    first, second = all_of(full.take(), "PRIVMSG")
    assert tag(first, "account") == "Ana" and tag(first, "msgid") and tag(first, "time")
    assert tag(second, "account") is None
    assert tag(all_of(old.take(), "PRIVMSG")[0], "account") is None


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("NICK ana2", "NICK"),
        ("PART #r", "PART"),
        ("QUIT", "QUIT"),
        ("TOPIC #r :new", "TOPIC"),
        ("MODE #r +i", "MODE"),
        ("KICK #r eva", "KICK"),
        ("NOTICE #r :x", "NOTICE"),
        ("AWAY :x", "AWAY"),
        ("SETNAME :New", "SETNAME"),
        ("JOIN #t", "JOIN"),
        ("INVITE seer #u", "INVITE"),
    ],
)
def test_account_tag_on_what_is_done(town: Town, line: str, command: str) -> None:
    """ "The tag MUST be added by the ircd to all commands sent by a user (e.g. PRIVMSG, MODE, NOTICE, and all
    others)." """
    ana = member(town, "ana", "ana", "#r", "#u")
    seer = town.join("seer", "#r", "#t", caps="account-tag away-notify setname")
    town.join("eva", "#r")
    seer.say("PART #u")
    ana.say(line)
    assert tag(the(seer.take(), command), "account") == "Ana"


def test_account_tag_of_a_change_of_account(town: Town) -> None:
    """The example: "<-- @account=hax0r :user ACCOUNT bob" """
    eva = town.join("eva", "#r", caps="account-notify account-tag")
    assert tag(the(log_in(eva, "ana"), "ACCOUNT"), "account") is None
    assert tag(the(log_in(eva, "beto"), "ACCOUNT"), "account") == "Ana"


def test_account_tag_in_history_and_on_every_line_of_a_long_message(town: Town) -> None:
    ana = member(town, "ana", "ana", "#r", caps="draft/multiline batch message-tags")
    reader = town.join("reader", "#r", caps="account-tag draft/chathistory")
    ana.say("BATCH +1 draft/multiline #r", "@batch=1 PRIVMSG #r :one", "@batch=1 PRIVMSG #r :two", "BATCH -1")
    said = all_of(reader.take(), "PRIVMSG")
    again = all_of(reader.say("CHATHISTORY LATEST #r * 10"), "PRIVMSG")
    assert [tag(line, "account") for line in [*said, *again]] == ["Ana"] * 4
    (kept,) = town.store.page(Page(("#r",)))
    assert kept.account == "Ana"


def test_an_account_with_a_letter_to_escape(town: Town) -> None:
    account(town, "a\\b")
    reader = town.join("reader", "#r", caps="account-tag")
    member(town, "x", "a\\b", "#r").say("PRIVMSG #r :hello")
    assert tag(the(reader.take(), "PRIVMSG"), "account") == "a\\b"


# --- extended-join, WHOX, WHOIS -------------------------------------------------------------------


def test_extended_join(town: Town) -> None:
    """ "JOIN #chan accountname :Real Name", and "*" when there is no account (extended-join)"""
    seer = town.join("seer", "#r", caps="extended-join")
    member(town, "ana", "ana", "#r")
    town.join("eva", "#r")
    joins = all_of(seer.take(), "JOIN")
    assert [line.params for line in joins] == [["#r", "Ana", "Ana"], ["#r", "*", "Eva"]]


def test_whox_and_whois(town: Town) -> None:
    """WHOX: "a - Account name", "0" for nobody's; RPL_WHOISACCOUNT: "<client> <nick> <account> :is logged in
    as" (modern-irc)"""
    ana = member(town, "ana", "ana", "#r")
    town.join("eva", "#r")
    lines = ana.say("WHO #r %na")
    assert [line.params[1:] for line in all_of(lines, "354")] == [["ana", "Ana"], ["eva", "0"]]
    assert the(ana.say("WHOIS ana"), "330").params == ["ana", "ana", "Ana", "is logged in as"]
    assert not has(ana.say("WHOIS eva"), "330")


# --- account-extban -------------------------------------------------------------------------------


def test_the_tokens(town: Town) -> None:
    """ "Servers publishing the `ACCOUNTEXTBAN` token MUST also publish the `EXTBAN` token. The value ... is a
    comma-separated list of names for the extended ban type which matches account names." """
    words = " ".join(town.join("eva").say("VERSION")).split()
    assert "ACCOUNTEXTBAN=a,account" in words and "EXTBAN=~,acjmrz" in words


@pytest.mark.parametrize("mask", ["~a:ana", "~account:ANA", "~A:An?", "~a:*", "~a:"])
def test_a_ban_by_account(town: Town, mask: str) -> None:
    """ "Servers MUST support matching exact account names. Servers MAY support matching account masks" """
    op = town.join("op", "#r")
    assert the(op.say(f"MODE #r +b {mask}"), "MODE").params[2].startswith("~a:")
    ana = member(town, "nick", "ana")
    assert has(ana.say("JOIN #r"), "474")
    assert has(town.join("ana2").say("JOIN #r"), "JOIN")
    assert has(op.say("MODE #r +e ~a:ana"), "MODE")
    assert has(ana.say("JOIN #r"), "JOIN")


def test_an_invitation_by_account(town: Town) -> None:
    op = town.join("op", "#r")
    op.say("MODE #r +iI ~a:ana")
    assert has(town.join("eva").say("JOIN #r"), "473")
    assert has(member(town, "nick", "ana").say("JOIN #r"), "JOIN")


def test_a_ban_silences_who_logs_in_to_it(town: Town) -> None:
    op, eva = town.join("op", "#r"), town.join("eva", "#r")
    op.say("MODE #r +b ~a:ana")
    eva.say("PRIVMSG #r :as a guest")
    log_in(eva, "ana")
    assert has(eva.say("PRIVMSG #r :as ana"), "404")
    assert texts(op.take()) == ["as a guest"]


# --- private talk follows the account -------------------------------------------------------------


def test_private_talk_follows_the_account_over_devices_and_restarts(town: Town) -> None:
    first, eva = member(town, "ana", "ana"), member(town, "eva", "beto", caps="draft/chathistory")
    first.say("PRIVMSG eva :from the first device")
    eva.say("PRIVMSG ana :an answer")
    first.say("QUIT")
    second = member(town, "phone", "ana", caps="draft/chathistory")
    wanted = ["from the first device", "an answer"]
    assert texts(second.say("CHATHISTORY LATEST eva * 10")) == wanted
    assert texts(eva.say("CHATHISTORY LATEST ana * 10")) == wanted  # who is not here, by the account's name
    again = Town(town.store)
    third = member(again, "ana", "ana", caps="draft/chathistory")
    assert texts(third.say("CHATHISTORY LATEST beto * 10")) == wanted
    assert (
        texts(member(again, "x", "beto", caps="draft/chathistory").say("CHATHISTORY LATEST ana * 9"))
        == wanted
    )
    guest = again.join("guest", caps="draft/chathistory")
    assert texts(guest.say("CHATHISTORY LATEST ana * 10")) == []
