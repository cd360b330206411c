"""DEFCON: each level closes what its page says, and what is above it; nothing else."""

from __future__ import annotations

import re

import pytest

from tertulia.commands.settings import Operator
from tertulia.ports import Peer
from tertulia.protocol.bans import BanRecord
from tertulia.protocol.defence import LEVELS
from tests.house.tree import ROOT
from tests.support.accounts import PASSWORD, account, log_in
from tests.support.failing import FailingStore
from tests.support.reading import has, texts, the
from tests.support.town import Client, Town, commands

FAR = Peer("irc", "192.0.2.7")


@pytest.fixture
def town() -> Town:
    return Town(operators=(Operator("root", "secret"),))


@pytest.fixture
def root(town: Town) -> Client:
    client = town.join("root")
    client.say("OPER root secret")
    return client


def named(town: Town, nick: str) -> Client:
    """Somebody from afar with an account."""
    account(town, nick)
    client = town.connect(FAR)
    client.send("CAP REQ :sasl")
    log_in(client, nick)
    client.say(f"NICK {nick}", f"USER {nick} 0 * :X", "CAP END")
    return client


def enters(town: Town, peer: Peer = FAR) -> bool:
    client = town.connect(peer)
    client.send("NICK x", "USER x 0 * :X")
    entered = has(client.say(), "001")
    client.wire.close()
    town.run()
    return entered


def test_asking_and_setting(town: Town, root: Client) -> None:
    assert texts(root.say("DEFCON"), "NOTICE") == ["DEFCON 5: normal: nothing is closed"]
    (answer,) = texts(root.say("DEFCON 4"), "NOTICE")
    assert answer == "DEFCON 4: no new accounts, and no new registered rooms"
    assert not texts(root.say("DEFCON 9"), "NOTICE")[0].startswith("DEFCON 4")
    eva = town.join("eva")
    assert commands(eva.say("DEFCON 5")) == ["481"]


def test_level_4_makes_no_accounts(town: Town, root: Client) -> None:
    eva = town.join("eva", peer=FAR)
    root.say("DEFCON 4")
    assert the(eva.say(f"REGISTER * * :{PASSWORD}"), "FAIL").params[1] == "TEMPORARILY_UNAVAILABLE"
    assert has(root.say(f"REGISTER * * :{PASSWORD}"), "REGISTER"), "who sets levels may"
    assert enters(town)


def test_level_4_registers_no_rooms(town: Town, root: Client) -> None:
    ana = named(town, "ana")
    ana.say("JOIN #r")
    root.say("DEFCON 4")
    assert texts(ana.say("CS REGISTER #r"), "NOTICE") == ["No rooms are registered for now"]


def test_level_3_and_private_talk(town: Town, root: Client) -> None:
    ana, eva = named(town, "ana"), town.join("eva", peer=FAR)
    here = town.join("here")
    assert commands(eva.say("PRIVMSG ana :x")) == []
    root.say("DEFCON 3")
    assert commands(eva.say("PRIVMSG ana :x")) == ["477"]
    assert commands(eva.say("PRIVMSG root :help", "PRIVMSG eva :x")) == ["PRIVMSG"]
    assert commands(ana.say("PRIVMSG eva :x")) == ["PRIVMSG"]
    assert commands(here.say("PRIVMSG ana :x")) == []
    eva.take()
    assert commands(eva.say("JOIN #r"))[0] == "JOIN" and enters(town)


def test_level_2_is_for_those_with_an_account(town: Town, root: Client) -> None:
    eva = town.join("eva", "#in", peer=FAR)
    bob = town.join("bob", "#in", peer=FAR)
    root.say("DEFCON 2")
    eva.take()
    assert commands(eva.say("JOIN #r")) == ["477"]
    eva.say("PRIVMSG #in :still here")
    assert texts(bob.say(), "PRIVMSG") == ["still here"], "who is in stays in"
    assert not enters(town) and enters(town, Peer("irc", "127.0.0.1", local=True))
    assert has(named(town, "ana").say("JOIN #r"), "JOIN")
    town.network.bans.put(BanRecord("address", "192.0.2.0/24", "exempt"))
    assert enters(town)


def test_level_1_lets_nobody_in(town: Town, root: Client) -> None:
    eva = town.join("eva", peer=FAR)
    root.say("DEFCON 1")
    client = town.connect(FAR)
    assert "come back later" in client.say()[-1] and client.wire.closed
    assert not eva.wire.closed and enters(town, Peer("irc", "127.0.0.1", local=True))
    root.say("DEFCON 5")
    assert enters(town)


def test_the_level_outlives_the_server_or_is_not_set_at_all() -> None:
    store = FailingStore()
    town = Town(store, operators=(Operator("root", "secret"),))
    root = town.join("root")
    root.say("OPER root secret", "DEFCON 3")
    assert Town(store).network.defence == 3
    store.fail()
    root.say("DEFCON 1")
    assert town.network.defence == 3


def test_the_page_has_every_level() -> None:
    page = (ROOT / "docs" / "moderation.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| ([1-5]) \|", page, re.MULTILINE) == [str(level) for level in LEVELS]
