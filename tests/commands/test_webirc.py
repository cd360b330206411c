"""WEBIRC: IRCv3 webirc."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

import pytest

from tertulia.commands.settings import Bounds, Gateway, Operator
from tertulia.ports import Peer
from tests.support.reading import has, the
from tests.support.town import Client, Town, commands

GATEWAYS = (
    Gateway("web", "hunter2", (ip_network("192.0.2.0/24"), ip_network("127.0.0.0/8"))),
    Gateway("otra", "otra", (ip_network("192.0.2.7/32"), ip_network("2001:db8::/64"))),
)
PLAIN = Peer("irc", "192.0.2.7")
TLS = Peer("ircs", "192.0.2.7", secure=True, fingerprint="ab" * 32)


@pytest.fixture
def town() -> Town:
    return Town(gateways=GATEWAYS, operators=(Operator("root", "secret"),))


def enter(client: Client, webirc: str, nick: str = "ana") -> list[str]:
    return client.say(f"WEBIRC {webirc}", f"NICK {nick}", f"USER {nick} 0 * :x")


def test_the_address_is_the_user_s(town: Town) -> None:
    """ "This information can be used by the network as if the user was connecting directly." (IRCv3
    webirc)"""
    ana = town.connect(PLAIN)
    assert has(enter(ana, "hunter2 Example 3-100.isp.example 198.51.100.3"), "001")
    lines = ana.say("WHOIS ana")
    assert the(lines, "311").params[3] == "198.51.100.3"
    assert "198.51.100.3" in the(lines, "378").params[-1]


def test_which_gateway_it_came_by(town: Town) -> None:
    """ "IRC servers SHOULD show when a WebIRC connection is in use" (IRCv3 webirc)"""
    ana, bob, root = town.connect(PLAIN), town.join("bob"), town.join("root")
    enter(ana, "otra x h 2001:db8::9")
    root.say("OPER root secret")
    assert the(root.say("WHOIS ana"), "350").params[1:3] == ["ana", "otra"]
    assert not has(bob.say("WHOIS ana"), "350")


@pytest.mark.parametrize(
    ("peer", "options", "secure"),
    [
        (TLS, " secure", True), (TLS, " :secure=examplevalue123 local-port=6697 remote-port=21726", True),
        (TLS, " :local-port=6697 secure", True), (TLS, "", False), (TLS, " :insecure", False),
        (PLAIN, " secure", False),
    ],
)  # fmt: skip
def test_secure(town: Town, peer: Peer, options: str, secure: bool) -> None:
    """ "Servers MUST ONLY treat the connection as secure if this flag is sent and the connection from the
    gateway to the server is also secure with TLS"; "they MUST treat the options `secure` and
    `secure=examplevalue123` in exactly the same way" (IRCv3 webirc)"""
    ana = town.connect(peer)
    enter(ana, f"hunter2 g h 198.51.100.3{options}")
    lines = ana.say("WHOIS ana")
    assert has(lines, "671") is secure
    assert not has(lines, "276"), "the certificate is the gateway's"


@pytest.mark.parametrize(
    ("peer", "line"),
    [
        (PLAIN, "wrong g h 198.51.100.3"),
        (Peer("irc", "203.0.113.9"), "hunter2 g h 198.51.100.3"),
        (PLAIN, "hunter2 g h not-an-address"),
        (Peer("irc", "2001:db8::1"), "hunter2 g h 198.51.100.3"),
    ],
)
def test_who_is_no_gateway_is_shut_out(town: Town, peer: Peer, line: str) -> None:
    """ "If the `WEBIRC` command does not originate from a whitelisted IP address or uses an incorrect
    password, the gateway SHOULD close any connections with an `ERROR` command." (IRCv3 webirc)"""
    client = town.connect(peer)
    assert commands(client.say(f"WEBIRC {line}")) == ["ERROR"]
    assert client.wire.closed


@pytest.mark.parametrize(
    "before", ["NICK ana", "USER a 0 * :x", "CAP LS 302", "WEBIRC hunter2 g h 198.51.100.3"]
)
def test_it_comes_first_and_once(town: Town, before: str) -> None:
    """ "The `WEBIRC` command MUST be the first command sent from the WebIRC gateway to the IRC server and
    MUST be sent before capability negotiation." (IRCv3 webirc)"""
    client = town.connect(PLAIN)
    client.say(before)
    assert commands(client.say("WEBIRC hunter2 g h 198.51.100.3")) == ["ERROR"]


def test_an_address_that_begins_with_a_colon(town: Town) -> None:
    """ "If the IP address is an IPv6 address beginning with a colon, it MUST be sent with a
    canonically-acceptable preceding zero." (IRCv3 webirc)"""
    ana = town.connect(PLAIN)
    enter(ana, "hunter2 g h 0::5")
    assert "::5" in the(ana.say("WHOIS ana"), "378").params[-1]


def test_limits_count_the_user_and_not_the_gateway() -> None:
    town = Town(gateways=GATEWAYS, bounds=Bounds(flood=False, connections_per_address=2))
    for number in range(5):
        client = town.connect(PLAIN)
        assert has(enter(client, f"hunter2 g h 198.51.100.{number}", f"n{number}"), "001")
    for nick in ("a", "b"):
        lines = enter(town.connect(PLAIN), "hunter2 g h 198.51.100.1", nick)
    assert commands(lines) == ["ERROR"]
    assert sum(town.hub.gate.by_address.values()) == len(town.hub.connections)
    for session in list(town.hub.connections):
        town.hub.drop(session, "x")
    town.run()
    assert town.hub.gate.by_address == {}


BUSY = Bounds(flood=False, connects_per_address=2, exempt=(ip_network("198.51.100.9/32"),))
"""Bounds under which a gateway is soon too much, and its users are not."""


def come(town: Town, nick: str, address: str = "", peer: Peer = PLAIN) -> bool:
    """Whether somebody comes in by the gateway, or, without an address, the gateway's machine by itself."""
    first = [f"WEBIRC hunter2 g h {address}"] if address else []
    return has(town.connect(peer).say(*first, f"NICK {nick}", f"USER {nick} 0 * :x"), "001")


def test_a_gateway_that_brings_many_does_not_connect_too_often() -> None:
    town = Town(gateways=GATEWAYS, bounds=BUSY)
    assert all(come(town, f"n{number}", f"198.51.100.{number}") for number in range(5))
    assert town.hub.gate.admits(PLAIN.address), "TLS doors ask before they know who comes"
    assert [come(town, nick, "198.51.100.1") for nick in ("a", "b")] == [True, False]


def test_users_of_a_gateway_over_tls_are_counted_too() -> None:
    town = Town(gateways=GATEWAYS, bounds=BUSY)
    peer = replace(PLAIN, secure=True, admitted=True)
    assert [come(town, f"n{n}", "198.51.100.1", peer) for n in range(3)] == [True, True, False]


def test_what_a_gateway_does_for_itself_is_counted() -> None:
    town = Town(gateways=GATEWAYS, bounds=BUSY)
    assert [come(town, f"n{number}") for number in range(3)] == [True, True, False]


def test_the_last_level_of_defence_looks_at_who_is_brought() -> None:
    """Level 1: "nobody connects but from this machine and exempt addresses"."""
    town = Town(gateways=GATEWAYS, bounds=BUSY, operators=(Operator("root", "secret"),))
    town.join("root").say("OPER root secret", "DEFCON 1")
    assert come(town, "exempt", "198.51.100.9")
    assert not come(town, "other", "198.51.100.8") and not come(town, "itself")
