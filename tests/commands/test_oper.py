"""OPER, KILL, WALLOPS, REHASH: modern-irc, "OPER message", "KILL message", "WALLOPS message", "REHASH
message".
"""

from __future__ import annotations

import pytest

from tertulia.commands.settings import Operator
from tests.support.reading import has, the
from tests.support.town import Answer, Client, Town, commands


@pytest.fixture
def town() -> Town:
    return Town(operators=(Operator("root", "secret"),))


@pytest.fixture
def root(town: Town) -> Client:
    client = town.join("root", "#r")
    client.say("OPER root secret")
    return client


def test_the_right_password(town: Town) -> None:
    """ "If the supplied name and password are both correct ... the RPL_YOUREOPER message is sent to the
    user. The user will also receive a MODE message indicating their new user modes" (modern-irc, OPER)"""
    ana = town.join("ana")
    lines = ana.say("OPER root secret")
    assert sorted(commands(lines)) == ["381", "MODE"]
    assert the(lines, "MODE").params == ["ana", "+o"]
    assert the(ana.say("MODE ana"), "221").params[-1] == "+o"
    assert ("operator", {"nick": "ana", "operator": "root", "address": "127.0.0.1"}) in town.log


def test_the_wrong_password_and_name(town: Town) -> None:
    """ "If the client does not send the correct password for the given name, the server replies with an
    ERR_PASSWDMISMATCH message"; ERR_NOOPERHOST; ERR_NEEDMOREPARAMS (modern-irc, OPER)"""
    ana = town.join("ana")
    assert commands(ana.say("OPER root wrong")) == ["464"]
    assert commands(ana.say("OPER nobody secret")) == ["491"]
    assert commands(ana.say("OPER root")) == ["461"]
    assert commands(ana.say("KILL ana x")) == ["481"]


def test_operators_give_it_up(town: Town, root: Client) -> None:
    root.say("MODE root -o")
    assert commands(root.say("WALLOPS :x")) == ["481"]
    assert commands(root.say("MODE root +o")) == [], "only OPER gives it"


def test_a_slow_check_suspends_only_its_session(town: Town) -> None:
    """A session's commands are carried out one after the other; the others go on meanwhile."""
    ana, bob = town.join("ana", "#r", caps="batch labeled-response"), town.join("bob", "#r")
    ana.take()
    town.passwords.slow = True
    assert ana.say("@label=o OPER root secret", "PRIVMSG #r :después", "@label=p PING x") == []
    assert bob.say("PRIVMSG #r :mientras") == []
    assert commands(ana.say()) == ["PRIVMSG"]
    answer, right = town.passwords.waiting.pop()
    answer.set(right)
    lines = ana.say()
    assert has(lines, "381") and lines[-1] == "@label=p :tertulia.local PONG tertulia.local :x"
    assert commands(lines)[0] == "BATCH" and lines[0].startswith("@label=o ")
    assert commands(bob.say()) == ["PRIVMSG"]


def test_a_session_that_dies_while_it_waits(town: Town) -> None:
    ana, bob = town.join("ana", "#r"), town.join("bob", "#r")
    ana.take()
    town.passwords.slow = True
    ana.send("OPER root secret", "PRIVMSG #r :nunca")
    town.run()
    answer, right = town.passwords.waiting.pop()
    ana.wire.receiver.lost("reset")
    assert commands(bob.say()) == ["QUIT"]
    answer.set(right)
    town.run()
    assert bob.say() == []
    assert not town.network.operators


def test_somebody_killed_while_waiting(town: Town, root: Client) -> None:
    ana = town.join("ana")
    town.passwords.slow = True
    ana.send("OPER root secret", "PING x")
    town.run()
    answer, right = town.passwords.waiting.pop()
    root.say("KILL ana :fuera")
    answer.set(right)
    town.run()
    assert commands(ana.take()) == ["KILL", "ERROR"]


def test_a_backlog_is_bounded(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines that wait for the world are limited (limits.BACKLOG_LINES)."""
    monkeypatch.setattr("tertulia.limits.BACKLOG_LINES", 10)
    ana = town.join("ana")
    town.passwords.slow = True
    ana.send("OPER root secret", *["PING x"] * 11)
    town.run()
    assert "Too many commands waiting" in ana.take()[-1]
    assert ana.wire.closed


def test_kill(town: Town, root: Client) -> None:
    """ "the client being killed receives the KILL message, and the <source> of the message SHOULD be the
    operator who performed the command. The user being killed and every user sharing a channel with them
    receives a QUIT message ... typically has the form: "Killed (<killer> (<reason>))". The user being
    killed then receives the ERROR message" (modern-irc, KILL)"""
    ana, bob = town.join("ana", "#r"), town.join("bob", "#r")
    ana.take()
    root.say("KILL bob :por pesado")
    lines = bob.take()
    assert lines[0] == ":root!~root@127.0.0.1 KILL bob :root (por pesado)"
    assert the(lines, "ERROR").params[0].endswith("[Killed (root (por pesado))]")
    assert bob.wire.closed
    assert ana.say() == [":bob!~bob@127.0.0.1 QUIT :Killed (root (por pesado))"]


def test_who_may_kill_whom(town: Town, root: Client) -> None:
    """ERR_NOPRIVILEGES, ERR_NEEDMOREPARAMS, ERR_NOSUCHNICK, ERR_CANTKILLSERVER (modern-irc; RFC 2812
    3.7.1)"""
    ana = town.join("ana")
    assert commands(ana.say("KILL root :x")) == ["481"]
    assert commands(root.say("KILL ana")) == ["461"]
    assert commands(root.say("KILL nadie :x")) == ["401"]
    assert commands(root.say("KILL tertulia.local :x")) == ["483"]


def test_killing_oneself(root: Client) -> None:
    assert commands(root.say("KILL root :ya")) == ["KILL", "ERROR"]
    assert root.wire.closed


def test_wallops(town: Town, root: Client) -> None:
    """ "The WALLOPS command is used to send a message to all currently connected users who have set the
    'w' user mode for themselves." (modern-irc, WALLOPS)"""
    ana, bob = town.join("ana"), town.join("bob")
    bob.say("MODE bob +w")
    root.say("WALLOPS :a las doce se reinicia")
    assert bob.say() == [":root!~root@127.0.0.1 WALLOPS :a las doce se reinicia"]
    assert ana.say() == []
    assert commands(ana.say("WALLOPS :yo")) == ["481"]
    assert commands(root.say("WALLOPS")) == ["461"]


def test_rehash(town: Town, root: Client) -> None:
    """RPL_REHASHING, ERR_NOPRIVILEGES (modern-irc, REHASH)"""
    ana = town.join("ana")
    assert commands(ana.say("REHASH")) == ["481"]
    assert commands(root.say("REHASH")) == ["382"]
    town.hub.rehash = lambda: "server.name: no es un nombre"
    assert commands(root.say("REHASH")) == ["382", "NOTICE"]


def test_an_answer_that_never_comes_keeps_nobody_else_waiting(town: Town) -> None:
    ana, bob = town.join("ana"), town.join("bob")
    town.passwords.slow = True
    ana.send("OPER root secret")
    town.run()
    assert isinstance(town.passwords.waiting[0][0], Answer)
    assert commands(bob.say("PING x")) == ["PONG"]
