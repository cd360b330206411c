"""Silence: PING and its timeout, registrations that never end, batches left open. On the test's own clock."""

from __future__ import annotations

import pytest

from tertulia import limits
from tertulia.commands.settings import Bounds
from tertulia.ports import Peer
from tertulia.server.keepalive import SWEEP_SECONDS
from tests.support.reading import the
from tests.support.town import Town, commands


def test_a_silent_client_is_asked() -> None:
    """ "The PING command is sent by either clients or servers to check the other side of the connection is
    still connected" (modern-irc, PING)"""
    town = Town()
    ana = town.join("ana")
    town.advance(limits.PING_SECONDS - SWEEP_SECONDS - 1)
    assert ana.take() == []
    town.advance(2 * SWEEP_SECONDS)
    assert ana.take() == ["PING :tertulia.local"]
    assert ana.say("PONG :tertulia.local") == []
    town.advance(limits.PONG_SECONDS + SWEEP_SECONDS)
    assert not ana.wire.closed and ana.take() == []


@pytest.mark.parametrize("line", ["PRIVMSG #r :x", "NONSENSE", "PONG whatever"])
def test_any_line_proves_life(line: str) -> None:
    town = Town()
    ana = town.join("ana", "#r")
    town.advance(limits.PING_SECONDS + SWEEP_SECONDS)
    ana.say(line)
    town.advance(limits.PONG_SECONDS + SWEEP_SECONDS)
    assert not ana.wire.closed


def test_who_does_not_answer_is_gone() -> None:
    """ "For instance, "Ping timeout: 120 seconds" ... are examples of relevant reasons for closing"
    (modern-irc, QUIT)"""
    town = Town()
    ana, bob = town.join("ana", "#r"), town.join("bob", "#r")
    ana.take()
    heard: list[str] = []
    while not ana.wire.closed:
        town.advance(SWEEP_SECONDS)
        heard += bob.say("PONG x")
    reason = the(heard, "QUIT").params[0]
    assert reason == f"Ping timeout: {limits.PING_SECONDS + limits.PONG_SECONDS} seconds"
    assert commands(ana.take()) == ["PING", "ERROR"]


def test_models_of_our_own_are_not_asked() -> None:
    """They live in this process; whether they do is not a question for the network."""
    town = Town()
    lola = town.join("lola", peer=Peer("memory", "localhost", local=True, trusted=True))
    town.advance(10 * limits.PING_SECONDS)
    assert lola.take() == [] and not lola.wire.closed


@pytest.mark.parametrize(
    "lines", [(), ("NICK ana",), ("CAP LS 302", "NICK ana", "USER a 0 * :a"), ("PING x",)]
)
def test_a_registration_that_never_ends(lines: tuple[str, ...]) -> None:
    """Half-open connections are bounded (limits.REGISTRATION_SECONDS)."""
    town = Town()
    client = town.connect()
    client.say(*lines)
    town.advance(limits.REGISTRATION_SECONDS - SWEEP_SECONDS - 1)
    assert not client.wire.closed
    town.advance(2 * SWEEP_SECONDS)
    assert client.wire.closed
    assert the(client.take(), "ERROR").params == ["Closing link: (127.0.0.1) [Registration timeout]"]
    assert not town.hub.connections


def test_the_bounds_are_the_operator_s() -> None:
    town = Town(bounds=Bounds(flood=False, ping_seconds=10, pong_seconds=5, registration_seconds=5))
    ana, half = town.join("ana"), town.connect()
    town.advance(10)
    assert half.wire.closed and commands(ana.take()) == ["PING"]
    town.advance(5)
    assert ana.wire.closed


def test_a_stream_left_open() -> None:
    """ "A stream that stays open for longer than max-seconds is closed likewise, and the speaker told
    (TIMEOUT)." (docs/extensions/stream.md)"""
    town = Town()
    ana = town.join("ana", "#r", caps="batch message-tags tertulia.chat/stream")
    bob = town.join("bob", "#r", caps="batch message-tags tertulia.chat/stream")
    ana.say("BATCH +s tertulia.chat/stream #r", "@batch=s PRIVMSG #r :hola")
    bob.take()
    for _ in range(int(limits.STREAM_SECONDS / SWEEP_SECONDS) + 1):
        town.advance(SWEEP_SECONDS)
        ana.send("PONG x"), bob.send("PONG x")
    assert the(ana.say(), "FAIL").params[:3] == ["BATCH", "TIMEOUT", "s"]
    assert "tertulia.chat/incomplete" in (the(bob.say(), "BATCH").tags or {})
    assert ana.say("@batch=s PRIVMSG #r :tarde", "BATCH -s") == [] and bob.say() == []


def test_ten_thousand_ticks_of_nothing_write_nothing() -> None:
    """Idle cost near zero: a sweep writes only to who must be asked."""
    town = Town()
    ana = town.join("ana")
    writes = ana.wire.writes
    for _ in range(20):
        town.advance(SWEEP_SECONDS)
    assert ana.wire.writes == writes
