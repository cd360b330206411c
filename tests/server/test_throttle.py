"""Flood control: a bucket of tokens (RFC 1459 8.10), on the test's own clock."""

from __future__ import annotations

import pytest

from tertulia.commands.settings import Bounds, Operator
from tertulia.ports import Peer
from tests.support.reading import all_of, texts, the
from tests.support.town import Client, Town, commands

BOUNDS = Bounds(flood_burst=5, flood_per_second=2.0, flood_lines_waiting=10)


@pytest.fixture
def town() -> Town:
    return Town(bounds=BOUNDS, operators=(Operator("root", "secret"),))


def rested(town: Town, nick: str, *rooms: str, peer: Peer | None = None) -> Client:
    """A client whose bucket is full again."""
    client = town.join(nick, *rooms) if peer is None else town.join(nick, *rooms, peer=peer)
    town.advance(10)
    client.take()
    return client


def test_a_burst_passes_and_the_rest_waits(town: Town) -> None:
    """A paste is not lost and not dropped; it is slowed down, and keeps its order."""
    ana, bob = rested(town, "ana", "#r"), rested(town, "bob", "#r")
    ana.say(*(f"PRIVMSG #r :{number}" for number in range(9)))
    assert texts(bob.take()) == ["0", "1", "2", "3", "4"]
    town.advance(1)
    assert texts(bob.take()) == ["5", "6"]
    town.advance(5)
    assert texts(bob.take()) == ["7", "8"]
    assert not ana.wire.closed


def test_who_sends_on_is_dropped(town: Town) -> None:
    """ ""Excess Flood" ... are examples of relevant reasons for closing" (modern-irc, QUIT)"""
    ana, bob = rested(town, "ana", "#r"), rested(town, "bob", "#r")
    heard = ana.say(*(f"PRIVMSG #r :{number}" for number in range(16)))
    assert ana.wire.closed and "[Excess Flood]" in heard[-1]
    lines = bob.take()
    assert texts(lines) == ["0", "1", "2", "3", "4"]
    assert the(lines, "QUIT").params == ["Excess Flood"]


def test_dear_commands_cost_more(town: Town) -> None:
    """Costs are in the table of commands: WHO costs three of a PING."""
    ana = rested(town, "ana")
    assert commands(ana.say("WHO ana", "WHO ana", "WHO ana")).count("315") == 2
    town.advance(1)
    assert commands(ana.take()).count("315") == 1


@pytest.mark.parametrize(
    "raw", [b"PRIVMSG #r :\xff\xfe\r\n", b"PING \0\r\n", b"x" * 600 + b"\r\n", b"NONSENSE\r\n"]
)
def test_lines_without_a_meaning_cost_too(town: Town, raw: bytes) -> None:
    """Else they could be answered without end."""
    ana = rested(town, "ana")
    assert len(ana.raw(raw * 15)) == 5


def test_a_batch_is_one_message(town: Town) -> None:
    """ "in the context of flood protection and throttling of incoming messages, keep in mind that clients
    might send an entire batched multiline message all at once" (IRCv3 multiline)"""
    ana, bob = rested(town, "ana", "#r"), rested(town, "bob", "#r")
    ana.say("CAP REQ :batch draft/multiline")
    town.advance(10)
    ana.say("BATCH +1 draft/multiline #r", *["@batch=1 PRIVMSG #r :x"] * 20, "BATCH -1")
    assert texts(bob.take()) == ["x"] * 20


def test_one_s_flood_does_not_slow_others(town: Town) -> None:
    ana, bob = rested(town, "ana"), rested(town, "bob")
    ana.send(*["PING x"] * 15)
    assert commands(bob.say("PING y")) == ["PONG"]


def test_models_and_operators_are_not_slowed_down(town: Town) -> None:
    own = rested(town, "lola", peer=Peer("memory", "localhost", local=True, trusted=True))
    assert len(own.say(*["PING x"] * 100)) == 100
    root = rested(town, "root")
    root.say("OPER root secret")
    town.advance(10)
    assert len(all_of(root.say(*["PING x"] * 100), "PONG")) == 100


def test_flood_false_switches_it_off() -> None:
    """ "`flood = true` # false switches every per-client rate limit off, for trusted networks"
    (configuration)"""
    ana = Town(bounds=Bounds(flood=False, flood_burst=5)).join("ana")
    assert len(ana.say(*["PING x"] * 500)) == 500


def test_a_session_that_ends_while_lines_wait(town: Town) -> None:
    ana, bob = rested(town, "ana", "#r"), rested(town, "bob", "#r")
    ana.say(*(f"PRIVMSG #r :{number}" for number in range(9)))
    ana.wire.receiver.lost("reset")
    town.advance(10)
    assert texts(bob.take()) == ["0", "1", "2", "3", "4"]


def test_before_registration_too(town: Town) -> None:
    client = town.connect()
    assert len(client.say(*["PING x"] * 30)) < 30
    assert client.wire.closed
