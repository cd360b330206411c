"""Questions about operators of the server: whether somebody has a right of `protocol.rights`."""

from __future__ import annotations

from tertulia.state.user import User


def may(user: User, right: str) -> bool:
    """Whether a user has this right; those who are no operators have none."""
    return right in user.rights
