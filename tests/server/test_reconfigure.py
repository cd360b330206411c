"""New settings for a running server: CAP NEW and DEL (IRCv3 capability-negotiation), changed tokens (IRCv3
extended-isupport)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tertulia.commands.settings import Accounts
from tertulia.server.reconfigure import reconfigure
from tests.support.reading import all_of, has, texts
from tests.support.town import Client, Town


def change(town: Town, **settings: Any) -> None:
    reconfigure(town.hub, replace(town.hub.settings, **settings))
    town.run()


def modern(town: Town, nick: str, caps: str) -> Client:
    """A client of version 302."""
    client = town.connect()
    client.say("CAP LS 302", f"CAP REQ :{caps}", f"NICK {nick}", f"USER {nick} 0 * :x", "CAP END")
    return client


OFF = frozenset({"echo-message", "draft/multiline"})


def test_what_is_off_is_not_offered_and_not_granted() -> None:
    """ "The LS subcommand is used to list the capabilities supported by the server." (IRCv3
    capability-negotiation)"""
    client = Town(capabilities_off=OFF).connect()
    listed = " ".join(texts(client.say("CAP LS 302"), "CAP")).split(" ")
    assert "server-time" in listed and not [item for item in listed if item.partition("=")[0] in OFF]
    assert client.say("CAP REQ :echo-message") == [":tertulia.local CAP * NAK :echo-message"]


def test_switching_off() -> None:
    """ "The DEL subcommand MUST ONLY be sent to clients that have negotiated CAP version `302` or enabled the
    `cap-notify` capability." (IRCv3 capability-negotiation)"""
    town = Town()
    ana = modern(town, "ana", "echo-message")
    eva = town.join("eva", caps="cap-notify")
    old = town.join("old", caps="echo-message")
    change(town, capabilities_off=OFF)
    assert ana.take() == [":tertulia.local CAP ana DEL :echo-message draft/multiline"]
    assert eva.take() == [":tertulia.local CAP eva DEL :echo-message draft/multiline"]
    assert old.take() == []
    for client, nick in ((ana, "ana"), (old, "old")):
        assert not has(client.say(f"PRIVMSG {nick} :x", "PRIVMSG eva :hola"), "NOTICE")
        assert texts(client.say("CAP LIST"), "CAP") in (["cap-notify"], [""])


def test_behaviour_ends_after_the_line_and_not_before() -> None:
    """ "Servers MUST cancel any capability-specific behavior for a client after sending the CAP DEL message
    to the client." (IRCv3 capability-negotiation)"""
    town = Town()
    ana = modern(town, "ana", "server-time")
    bob = town.join("bob")
    bob.send("PRIVMSG ana :antes")
    town.hub.wake()
    reconfigure(town.hub, replace(town.hub.settings, capabilities_off=frozenset({"server-time"})))
    bob.send("PRIVMSG ana :después")
    town.run()
    lines = ana.take()
    assert [("time" in (line.tags or {})) for line in all_of(lines, "PRIVMSG")] == [False, False]
    assert texts(lines, "CAP", "PRIVMSG") == ["server-time", "antes", "después"]


def test_switching_on() -> None:
    """ "If the client supports CAP version `302`, the capabilities SHOULD be listed with values, as in the
    `CAP LS` response." (IRCv3 capability-negotiation)"""
    town = Town(capabilities_off=OFF)
    ana, eva, old = modern(town, "ana", ""), town.join("eva", caps="cap-notify"), town.join("old")
    for client in (ana, eva, old):
        client.take()
    change(town, capabilities_off=frozenset())
    (line,) = ana.take()
    assert line.startswith(":tertulia.local CAP ana NEW :echo-message draft/multiline=max-bytes=")
    assert eva.take() == [":tertulia.local CAP eva NEW :echo-message draft/multiline"]
    assert old.take() == []
    assert ana.say("CAP REQ :echo-message") == [":tertulia.local CAP ana ACK :echo-message"]


def test_who_has_not_registered_is_told_too() -> None:
    town = Town()
    client = town.connect()
    client.say("CAP LS 302", "CAP REQ :echo-message")
    change(town, capabilities_off=OFF)
    assert client.take() == [":tertulia.local CAP * DEL :echo-message draft/multiline"]


