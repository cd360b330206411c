"""REGISTER and VERIFY: IRCv3 account-registration."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tertulia import limits
from tertulia.commands.settings import Accounts
from tertulia.ports import Peer
from tests.support.accounts import PASSWORD, account, log_in
from tests.support.failing import FailingStore
from tests.support.reading import has, the
from tests.support.town import Town, commands

FAR = Peer("ircs", "192.0.2.7", secure=True)


def fail(lines: list[str]) -> list[str]:
    """Command, code and context of the one FAIL."""
    return the(lines, "FAIL").params[:-1]


def keys(town: Town) -> str:
    """The value of the capability."""
    words = " ".join(town.connect().say("CAP LS 302")).split()
    return next(word for word in words if word.startswith("draft/account-registration")).partition("=")[2]


def test_the_capability() -> None:
    """ "The only defined capability keys so far are: `before-connect` ..., `email-required` ...,
    `custom-account-name` - if present, the account name can be different from the user's current
    nickname" """
    assert keys(Town()) == "before-connect,custom-account-name"
    assert keys(Town(accounts=Accounts(before_connect=False))) == "custom-account-name"
    assert keys(Town(password="x")) == "custom-account-name"


def test_while_connected(town: Town) -> None:
    """ "REGISTER SUCCESS <account> <message> ... Afterward, the client is assumed to be authenticated to the
    `<account>` as if it used SASL." """
    ana = town.join("ana")
    lines = ana.say(f"REGISTER * * :{PASSWORD}")
    assert commands(lines) == ["REGISTER", "900"]
    assert the(lines, "REGISTER").params == ["SUCCESS", "ana", "Account successfully registered"]
    (kept,) = town.store.accounts()
    assert (kept.key, kept.name, kept.email, kept.verified) == ("ana", "ana", "", True)
    assert kept.scram.startswith("SCRAM-SHA-256$")
    assert town.network.logged_in("ana") == [town.network.user("ana")]


def test_before_connect(town: Town) -> None:
    """The example of the specification: "REGISTER * tester@example.org hunter2" before CAP END."""
    client = town.connect()
    client.say("CAP LS 302", "NICK tester", "USER tester * * :Tester", "CAP REQ :draft/account-registration")
    assert commands(client.say(f"REGISTER * tester@example.org :{PASSWORD}")) == ["REGISTER", "900"]
    assert commands(client.say("CAP END"))[0] == "001"
    user = town.network.user("tester")
    assert user is not None and user.account == "tester"
    assert next(iter(town.network.accounts)).email == "tester@example.org"


def test_another_name_than_the_nick(town: Town) -> None:
    lines = town.join("ana").say(f"REGISTER Begoña * :{PASSWORD}")
    assert the(lines, "REGISTER").params[1] == "Begoña"


def test_connection_required() -> None:
    """ "FAIL REGISTER COMPLETE_CONNECTION_REQUIRED <message>: Sent by the server if the client sent a
    `REGISTER`
    command before connection registration." """
    town = Town(accounts=Accounts(before_connect=False))
    client = town.connect()
    lines = client.say("NICK ana", f"REGISTER * * :{PASSWORD}")
    assert fail(lines) == ["REGISTER", "COMPLETE_CONNECTION_REQUIRED"]
    assert fail(client.say("VERIFY ana 1")) == ["VERIFY", "COMPLETE_CONNECTION_REQUIRED"]


def test_a_server_password_is_not_bypassed() -> None:
    """ "this functionality cannot be used to bypass any authentication restrictions defined in the server
    configuration, e.g. requirements that clients send a server password with PASS" """
    client = Town(password="x").connect()
    assert fail(client.say("NICK a", f"REGISTER * * :{PASSWORD}"))[1] == "COMPLETE_CONNECTION_REQUIRED"


def test_need_nick(town: Town) -> None:
    """ "FAIL REGISTER NEED_NICK * <message>: Sent by the server if the client sends `REGISTER` before sending
    a NICK command." """
    assert fail(town.connect().say(f"REGISTER * * :{PASSWORD}")) == ["REGISTER", "NEED_NICK", "*"]


@pytest.mark.parametrize("name", ["Ana", "ANA", "eva"])
def test_account_exists(town: Town, name: str) -> None:
    """ "the client tried to register while using a nick that is not available as a new account's name" """
    account(town, "ana")
    town.join("eva")
    lines = town.join("beto").say(f"REGISTER {name} * :{PASSWORD}")
    assert fail(lines) == ["REGISTER", "ACCOUNT_EXISTS", name]


@pytest.mark.parametrize("name", ["NickServ", "1a", "a.b", "x" * 33])
def test_bad_account_name(town: Town, name: str) -> None:
    """ "the desired account name is invalid or otherwise restricted/disallowed" """
    assert fail(town.join("ana").say(f"REGISTER {name} * :{PASSWORD}"))[1:] == ["BAD_ACCOUNT_NAME", name]


def test_already_authenticated(town: Town) -> None:
    """ "FAIL REGISTER ALREADY_AUTHENTICATED <account> <message>: Sent by the server if the client is already
    authenticated." """
    account(town, "Ana")
    client = town.join("beto")
    log_in(client, "ana")
    assert fail(client.say(f"REGISTER * * :{PASSWORD}")) == ["REGISTER", "ALREADY_AUTHENTICATED", "Ana"]
    assert fail(client.say("VERIFY beto 1")) == ["VERIFY", "ALREADY_AUTHENTICATED", "Ana"]


