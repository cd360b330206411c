"""PERSISTENCE: whether one stays when one's connections end (the draft of IRCv3 persistence)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tertulia.commands.settings import Accounts
from tertulia.server.reconfigure import reconfigure
from tests.support.accounts import account, come
from tests.support.reading import has, the
from tests.support.town import Client, Town, commands

CAPS = "draft/persistence"


@pytest.fixture
def town() -> Town:
    town = Town()
    account(town, "Ana")
    return town


@pytest.fixture
def ana(town: Town) -> Client:
    return come(town, "ana", "ana", CAPS)[0]


def status(lines: list[str]) -> list[str]:
    return the(lines, "PERSISTENCE").params


def test_it_is_told_at_the_start(town: Town) -> None:
    """ "servers MUST send a `PERSISTENCE STATUS` command to the client as part of the registration burst,
    after the last `005` numeric but before either `376 RPL_ENDOFMOTD` or `422 ERR_NOMOTD`." """
    _, lines = come(town, "ana", "ana", CAPS)
    verbs = commands(lines)
    last = len(verbs) - 1 - verbs[::-1].index("005")
    assert last < verbs.index("PERSISTENCE") < verbs.index("422")
    assert status(lines) == ["STATUS", "DEFAULT", "OFF"]
    assert not has(come(town, "ana", "ana")[1], "PERSISTENCE")


def test_opting_in(ana: Client) -> None:
    """The first example of the specification."""
    assert status(ana.say("PERSISTENCE GET")) == ["STATUS", "DEFAULT", "OFF"]
    assert status(ana.say("PERSISTENCE SET ON")) == ["STATUS", "ON", "ON"]
    assert status(ana.say("persistence set off")) == ["STATUS", "OFF", "OFF"]
    assert status(ana.say("PERSISTENCE SET DEFAULT")) == ["STATUS", "DEFAULT", "OFF"]


@pytest.mark.parametrize(
    ("server", "wish", "answer"),
    [
        ("disabled", "ON", ["ON", "OFF"]),
        ("mandatory", "OFF", ["OFF", "ON"]),
        ("opt-out", "OFF", ["OFF", "OFF"]),
    ],
)
def test_what_the_server_does_not_grant(server: str, wish: str, answer: list[str]) -> None:
    """ "the server MUST NOT send a `FAIL` response, but MUST send a `PERSISTENCE STATUS` response"."""
    town = Town(accounts=Accounts(always_on=server))
    account(town, "Ana")
    client, _ = come(town, "ana", "ana", CAPS)
    assert status(client.say(f"PERSISTENCE SET {wish}")) == ["STATUS", *answer]


def test_the_other_connections_are_told(town: Town, ana: Client) -> None:
    """ "If ... an event occurs asynchronously that changes the persistence status (e.g. a server
    configuration change or `PERSISTENCE SET` from another client connection), servers SHOULD send"."""
    other, _ = come(town, "ana", "ana", CAPS)
    deaf, _ = come(town, "ana", "ana")
    ana.say("PERSISTENCE SET ON")
    assert status(other.take()) == ["STATUS", "ON", "ON"] and deaf.take() == []
    other.say("NS SET always-on off")
    assert status(ana.take()) == ["STATUS", "OFF", "OFF"]
    accounts = replace(town.hub.settings.accounts, always_on="mandatory")
    reconfigure(town.hub, replace(town.hub.settings, accounts=accounts))
    town.run()
    assert status(ana.take()) == status(other.take()) == ["STATUS", "OFF", "ON"]
    assert deaf.take() == []


def test_guests_need_an_account(town: Town) -> None:
    """ "FAIL PERSISTENCE ACCOUNT_REQUIRED :An account is required" """
    lines = town.join("eva", caps=CAPS).say("PERSISTENCE GET")
    assert the(lines, "FAIL").params == ["PERSISTENCE", "ACCOUNT_REQUIRED", "An account is required"]


@pytest.mark.parametrize("line", ["PERSISTENCE", "PERSISTENCE SET", "PERSISTENCE SET PERHAPS"])
def test_what_is_wrong(ana: Client, line: str) -> None:
    """ "On invalid parameters, the server MUST return: FAIL PERSISTENCE INVALID_PARAMETERS" """
    assert the(ana.say(line), "FAIL").params[:2] == ["PERSISTENCE", "INVALID_PARAMETERS"]


def test_what_is_unknown_is_ignored(ana: Client) -> None:
    """ "Implementations SHOULD ignore unrecognized subcommands" """
    assert ana.say("PERSISTENCE FUTURE x") == []


def test_rooms_come_after_the_message_of_the_day(town: Town, ana: Client) -> None:
    """ "the server MUST send a `JOIN` line for each channel the client is joined to, subsequent to sending
    either `376` or `422`." """
    ana.say("PERSISTENCE SET ON", "JOIN #tea", "QUIT")
    verbs = commands(come(town, "ana", "ana", CAPS)[1])
    assert verbs.index("422") < verbs.index("JOIN")
