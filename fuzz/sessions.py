"""Whole sessions: people come, do everything that the registry knows, well and badly, and go, for days.

What belongs here: one round, and what must hold after it. What must not: what lines look like (`shapes`,
`material`).
"""

from __future__ import annotations

from ipaddress import ip_network
from random import Random

from tests.simulation.invariants import check
from tests.support.folder import MemoryFolder
from tests.support.town import Client, Town

from fuzz import material, shapes
from tertulia.commands.registry import COMMANDS
from tertulia.commands.settings import Bounds, Gateway, Operator, Service
from tertulia.commands.tokens import FILEHOST
from tertulia.ports import Peer
from tertulia.protocol import capabilities as cap
from tertulia.server.files import FileDesk

LINES = 1_000  # of a round
MOST = 12  # who are there at once
PEERS = (
    Peer("irc", "127.0.0.1", local=True), Peer("irc", "192.0.2.7"), Peer("ircs", "192.0.2.9", secure=True),
    Peer("ircs", "2001:db8::7", secure=True, fingerprint="ab" * 32), Peer("http", "198.51.100.4"),
)  # fmt: skip
carried = 0
"""Commands that were carried out in all rounds of this process."""


def sessions(rng: Random) -> None:
    """No command of a thousand may raise anything; what is said is whole lines; and afterwards all is in
    order."""
    global carried
    town = _town(rng)
    clients: list[Client] = []
    for _ in range(LINES // 4):
        clients = [client for client in clients if not client.wire.closed]
        if (len(clients) < MOST and rng.random() < 0.2) or not clients:
            clients.append(_come(town, rng))
        client = rng.choice(clients)
        for _ in range(rng.randint(1, 7)):
            if not client.wire.closed:
                client.wire.receiver.received(_line(town, rng))
        _passes(town, rng, clients)
    town.run()
    carried += town.hub.counts.lines
    _in_order(town, clients)


def _town(rng: Random) -> Town:
    services = (Service(FILEHOST, "http://127.0.0.1/files", "files", guests="local"),)
    town = Town(
        operators=(Operator("root", "geheim"),), bounds=Bounds(flood=rng.random() < 0.1),
        language=rng.choice(["en", "es"]), filehost="http://127.0.0.1/files", services=services,
        gateways=(Gateway("web", "geheim", (ip_network("192.0.2.9"),)),) if rng.random() < 0.5 else (),
    )  # fmt: skip
    FileDesk(town.hub, MemoryFolder()).start()
    return town


def _come(town: Town, rng: Random) -> Client:
    client = town.connect(rng.choice(PEERS))
    names = [row.name for row in cap.CAPABILITIES if rng.random() < 0.6]
    lines = [f"CAP REQ :{' '.join(names)}"] if rng.random() < 0.7 else []
    nick = rng.choice(shapes.NICKS)
    lines += [f"NICK {nick}", f"USER {nick} 0 * :{nick}", "CAP END"]
    if rng.random() < 0.9:
        client.wire.receiver.received("".join(f"{line}\r\n" for line in lines).encode())
    return client


def _line(town: Town, rng: Random) -> bytes:
    chance = rng.random()
    if chance < 0.15:
        return material.stream(rng, 1)
    verb = rng.choice(("PRIVMSG", "JOIN", "OPER", "NS")) if chance < 0.35 else rng.choice([*COMMANDS])

    def fill(hole: str) -> str:
        if hole == "caps":
            return rng.choice(cap.CAPABILITIES).name
        known = town.store._messages  # type: ignore[attr-defined]  # of the memory store
        return f"{rng.choice(list(known)):x}" if known and rng.random() < 0.8 else "1"

    data = shapes.line(rng, verb, fill).encode()
    if chance > 0.9:
        data = material.mutated(rng, data)
    return data + b"\r\n"


def _passes(town: Town, rng: Random, clients: list[Client]) -> None:
    """A tick, time, or somebody's connection is gone."""
    if rng.random() < 0.6:
        town.run()
    if rng.random() < 0.05:
        town.advance(rng.choice([0.3, 2.0, 6.0, 40.0]))
    if rng.random() < 0.01 and not (client := rng.choice(clients)).wire.closed:
        client.wire.receiver.lost("Connection reset by peer")
        town.run()
    for client in clients:
        for text in client.take():
            size = len((text.partition(" ")[2] if text[:1] == "@" else text).encode())
            assert size <= 510, text


def _in_order(town: Town, clients: list[Client]) -> None:
    town.advance(1.0)
    for event, fields in town.log:
        if isinstance(fields.get("exc_info"), Exception):
            raise AssertionError(event) from fields["exc_info"]
    check(town.hub, {}, set(town.hub.connections))  # type: ignore[arg-type]
    for ban in list(town.network.bans):
        town.network.bans.drop(ban.kind, ban.target)
    town.network.defence = 5
    town.advance(700.0)
    visitor = town.join("visitante", "#visitantes")
    assert any(text.endswith("PONG tertulia.local :fence") for text in visitor.say("PING fence"))
    town.hub.drain("over")
    town.run()
    assert not town.hub.connections
