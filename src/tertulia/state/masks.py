"""Whom a mask fits: bans, exceptions, invitations and access lists ask here.

What belongs here: plain facts about one user and one mask. What must not: what follows from it (`policy`).
"""

from __future__ import annotations

from collections.abc import Callable

from tertulia.protocol import extbans
from tertulia.protocol.casemap import fold
from tertulia.protocol.modes import RANKS
from tertulia.protocol.names import mask_matches
from tertulia.state.user import User


def matches(mask: str, user: User) -> bool:
    """By the host that is shown, and by the address behind it: a cloak or a vanity host evades no ban. Of a
    mute, whom it mutes."""
    if mask[:1] == extbans.PREFIX and (ban := extbans.read(mask)) is not None:
        return _EXTENDED[ban.letter](ban.value, user) is not ban.contrary
    return mask_matches(mask, user.prefix) or mask_matches(
        mask, f"{user.nick}!{user.username}@{user.address}"
    )


def mask_of(user: User) -> str:
    """What fits somebody and as few others as can be: the account, else the host; of this machine's own
    guests, who all have the same one, the nick there."""
    if user.account is not None:
        return f"~a:{user.account}"
    return f"{user.nick if user.guest[:1] == '~' else '*'}!*@{user.host}"


def _account(value: str, user: User) -> bool:
    return user.account is not None and mask_matches(value, user.account)


def _member(value: str, user: User) -> bool:
    """Of a room; with a prefix, of a rank as high in it: `@#room`."""
    name = value.lstrip("".join(_BITS))
    least = _BITS.get(value[:1], 0)
    return any(room.key == fold(name) and room.members[user] >= least for room in user.rooms)


_BITS = {rank.symbol: rank.bit for rank in RANKS}
_EXTENDED: dict[str, Callable[[str, User], bool]] = {
    "a": _account,
    "j": _member,
    "m": matches,
    "r": lambda value, user: mask_matches(value, user.realname),
    "z": lambda value, user: user.secure,
}
