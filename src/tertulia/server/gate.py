"""The gate: who may come in, by address: bans, how many from one place, how often, and the level of defence.

What belongs here: counting and refusing connections before anybody has said who they are. What must not:
bans of those who have (`commands.banning`), how bytes arrive.

An *address* is counted with its neighbours when the settings say so: an IPv6 customer has a /64. A wider
*network* has a limit of its own. This machine's own addresses and the exempt are not counted.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from tertulia.commands import banning
from tertulia.commands.notices import notify
from tertulia.limits import CONNECTS_REMEMBERED, TOLD_BURST, TOLD_PER_SECOND
from tertulia.policy.bans import banned_address
from tertulia.policy.defence import is_closed

if TYPE_CHECKING:
    from tertulia.commands.settings import Bounds
    from tertulia.server.hub import Hub
    from tertulia.server.session import Session

WORDS = {
    "full": ("Server is full", "El servidor está lleno"),
    "address": ("Too many connections from your address", "Hay demasiadas conexiones desde tu dirección"),
    "network": ("Too many connections from your network", "Hay demasiadas conexiones desde tu red"),
    "often": (
        "You connect too often: wait {minutes} minutes",
        "Te conectas demasiado a menudo: espera {minutes} minutos",
    ),
    "closed": (
        "This server lets nobody in for now: come back later",
        "Este servidor no deja entrar a nadie por ahora: vuelve más tarde",
    ),
}


class Gate:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.by_address: dict[str, int] = {}  # connections that are open, by address as it is counted
        self.by_network: dict[str, int] = {}
        self._tries: OrderedDict[str, tuple[float, int]] = OrderedDict()  # since when, how many
        self._shut: OrderedDict[str, float] = OrderedDict()  # until when: monotonic seconds
        self._told = (0.0, float(TOLD_BURST))  # when, and how many more may be told over TLS

    # --- doors ask --------------------------------------------------------------------------------

    def admits(self, address: str) -> bool:
        """Whether a door should go to the expense of a handshake. Counts the try: the peer is `admitted`.

        Of those who are refused a few are let through to it, so that somebody learns why.
        """
        now = self._hub.clock.monotonic()
        refused = (
            banned_address(self._hub.network.bans, address, self._hub.clock.now_ms() // 1000) is not None
        )
        if not self._is_gateway(address):
            key = places(address, self._hub.settings.bounds)[0]
            self._try(key, address, now)
            refused = refused or self._shut_for(key, now) > 0
        return not refused or self._may_tell(now)

    def _may_tell(self, now: float) -> bool:
        at, left = self._told
        left = min(float(TOLD_BURST), left + (now - at) * TOLD_PER_SECOND)
        self._told = (now, max(0.0, left - 1))
        return left >= 1

    # --- connections ------------------------------------------------------------------------------

    def come(self, session: Session) -> None:
        """One more from its address, or a session that turns out to be from there; what is too much is told
        so and closed. A gateway will say first whom it brings."""
        peer = session.peer
        address, network = places(peer.address, self._hub.settings.bounds)
        self.by_address[address] = self.by_address.get(address, 0) + 1
        self.by_network[network] = self.by_network.get(network, 0) + 1
        if peer.trusted or (peer.local and not len(self._hub.network.bans)):
            return
        record = banned_address(self._hub.network.bans, peer.address, self._hub.clock.now_ms() // 1000)
        if record is not None:
            banning.tell(self._hub, session, record)
            self._hub.drop(session, banning.quit_reason(record))
        if not peer.local and (peer.gateway or not self._is_gateway(peer.address)):
            self._weigh(session, tried=peer.admitted)

    def enter(self, session: Session) -> None:
        """It is about to enter: a gateway's machine may not have brought anybody, but come for itself."""
        peer = session.peer
        if not (peer.gateway or peer.local or peer.trusted) and self._is_gateway(peer.address):
            self._weigh(session, tried=False)

    def _weigh(self, session: Session, tried: bool) -> None:
        """Refuse what is too much. `tried`: that it came has been counted."""
        bounds, now = self._hub.settings.bounds, self._hub.clock.monotonic()
        one = session.peer.address
        address, network = places(one, bounds)
        if not tried:
            self._try(address, one, now)
        if minutes := self._shut_for(address, now):
            self.refuse(session, "often", minutes)
        elif self.by_address.get(address, 0) > bounds.connections_per_address and not self.is_exempt(one):
            self.refuse(session, "address")
        elif self.by_network.get(network, 0) > bounds.connections_per_network and not self.is_exempt(one):
            self.refuse(session, "network")
        elif is_closed(self._hub.network) and not self.is_exempt(one):
            self.refuse(session, "closed")

    def _is_gateway(self, address: str) -> bool:
        """Whether web gateways come from there (`commands.webirc`)."""
        gateways = self._hub.settings.gateways
        if not gateways:
            return False
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(gateway.is_at(found) for gateway in gateways)

    def go(self, session: Session) -> None:
        """One less."""
        address, network = places(session.peer.address, self._hub.settings.bounds)
        for counts, key in ((self.by_address, address), (self.by_network, network)):
            left = counts.get(key, 0) - 1  # none, when the settings cut addresses otherwise when it came
            if left > 0:
                counts[key] = left
            else:
                counts.pop(key, None)

    def recount(self) -> None:
        """The settings cut addresses into networks otherwise than before."""
        self.by_address.clear()
        self.by_network.clear()
        for session in self._hub.connections:
            address, network = places(session.peer.address, self._hub.settings.bounds)
            self.by_address[address] = self.by_address.get(address, 0) + 1
            self.by_network[network] = self.by_network.get(network, 0) + 1

    def refuse(self, session: Session, word: str, minutes: int = 0) -> None:
        """End a connection that cannot stay, in its language. `word`: of `WORDS`."""
        if not session.closing:
            self._hub.drop(session, WORDS[word][session.language == "es"].format(minutes=minutes))
            self._tell_operators(session.peer.address, word)

    def _tell_operators(self, address: str, word: str) -> None:
        if self._hub.network.listeners:
            notify(self._hub, "t", f"refused {word}", address=address)

    # --- how often --------------------------------------------------------------------------------

    def _try(self, key: str, address: str, now: float) -> None:
        """Count an attempt; who makes too many of them is shut out for a while."""
        bounds = self._hub.settings.bounds
        since, count = self._tries.get(key, (now, 0))
        if now - since >= bounds.connect_seconds:
            since, count = now, 0
        self._tries[key] = (since, count + 1)
        self._tries.move_to_end(key)
        if len(self._tries) > CONNECTS_REMEMBERED:
            self._tries.popitem(last=False)
        if count + 1 <= bounds.connects_per_address or key in self._shut or self.is_exempt(address):
            return
        self._shut[key] = now + bounds.connect_ban_seconds
        if len(self._shut) > CONNECTS_REMEMBERED:
            self._shut.popitem(last=False)
        self._hub.log("connects_too_often", address=key, seconds=bounds.connect_ban_seconds)
        self._tell_operators(key, "often")

    def _shut_for(self, key: str, now: float) -> int:
        """For how many minutes more; 0: not shut out."""
        until = self._shut.get(key)
        if until is None:
            return 0
        if until <= now:
            del self._shut[key]
            self._tries.pop(key, None)
            return 0
        return int((until - now) // 60) + 1

    def is_exempt(self, address: str) -> bool:
        """Asked only when something is too much."""
        try:
            found = ip_address(address)
        except ValueError:
            return True
        if any(found in network for network in self._hub.settings.bounds.exempt):
            return True
        now = self._hub.clock.now_ms() // 1000
        return self._hub.network.bans.of_address(address, "exempt", now) is not None


def places(address: str, bounds: Bounds) -> tuple[str, str]:
    """Under which names an address is counted: by itself or with its near neighbours, and by its network."""
    if "." in address and bounds.address_bits_v4 == 32:
        return address, _network(address, bounds.network_bits_v4, bounds.network_bits_v6)
    return (
        _network(address, bounds.address_bits_v4, bounds.address_bits_v6),
        _network(address, bounds.network_bits_v4, bounds.network_bits_v6),
    )


@lru_cache(maxsize=16_384)  # as many as are connected at once
def _network(address: str, bits_v4: int, bits_v6: int) -> str:
    try:
        bits = bits_v4 if "." in address else bits_v6
        return str(ip_network((address, bits), strict=False))
    except ValueError:
        return address  # "localhost"
