"""Questions about rooms with mode u, whose members without a rank see only who has one."""

from __future__ import annotations

from tertulia.policy.operators import may
from tertulia.protocol.modes import HALF_OPERATOR
from tertulia.state.room import Room
from tertulia.state.user import User


def may_see_audience(room: Room, viewer: User) -> bool:
    """Who keeps order sees everybody."""
    return room.members.get(viewer, 0) >= HALF_OPERATOR or may(viewer, "see-rooms")


def may_see_member(room: Room, viewer: User, user: User) -> bool:
    """Whether the viewer may know that the user is in the room, as far as this mode goes."""
    return not room.hides(user) or viewer is user or may_see_audience(room, viewer)
