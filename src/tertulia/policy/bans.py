"""Questions about bans of the server: who is kept out, and whether a ban would do harm by mistake.

What belongs here: answers on plain objects. What must not: making bans, telling the banned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_network

from tertulia import limits
from tertulia.protocol.bans import BanRecord
from tertulia.state.bans import Bans, Who, hits
from tertulia.state.user import User


def who_is(user: User) -> Who:
    return Who(user.nick, user.username, user.host, user.address, user.realname, user.account)


def banned_address(bans: Bans, address: str, now: int) -> BanRecord | None:
    """Whether whoever comes from there is kept out at the door."""
    found = bans.of_address(address, "ban", now)
    if found is None or bans.of_address(address, "exempt", now) is not None:
        return None
    return found


def banned(bans: Bans, who: Who, now: int) -> BanRecord | None:
    """Whether somebody is kept out; exemptions of any kind hold against bans of any kind."""
    found = bans.of(who, "ban", now)
    return None if found is None or bans.of(who, "exempt", now) is not None else found


def must_log_in(bans: Bans, who: Who, now: int) -> BanRecord | None:
    """Whether somebody is let in with an account only."""
    if who.account is not None:
        return None
    found = bans.of(who, "login", now)
    return None if found is None or bans.of(who, "exempt", now) is not None else found


def too_wide(record: BanRecord, asker: User | None, present: Iterable[User], now: int) -> str | None:
    """Why a ban looks like a mistake: "wide", "yourself" or "many"; None when it does not.

    Those who have been here for a while, or have an account, are whom a mistake would hurt; who came in the
    last minutes may well be the flood that the ban is meant for.
    """
    if record.effect == "exempt":
        return None
    if _is_wide(record):
        return "wide"
    if asker is not None and hits(record, who_is(asker)):
        return "yourself"
    settled = [
        one for one in present if one.account is not None or now - one.signon >= limits.SETTLED_SECONDS
    ]
    hit = sum(hits(record, who_is(one)) for one in settled)
    return (
        "many" if hit > limits.BAN_SETTLED_LEAST and hit * limits.BAN_SETTLED_SHARE > len(settled) else None
    )


def _is_wide(record: BanRecord) -> bool:
    if record.kind == "address":
        network = ip_network(record.target)
        least = limits.BAN_BITS_V4 if network.version == 4 else limits.BAN_BITS_V6
        return network.prefixlen < least
    if record.kind == "account":
        return False
    return len(re.sub(r"[*?!@.:~]", "", record.target)) < limits.BAN_LETTERS
