"""IRCv3 sts: what clients are told of TLS."""

from __future__ import annotations

from dataclasses import replace

from tertulia.commands.settings import Sts
from tertulia.ports import Peer
from tertulia.server.reconfigure import reconfigure
from tests.support.reading import texts
from tests.support.town import LOCAL, Town

FAR = Peer("irc", "203.0.113.7")
FAR_TLS = Peer("ircs", "203.0.113.7", secure=True)


def listed(town: Town, peer: Peer, version: str = " 302") -> list[str]:
    lines = town.connect(peer).say(f"CAP LS{version}")
    return [item for text in texts(lines, "CAP") for item in text.split(" ") if item.startswith("sts")]


def test_sts_sends_to_the_secure_port() -> None:
    """ "To enforce an STS upgrade policy, servers MUST send this key to non-securely connected clients." (of
    `port`); "To enforce an STS persistence policy, servers MUST send this key to securely connected clients."
    (of `duration`; IRCv3 sts)"""
    town = Town(sts=Sts(port=6697, duration=15_552_000))
    assert listed(town, FAR) == ["sts=duration=15552000,port=6697"]
    assert listed(town, FAR_TLS) == ["sts=duration=15552000"]


def test_sts_is_optional_and_needs_values() -> None:
    """ "this capability MUST be made available as an optional configuration setting"; "the capability has a
    REQUIRED value" (IRCv3 sts), and 301 knows no values."""
    assert listed(Town(), FAR) == []
    town = Town(sts=Sts(port=6697))
    assert listed(town, FAR, "") == []
    assert listed(town, LOCAL) == listed(town, Peer("irc", "127.0.0.1", local=True)) == []


def test_a_policy_that_changes_is_told_to_who_is_here() -> None:
    """ "The new expiry time is calculated by adding the policy duration as last advertised by the server to
    the time the connection is closed." "A duration value of 0 indicates an immediate expiry of the STS
    persistence policy." "Servers MUST NOT send `CAP DEL` to disable this capability" (IRCv3 sts)"""
    town = Town(sts=Sts(port=6697, duration=900))
    far, secure, here, old = (town.connect(peer) for peer in (FAR, FAR_TLS, LOCAL, FAR_TLS))
    for client in (far, secure, here):
        client.say("CAP LS 302")
    old.say("CAP LS")
    for policy, told in ((Sts(6697, 0), ["sts=duration=0"]), (Sts(6697, 0), []), (None, [])):
        reconfigure(town.hub, replace(town.hub.settings, sts=policy))
        town.run()
        assert texts(secure.take(), "CAP") == told
        assert not [client for client in (far, here, old) if client.take()]


def test_sts_cannot_be_requested() -> None:
    """ "Servers MAY reply with a `CAP NAK` message if a client requests this capability." (IRCv3 sts)"""
    client = Town(sts=Sts(port=6697)).connect(FAR)
    assert client.say("CAP REQ :sts") == [":tertulia.local CAP * NAK :sts"]
