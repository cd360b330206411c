"""Whom a mask fits: bans, exceptions, invitations and access lists ask here.

What belongs here: plain facts about one user and one mask. What must not: what follows from it (`policy`).
"""

from __future__ import annotations

from tertulia.protocol.names import ACCOUNT_BAN, mask_matches
from tertulia.state.user import User


def matches(mask: str, user: User) -> bool:
    """By the host that is shown, and by the address behind it: a cloak or a vanity host evades no ban."""
    if mask.startswith(ACCOUNT_BAN):
        return user.account is not None and mask_matches(mask[len(ACCOUNT_BAN) :], user.account)
    return mask_matches(mask, user.prefix) or mask_matches(
        mask, f"{user.nick}!{user.username}@{user.address}"
    )
