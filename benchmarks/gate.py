"""What the gate costs a connection: `python -m benchmarks.gate`.

What belongs here: the counting and looking up that every connection from afar passes. What must not:
sockets and registration (`cases.py`), beside which this must stay small.
"""

from __future__ import annotations

import time
from types import SimpleNamespace

from tests.support.town import Town

from tertulia.commands.settings import Bounds
from tertulia.ports import Peer
from tertulia.protocol.bans import BanRecord

CONNECTIONS, ROUNDS, NO_LIMIT = 5_000, 5, 10**9


def seconds_each(bans: int, six: bool) -> float:
    """The best of a few rounds, with so many networks banned."""
    bounds = Bounds(connects_per_address=NO_LIMIT, connections_per_network=NO_LIMIT)
    town = Town(bounds=bounds)
    for number in range(bans):
        town.network.bans.put(BanRecord("address", f"10.{number >> 8 & 255}.{number & 255}.0/24"))
    sessions = [_session(number, six) for number in range(CONNECTIONS)]
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for session in sessions:
            town.hub.gate.come(session)
        for session in sessions:
            town.hub.gate.go(session)
        took.append(time.perf_counter() - began)
    return min(took) / CONNECTIONS


def _session(number: int, six: bool) -> SimpleNamespace:
    address = f"2001:db8:{number:x}::1" if six else f"192.{number >> 8 & 255}.{number & 255}.9"
    return SimpleNamespace(closing=False, language="en", peer=Peer("irc", address))


if __name__ == "__main__":
    for banned in (0, 10_000):
        for is_six in (False, True):
            each = seconds_each(banned, is_six) * 1e6
            print(f"{banned:6} networks banned, IPv{6 if is_six else 4}: {each:.1f} us a connection")
