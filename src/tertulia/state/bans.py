"""All bans of the server, found by address, account, mask and real name.

What belongs here: which record hits whom. What must not: who may make one (`policy`). Addresses are looked up
by the lengths of network that there are, so that a thousand banned networks cost a connection no more
than one.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, NamedTuple

from tertulia import limits
from tertulia.protocol.audit import Fact
from tertulia.protocol.bans import BanGone, BanRecord
from tertulia.protocol.casemap import fold
from tertulia.protocol.defence import FACT
from tertulia.protocol.names import mask_matches
from tertulia.state.changes import BanLifted, BanSet, DefenceSet
from tertulia.state.conflict import Conflict
from tertulia.state.events import LiftBan, SetBan, SetDefence

if TYPE_CHECKING:
    from tertulia.state.network import Network


class Who(NamedTuple):
    """What bans look at of somebody, whether it is a user already or not."""

    nick: str
    username: str
    host: str  # that is shown
    address: str
    realname: str
    account: str | None = None


class Bans:
    """Read it freely; `Network.apply` alone alters it."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, str], BanRecord] = {}
        self._networks: dict[int, dict[int, dict[int, BanRecord]]] = {4: {}, 6: {}}  # version, length, bits
        self._patterns: dict[tuple[str, str], BanRecord] = {}  # masks and real names
        self.soonest = 0  # when the first of them expires, seconds since 1970; 0: none does

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[BanRecord]:
        return iter(self._records.values())

    def get(self, kind: str, target: str) -> BanRecord | None:
        return self._records.get((kind, target))

    def has_room(self, kind: str) -> bool:
        """Whether one more may be kept."""
        if kind in ("mask", "realname") and len(self._patterns) >= limits.PATTERN_BANS:
            return False
        return len(self._records) < limits.BANS

    # --- altered by the network -------------------------------------------------------------------

    def put(self, record: BanRecord) -> None:
        self.drop(*record.key)
        self._records[record.key] = record
        if record.kind == "address":
            version, length, bits = _place(record.target)
            self._networks[version].setdefault(length, {})[bits] = record
        elif record.kind != "account":
            self._patterns[record.key] = record
        if record.expires_at and (not self.soonest or record.expires_at < self.soonest):
            self.soonest = record.expires_at

    def drop(self, kind: str, target: str) -> None:
        record = self._records.pop((kind, target), None)
        self._patterns.pop((kind, target), None)
        if record is not None and kind == "address":
            version, length, bits = _place(target)
            lengths = self._networks[version]
            del lengths[length][bits]
            if not lengths[length]:
                del lengths[length]
        if record is not None and record.expires_at == self.soonest:
            ends = [one.expires_at for one in self._records.values() if one.expires_at]
            self.soonest = min(ends, default=0)

    # --- asked ------------------------------------------------------------------------------------

    def expired(self, now: int) -> list[BanRecord]:
        """Those whose time is over; empty at once while none is."""
        if not self.soonest or now < self.soonest:
            return []
        return [one for one in self._records.values() if one.expires_at and one.expires_at <= now]

    def of_address(self, address: str, effect: str, now: int) -> BanRecord | None:
        """A record with this effect on a numeric address; nothing that is not numeric has one."""
        if not self._records:
            return None
        try:
            found = ip_address(address)
        except ValueError:
            return None
        bits, width = int(found), found.max_prefixlen
        for length, networks in self._networks[found.version].items():
            record = networks.get(bits >> (width - length))
            if record is not None and record.effect == effect and _lasts(record, now):
                return record
        return None

    def of_account(self, account: str | None, effect: str, now: int) -> BanRecord | None:
        record = self._records.get(("account", fold(account))) if account else None
        return record if record is not None and record.effect == effect and _lasts(record, now) else None

    def of(self, who: Who, effect: str, now: int) -> BanRecord | None:
        """Any record with this effect that hits somebody, whichever way."""
        if not self._records:
            return None
        record = self.of_address(who.address, effect, now) or self.of_account(who.account, effect, now)
        return record or next(
            (
                one
                for one in self._patterns.values()
                if one.effect == effect and _lasts(one, now) and _matches(one.kind, one.target, who)
            ),
            None,
        )


def set_ban(bans: Bans, event: SetBan) -> tuple[BanSet]:
    """Raises `Conflict` "ban limit"."""
    record = event.record
    if bans.get(*record.key) is None and not bans.has_room(record.kind):
        raise Conflict("ban limit")
    bans.put(record)
    return (BanSet(record),)


def lift_ban(bans: Bans, event: LiftBan) -> tuple[BanLifted]:
    """Raises `Conflict` "gone"."""
    record = bans.get(event.kind, event.target)
    if record is None:
        raise Conflict("gone")
    bans.drop(event.kind, event.target)
    return (BanLifted(record, BanGone(event.kind, event.target)),)


def set_defence(network: Network, event: SetDefence) -> tuple[DefenceSet]:
    network.defence = event.level
    return (DefenceSet(Fact(FACT, str(event.level))),)


def hits(record: BanRecord, who: Who) -> bool:
    """Whether a record, in force or not, means somebody."""
    if record.kind == "account":
        return who.account is not None and fold(who.account) == record.target
    if record.kind == "address":
        try:
            found = ip_address(who.address)
        except ValueError:
            return False
        network = ip_network(record.target)
        return found.version == network.version and found in network
    return _matches(record.kind, record.target, who)


def _matches(kind: str, target: str, who: Who) -> bool:
    """By the host that is shown, and by the address behind it: a cloak evades no ban."""
    if kind == "realname":
        return mask_matches(target, who.realname)
    head = f"{who.nick}!{who.username}@"
    return mask_matches(target, head + who.host) or mask_matches(target, head + who.address)


def _lasts(record: BanRecord, now: int) -> bool:
    return not record.expires_at or record.expires_at > now


def _place(target: str) -> tuple[int, int, int]:
    """IP version, length of the network, and its bits."""
    network = ip_network(target)
    bits = int(network.network_address) >> (network.max_prefixlen - network.prefixlen)
    return network.version, network.prefixlen, bits
