"""AUDIT: all that operators do is kept, and read by those who have the right."""

from __future__ import annotations

import pytest

from tertulia.commands.settings import Operator
from tertulia.ports import Peer
from tertulia.protocol.audit import AuditPage
from tests.support.reading import texts
from tests.support.town import Client, Town, commands

EVA = Peer("irc", "192.0.2.7")


@pytest.fixture
def town() -> Town:
    helper = Operator("helper", "secret", rights=frozenset({"kill"}))
    return Town(operators=(Operator("root", "secret"), helper))


@pytest.fixture
def root(town: Town) -> Client:
    client = town.join("root")
    client.say("OPER root secret")
    return client


def test_every_deed_has_who_when_what_whom_and_why(town: Town, root: Client) -> None:
    town.join("eva", peer=EVA)
    root.say("DLINE 1d 192.0.2.0/24 spam|hosts", "UNDLINE 192.0.2.0/24", "REHASH", "WALLOPS :hola")
    town.join("eva", peer=EVA)
    root.say("CHGHOST eva a.b", "KILL eva :fuera")
    town.run()
    kept = town.store.audit(AuditPage())
    assert [(entry.deed, entry.target) for entry in kept] == [
        ("OPER", "root"), ("BAN", "192.0.2.0/24"), ("LIFT", "192.0.2.0/24"), ("REHASH", "tertulia.local"),
        ("WALLOPS", "+w"), ("CHGHOST", "eva"), ("KILL", "eva"),
    ]  # fmt: skip
    assert {entry.operator for entry in kept[1:]} == {"root"}
    assert kept[-1].who == "root!~root@127.0.0.1" and kept[-1].text.endswith("192.0.2.7: fuera")
    assert kept[1].text.endswith("spam | hosts")


def test_it_is_read_by_those_who_have_the_right(town: Town, root: Client) -> None:
    helper = town.join("helper")
    helper.say("OPER helper secret")
    assert commands(helper.say("AUDIT")) == ["723"]
    helper.say("KILL nobody :x")
    town.join("eva")
    helper.say("KILL eva :x")
    lines = texts(root.say("AUDIT who=helper"), "NOTICE")
    assert len(lines) == 3 and lines[1].endswith("(helper) KILL eva eva!~eva@127.0.0.1 127.0.0.1: x")
    assert texts(root.say("AUDIT 1"), "NOTICE")[-1] == "End: 1 entries"
    assert len(texts(root.say("AUDIT what=oper"), "NOTICE")) == 3
    assert len(texts(root.say("AUDIT 50 what=kill target=EVA"), "NOTICE")) == 2


def test_old_entries_are_forgotten(town: Town, root: Client) -> None:
    root.say("REHASH")
    town.clock.ms += 366 * 86_400_000
    town.advance(6 * 3_600)
    assert town.store.audit(AuditPage()) == []
