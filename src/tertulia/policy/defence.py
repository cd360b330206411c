"""Questions about the level of defence (DEFCON): what is closed now, and for whom."""

from __future__ import annotations

from tertulia.policy.operators import may
from tertulia.state.network import Network
from tertulia.state.user import User


def may_register(network: Network, user: User | None) -> bool:
    """Making accounts and registering rooms: closed from level 4 on, but for operators who set levels."""
    return network.defence > 4 or (user is not None and may(user, "defcon"))


def may_write_to(network: Network, user: User, other: User, own: bool) -> bool:
    """Private talk: from level 3 on not from those without an account, but to operators of the server.
    `own`: its connection is this machine's own, or a model's of this server."""
    if network.defence > 3 or own or user.account is not None or user is other:
        return True
    return user.operator is not None or other.operator is not None


def may_enter_rooms(network: Network, user: User, own: bool) -> bool:
    """From level 2 on not without an account. `own`: as above."""
    return network.defence > 2 or own or user.account is not None or user.operator is not None


def needs_account(network: Network) -> bool:
    """Whether a connection needs an account, from level 2 on."""
    return network.defence <= 2


def is_closed(network: Network) -> bool:
    """Whether nobody new is let in."""
    return network.defence <= 1
