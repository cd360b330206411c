"""The gate: connections by address and network, how often, exemptions, and being refused before TLS."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

import pytest

from tertulia.commands import notices
from tertulia.commands.settings import Bounds, Operator
from tertulia.ports import Peer
from tertulia.protocol.bans import BanRecord
from tertulia.server import gate
from tertulia.server.gate import places
from tertulia.server.reconfigure import reconfigure
from tests.support.reading import texts
from tests.support.town import Client, Town

BOUNDS = Bounds(flood=False, connections_per_address=2, connections_per_network=3, connects_per_address=50)


def come(town: Town, address: str, count: int = 1) -> list[Client]:
    return [town.connect(Peer("irc", address)) for _ in range(count)]


def refused(client: Client) -> str:
    """Why it was; "" when it was not."""
    lines = client.say()
    return lines[-1] if lines and client.wire.closed else ""


@pytest.mark.parametrize(
    ("address", "one", "network"),
    [
        ("192.0.2.7", "192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:0:1:2::9", "2001:db8:0:1::/64", "2001:db8::/48"),
        ("localhost", "localhost", "localhost"),
    ],
)
def test_what_counts_as_one(address: str, one: str, network: str) -> None:
    assert places(address, Bounds()) == (one, network)


def test_by_address_and_by_network() -> None:
    town = Town(bounds=BOUNDS)
    first, second, third = come(town, "192.0.2.7", 3)
    assert not refused(first) and not refused(second) and "your address" in refused(third)
    (fourth,) = come(town, "192.0.2.8")
    assert not refused(fourth)
    (fifth,) = come(town, "192.0.2.9")
    assert "your network" in refused(fifth)
    assert not refused(come(town, "192.0.3.9")[0])
    first.wire.receiver.lost("gone")
    town.run()
    assert not refused(come(town, "192.0.2.9")[0]), "there is room again"


def test_of_ipv6_a_customer_counts_as_one() -> None:
    town = Town(bounds=BOUNDS)
    clients = [come(town, f"2001:db8::{number}")[0] for number in range(1, 4)]
    assert [bool(refused(client)) for client in clients] == [False, False, True]


def test_exemptions() -> None:
    town = Town(bounds=replace(BOUNDS, exempt=(ip_network("192.0.2.0/25"),)))
    town.network.bans.put(BanRecord("address", "198.51.100.0/24", "exempt"))
    for address in ("192.0.2.7", "198.51.100.1"):
        assert not any(map(refused, come(town, address, 60))), address
    assert not any(refused(town.connect(Peer("irc", "127.0.0.1", local=True))) for _ in range(60))
    assert any(map(refused, come(town, "192.0.2.200", 60)))


def test_who_connects_too_often_is_shut_out_for_a_while() -> None:
    bounds = replace(BOUNDS, connects_per_address=5, connect_seconds=10, connect_ban_seconds=90)
    town = Town(bounds=bounds, language="es")
    for _ in range(5):
        (client,) = come(town, "192.0.2.7")
        assert not refused(client)
        client.wire.receiver.lost("gone")
        town.run()
    assert "espera 2 minutos" in refused(come(town, "192.0.2.7")[0])
    assert not refused(come(town, "192.0.2.8")[0])
    town.advance(11)
    assert refused(come(town, "192.0.2.7")[0]), "the pause is longer than the window"
    town.advance(80)
    assert not refused(come(town, "192.0.2.7")[0])
    assert [event for event, _ in town.log].count("connects_too_often") == 1


def test_slow_comers_are_not_shut_out() -> None:
    town = Town(bounds=replace(BOUNDS, connects_per_address=2, connect_seconds=10))
    for _ in range(6):
        (client,) = come(town, "192.0.2.7")
        assert not refused(client)
        client.wire.receiver.lost("gone")
        town.advance(6)


def test_doors_ask_before_they_shake_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tertulia.server.gate.TOLD_BURST", 2)
    town = Town(bounds=replace(BOUNDS, connects_per_address=1000))
    gate = town.hub.gate
    assert all(gate.admits("192.0.2.7") for _ in range(100))
    town.network.bans.put(BanRecord("address", "192.0.2.0/24"))
    town.advance(10)
    assert [gate.admits("192.0.2.7") for _ in range(5)] == [True, True, False, False, False]
    town.clock.ms += 1_000
    assert sum(gate.admits("192.0.2.7") for _ in range(50)) == 2, "a few a second are told why"
    assert gate.admits("198.51.100.1")


def test_a_try_is_counted_once() -> None:
    town = Town(bounds=replace(BOUNDS, connects_per_address=2, connections_per_address=50))
    peer = Peer("ircs", "192.0.2.7", secure=True, admitted=True)
    for _ in range(2):
        assert town.hub.gate.admits("192.0.2.7")
        assert not refused(town.connect(peer))
    town.hub.gate.admits("192.0.2.7")
    assert "too often" in refused(town.connect(peer))


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tertulia.server.gate.CONNECTS_REMEMBERED", 10)
    town = Town(bounds=replace(BOUNDS, connects_per_address=1))
    for number in range(40):
        for _ in range(2):
            town.hub.gate.admits(f"192.0.2.{number}")
    assert len(town.hub.gate._tries) <= 10 and len(town.hub.gate._shut) <= 10


def test_new_settings_are_counted_anew() -> None:
    town = Town(bounds=BOUNDS)
    come(town, "2001:db8::1"), come(town, "2001:db8:0:1::1")
    bounds = replace(BOUNDS, address_bits_v6=32)
    reconfigure(town.hub, replace(town.hub.settings, bounds=bounds))
    assert town.hub.gate.by_address == {"2001:db8::/32": 2}
    for session in list(town.hub.connections):
        session.wire.close()
    town.run()
    assert town.hub.gate.by_address == {} == town.hub.gate.by_network


def test_operators_hear_of_it() -> None:
    town = Town(bounds=BOUNDS, operators=(Operator("root", "secret"),))
    root = town.join("root")
    root.say("OPER root secret", "MODE root +s t")
    come(town, "192.0.2.7", 3)
    assert texts(root.say(), "NOTICE") == [
        "*** A connection from 192.0.2.7 is refused: there are too many from there"
    ]


def test_every_refusal_has_its_notice() -> None:
    assert {f"refused {word}" for word in gate.WORDS} <= set(notices.WORDS)