def test_changed_tokens_are_told() -> None:
    """ "servers can update or delete existing values by sending additional `RPL_ISUPPORT` messages" (IRCv3
    extended-isupport)"""
    town = Town(icon="https://example.org/a.png")
    ana = town.join("ana", caps="batch draft/extended-isupport")
    stranger = town.connect()
    change(town, icon="", client_tags_denied=("typing",))
    opened, line, closed = ana.take()
    reference = opened.split("+")[1].split(" ")[0]
    assert line.startswith(f"@batch={reference} :tertulia.local 005 ana CLIENTTAGDENY=typing -draft/ICON :")
    assert closed.endswith(f"BATCH -{reference}")
    assert stranger.take() == []


def test_nothing_changed_nothing_said() -> None:
    town = Town()
    ana = modern(town, "ana", "echo-message")
    change(town, motd=("hola",))
    assert ana.take() == []


def test_guests_are_kept_out_from_now_on_and_let_in_again() -> None:
    """ "When enabled, the server MUST notify the client about all new capabilities and about existing
    capabilities that are no longer available" (IRCv3 capability-negotiation): also about those that only
    inform, as `draft/account-required` does."""
    town = Town()
    ana, eva = modern(town, "ana", ""), town.join("eva", caps="cap-notify")
    old, late = town.join("old"), town.connect()
    late.say("CAP LS 302")
    change(town, accounts=Accounts(guests=False))
    assert ana.take() == [":tertulia.local CAP ana NEW :draft/account-required"]
    assert eva.take() == [":tertulia.local CAP eva NEW :draft/account-required"]
    assert late.take() == [":tertulia.local CAP * NEW :draft/account-required"]
    assert old.take() == []
    change(town, accounts=Accounts())
    assert ana.take() == [":tertulia.local CAP ana DEL :draft/account-required"]
    assert eva.take() == [":tertulia.local CAP eva DEL :draft/account-required"]


@pytest.mark.parametrize("change_of", [{"accounts": Accounts(before_connect=False)}, {"password": "secret"}])
def test_a_value_that_changes_is_told_to_those_who_see_values(change_of: dict[str, Any]) -> None:
    """ "If a capability with values is sent multiple times, the last one received takes priority." (IRCv3
    capability-negotiation); "`before-connect` - if present, indicates the server supports early
    registration" (IRCv3 account-registration)"""
    town = Town()
    ana, eva = modern(town, "ana", "draft/account-registration"), town.join("eva", caps="cap-notify")
    change(town, **change_of)
    name = "draft/account-registration"
    assert ana.take() == [f":tertulia.local CAP ana NEW :{name}=custom-account-name"]
    assert eva.take() == [] and name in " ".join(ana.say("CAP LIST"))
    change(town, accounts=Accounts(), password=None)
    assert ana.take() == [f":tertulia.local CAP ana NEW :{name}=before-connect,custom-account-name"]


def test_registration_that_ends_and_begins_with_another_value() -> None:
    town = Town()
    ana = modern(town, "ana", "draft/account-registration")
    name = "draft/account-registration"
    change(town, capabilities_off=frozenset({name}), password="secret")
    assert ana.take() == [f":tertulia.local CAP ana DEL :{name}"]
    change(town, capabilities_off=frozenset())
    assert ana.take() == [f":tertulia.local CAP ana NEW :{name}=custom-account-name"]
    assert ana.say("CAP LIST") == [":tertulia.local CAP ana LIST :cap-notify"]


def test_all_that_listing_says_is_announced() -> None:
    """Whatever it is that changes: before and after, and what was announced, agree."""
    town = Town()
    watcher, asker = modern(town, "ana", ""), town.connect()
    settings = [
        {"accounts": Accounts(guests=False, before_connect=False)}, {"capabilities_off": OFF},
        {"accounts": Accounts(), "password": "x"}, {"capabilities_off": frozenset(), "password": None},
    ]  # fmt: skip
    known = set(listed(asker))
    watcher.take()
    for one in settings:
        change(town, **one)
        for line in all_of(watcher.take(), "CAP"):
            names = set(line.params[-1].split())
            known = {
                item for item in known if item.partition("=")[0] not in {n.partition("=")[0] for n in names}
            }
            known |= names if line.params[1] == "NEW" else set()
        asker.take()
        assert known == set(listed(asker))


def listed(client: Client) -> list[str]:
    return " ".join(texts(client.say("CAP LS 302"), "CAP")).split()
