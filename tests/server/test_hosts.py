"""Hosts that change and hosts that hide: IRCv3 chghost; cloaks."""

from __future__ import annotations

import pytest

from tertulia.commands.settings import Operator
from tertulia.ports import Peer
from tertulia.protocol.cloak import cloak
from tests.support.reading import all_of, has, texts, the
from tests.support.town import Client, Town, commands

FAR = Peer("ircs", "203.0.113.7", secure=True)
KEY = "una clave bastante larga"


@pytest.fixture
def town() -> Town:
    return Town(operators=(Operator("root", "secret"),))


@pytest.fixture
def root(town: Town) -> Client:
    client = town.join("root")
    client.say("OPER root secret")
    return client


def test_those_who_know_are_told(town: Town, root: Client) -> None:
    """ "servers MUST send the `CHGHOST` message to other clients who share channels with the target client
    and who have enabled the `chghost` capability. Servers SHOULD also send the `CHGHOST` message to the
    client whose own username or host changed" (IRCv3 chghost)"""
    ana = town.join("ana", "#a", "#b", caps="chghost")
    bob, far = town.join("bob", "#a", "#b", caps="chghost"), town.join("far", "#c", caps="chghost")
    ana.take()
    root.say("CHGHOST ana casa/ana")
    line = ":ana!~ana@127.0.0.1 CHGHOST ~ana casa/ana"
    assert bob.say() == [line]
    assert ana.say()[0] == line
    assert far.say() == []
    ana.say("PRIVMSG #a :soy yo")
    assert bob.say() == [":ana!~ana@casa/ana PRIVMSG #a :soy yo"]


def test_for_all_others_it_is_a_reconnection(town: Town, root: Client) -> None:
    """ "For shared channels, the simulated events SHOULD include appropriate `QUIT`, `JOIN` and `MODE`
    commands, to restore membership and user channel modes." (IRCv3 chghost)"""
    ana = town.join("ana", "#a", "#b")
    ana.say("MODE #a +v ana")
    old = town.join("old", "#a", "#b")
    extended = town.join("extended", "#b", caps="extended-join")
    old.take()
    root.say("CHGHOST ana casa/ana")
    lines = old.say()
    assert lines[0].startswith(":ana!~ana@127.0.0.1 QUIT :")
    assert lines[1:] == [
        ":ana!~ana@casa/ana JOIN #a", ":tertulia.local MODE #a +ov ana ana",
        ":ana!~ana@casa/ana JOIN #b", ":tertulia.local MODE #b +o ana",
    ]  # fmt: skip
    assert the(extended.say(), "JOIN").params == ["#b", "*", "Ana"]


def test_one_s_own_host(town: Town, root: Client) -> None:
    """RPL_VISIBLEHOST (396): who cannot read CHGHOST still learns it."""
    ana = town.join("ana", "#a")
    root.say("CHGHOST ana casa/ana")
    lines = ana.say()
    assert commands(lines) == ["396"]
    assert the(lines, "396").params[:2] == ["ana", "casa/ana"]
    root.say("CHGHOST ana casa/ana")
    assert ana.say() == [], "nothing has changed"
    root.say("CHGHOST ana")
    assert the(ana.say(), "396").params[1] == "127.0.0.1"


def test_strangers_who_watch(town: Town, root: Client) -> None:
    """ "If `chghost` is also enabled, the client will get CHGHOST notifications for monitored nicks." (IRCv3
    extended-monitor)"""
    eva = town.join("eva", caps="chghost extended-monitor")
    old = town.join("old", caps="extended-monitor")
    for client in (eva, old):
        client.say("MONITOR + ana")
    town.join("ana")
    eva.take(), old.take()
    root.say("CHGHOST ana casa/ana")
    assert commands(eva.say()) == ["CHGHOST"]
    assert old.say() == []


@pytest.mark.parametrize("host", ["a!b", "a@b", "*", "x" * 65, "ñ"])
def test_hosts_that_cannot_be(root: Client, town: Town, host: str) -> None:
    town.join("ana")
    assert the(root.say(f"CHGHOST ana {host}"), "FAIL").params[:2] == ["CHGHOST", "INVALID_HOST"]


def test_for_operators_only(town: Town) -> None:
    ana = town.join("ana")
    assert commands(ana.say("CHGHOST ana casa/ana")) == ["481"]


def test_what_waits_keeps_its_order(town: Town, root: Client) -> None:
    """What was said under the old host is heard before the change, also in the same tick."""
    ana, bob = town.join("ana", "#r"), town.join("bob", "#r", caps="chghost")
    ana.take()
    ana.send("PRIVMSG #r :antes")
    root.send("CHGHOST ana casa/ana")
    ana.send("PRIVMSG #r :después")
    assert commands(bob.say()) == ["PRIVMSG", "CHGHOST", "PRIVMSG"]


# --- cloaks ---------------------------------------------------------------------------------------


def test_addresses_are_hidden_from_all_but_operators() -> None:
    town = Town(cloak_key=KEY, operators=(Operator("root", "secret"),))
    ana, eva = town.join("ana", "#r", peer=FAR), town.join("eva", "#r")
    hidden = cloak("203.0.113.7", KEY)
    assert the(ana.say(), "JOIN").source == "eva!~eva@127.0.0.1", "this machine has nothing to hide"
    questions = ("WHOIS ana", "WHO ana", "WHO #r %tcuihsnfdlaor,7", "USERHOST ana", "NAMES #r")
    for question in questions:
        lines = eva.say(question)
        assert "203.0.113.7" not in " ".join(lines), question
    assert the(eva.say("WHOIS ana"), "311").params[3] == hidden
    eva.say("OPER root secret")
    assert "203.0.113.7" in the(eva.say("WHOIS ana"), "378").params[-1]
    assert "203.0.113.7" in the(ana.say("WHOIS ana"), "378").params[-1], "oneself knows"


def test_no_cloak_and_no_host_evades_a_ban() -> None:
    town = Town(cloak_key=KEY, operators=(Operator("root", "secret"),))
    eva = town.join("eva", "#r")
    hidden = cloak("203.0.113.7", KEY)
    eva.say("OPER root secret")
    for mask in ("*!*@203.0.113.*", f"*!*@*.{hidden.split('.', 1)[1]}"):
        eva.say(f"MODE #r +b {mask}")
        ana = town.join("ana", peer=FAR)
        assert has(ana.say("JOIN #r"), "474"), mask
        ana.say("QUIT")
        eva.say(f"MODE #r -b {mask}")
    eva.say("MODE #r +b *!*@203.0.113.7")
    ana = town.join("ana", peer=FAR)
    eva.say("CHGHOST ana casa/ana")
    assert has(ana.say("JOIN #r"), "474")
    assert not all_of(ana.say("PRIVMSG eva :hola"), "474") and texts(eva.say())