@pytest.mark.parametrize("password", ["short", "ana", "1234567", "\u00ad" * 9])
def test_weak_password(town: Town, password: str) -> None:
    """ "Sent by the server if the password is considered too weak. The client MAY try registering again." """
    client = town.join("ana")
    assert fail(client.say(f"REGISTER * * :{password}")) == ["REGISTER", "WEAK_PASSWORD", "ana"]
    assert has(client.say("REGISTER * * :12345678"), "900")


def test_the_name_is_no_password() -> None:
    town = Town(accounts=Accounts(password_characters=1))
    assert fail(town.join("ana").say("REGISTER * * ANA"))[1] == "WEAK_PASSWORD"
    assert has(town.join("eva").say("REGISTER * * x"), "900")


@pytest.mark.parametrize("password", ["x" * 301, "secret\x07secret"])
def test_unacceptable_password(town: Town, password: str) -> None:
    """ "the password is invalid for any reason other than weakness", "300 bytes should be a safe reasonable
    limit" """
    client = town.join("ana")
    assert fail(client.say(f"REGISTER * * :{password}"))[1] == "UNACCEPTABLE_PASSWORD"
    assert has(client.say(f"REGISTER * * :{'x' * 300}"), "900")


@pytest.mark.parametrize("email", ["nobody", "a@", "@b", "a@b@c", "a@" + "b" * 253])
def test_invalid_email(town: Town, email: str) -> None:
    """ "FAIL REGISTER INVALID_EMAIL <account> <message>" """
    assert fail(town.join("ana").say(f"REGISTER * {email} :{PASSWORD}"))[1] == "INVALID_EMAIL"


def test_registration_may_be_off() -> None:
    """ "FAIL REGISTER TEMPORARILY_UNAVAILABLE <account> <message>" """
    town = Town(accounts=Accounts(registration=False))
    assert fail(town.join("ana").say(f"REGISTER * * :{PASSWORD}"))[1:] == ["TEMPORARILY_UNAVAILABLE", "ana"]


def test_accounts_per_address_are_bounded(town: Town) -> None:
    for number in range(limits.REGISTRATIONS_PER_ADDRESS):
        assert has(town.join(f"a{number}", peer=FAR).say(f"REGISTER * * :{PASSWORD}"), "900")
    late = town.join("late", peer=FAR)
    assert fail(late.say(f"REGISTER * * :{PASSWORD}"))[1] == "TEMPORARILY_UNAVAILABLE"
    assert has(town.join("o", peer=replace(FAR, address="192.0.2.8")).say(f"REGISTER * * :{PASSWORD}"), "900")
    town.clock.ms += round(limits.GUESS_SECONDS * 1000) + 1
    assert has(late.say(f"REGISTER * * :{PASSWORD}"), "900")


def test_accounts_are_bounded(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ACCOUNTS", 1)
    account(town, "eva")
    assert fail(town.join("ana").say(f"REGISTER * * :{PASSWORD}"))[1] == "TEMPORARILY_UNAVAILABLE"


def test_two_at_once_make_one(town: Town) -> None:
    """The hash takes a while; the name goes to whose is ready first."""
    town.passwords.slow = True
    one, two = town.join("ana"), town.join("eva")
    one.say(f"REGISTER * * :{PASSWORD}")
    two.say("PART #x")
    lines = two.say("REGISTER zoe * :another secret")
    third = town.join("beto").say("PING x")
    assert lines == [] and has(third, "PONG")
    for answer, made in reversed(town.passwords.waiting):
        answer.set(made)
    town.run()
    assert has(one.take(), "900") and has(two.take(), "900")
    assert sorted(record.key for record in town.network.accounts) == ["ana", "zoe"]


def test_what_cannot_be_stored_was_not_made() -> None:
    store = FailingStore()
    town = Town(store)
    ana = town.join("ana", caps="standard-replies")
    store.fail()
    assert fail(ana.say(f"REGISTER * * :{PASSWORD}")) == ["REGISTER", "NOT_STORED"]
    assert not list(town.network.accounts)


def test_verify(town: Town) -> None:
    """ "FAIL VERIFY INVALID_CODE <account> <message>: Sent by the server if the `<code>` ... is invalid or
    expired." """
    assert fail(town.join("ana").say("VERIFY ana 39gvcdg4")) == ["VERIFY", "INVALID_CODE", "ana"]


# --- guests ---------------------------------------------------------------------------------------


def test_guests_may_be_kept_out() -> None:
    """ "FAIL * ACCOUNT_REQUIRED <message>: Sent by the server in response to the end of connection
    registration ... if connection registration cannot proceed unless the user logs into an account with
    SASL", and "This specification also defines the informational `draft/account-required` capability" """
    town = Town(accounts=Accounts(guests=False))
    account(town, "Ana")
    client = town.connect()
    assert "draft/account-required" in " ".join(client.say("CAP LS 302")).replace(":", " ").split()
    assert has(client.say("CAP REQ :draft/account-required"), "CAP")
    client.say("CAP REQ :standard-replies", "NICK eva", "USER eva 0 * :Eva")
    lines = client.say("CAP END")
    assert fail(lines) == ["*", "ACCOUNT_REQUIRED"] and commands(lines) == ["FAIL", "ERROR"]
    member = town.connect()
    member.say("CAP LS 302", "NICK ana", "USER ana 0 * :Ana")
    log_in(member, "ana")
    assert commands(member.say("CAP END"))[0] == "001"
    model = town.connect(replace(FAR, trusted=True))
    assert commands(model.say("NICK lola", "USER lola 0 * :L"))[0] == "001"


def test_who_knows_no_fail_is_told_by_a_notice() -> None:
    town = Town(accounts=Accounts(guests=False), language="es")
    lines = town.connect().say("NICK eva", "USER eva 0 * :Eva")
    assert "Aquí no se entra sin cuenta" in the(lines, "NOTICE").params[-1]
