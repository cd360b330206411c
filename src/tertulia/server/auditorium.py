"""Mode u: members without a rank are an audience, and see only who has one.

What belongs here: who hears of a member's coming and going in such a room, and what is told when somebody
steps onto the stage or leaves it. What must not: the question itself (`policy.auditorium`). Rooms without the
mode never come here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia.commands.names import names_numerics
from tertulia.policy.auditorium import may_see_audience
from tertulia.protocol.modes import RANK_BITS, ModeChange
from tertulia.server.render import Told
from tertulia.state.room import Room
from tertulia.state.user import User

if TYPE_CHECKING:
    from tertulia.server.hub import Hub
    from tertulia.server.session import Session


def seers(hub: Hub, room: Room) -> dict[Session, None]:
    """The sessions that see everybody in the room."""
    return {
        session: None
        for session in hub.fanout.audience(room)
        if session.user is not None and may_see_audience(room, session.user)
    }


def staged(hub: Hub, room: Room, changes: tuple[ModeChange, ...]) -> tuple[list[User], list[User]]:
    """Who has a rank now and had none before these changes, and who the other way round."""
    came: dict[User, None] = {}
    went: dict[User, None] = {}
    for nick in dict.fromkeys(one.param for one in changes if one.letter in RANK_BITS and one.param):
        user = hub.network.user(nick)
        if user is None or user not in room.members:
            continue
        now = before = room.members[user]
        for one in reversed(changes):
            if one.param == nick and one.letter in RANK_BITS:
                bit = RANK_BITS[one.letter]
                before = before & ~bit if one.add else before | bit
        if now and not before:
            came[user] = None
        elif before and not now:
            went[user] = None
    return list(came), list(went)


def tell_audience(hub: Hub, room: Room, user: User, entry: Told) -> None:
    """To those who do not see everybody: that somebody is there from now on, or no longer."""
    seeing = seers(hub, room)
    for session in list(hub.fanout.audience(room)):
        if session not in seeing and session.user is not user:
            hub.fanout.session(session, entry)


def opened(hub: Hub, room: Room) -> None:
    """The mode was taken away: everybody learns who else is there."""
    for session in list(hub.fanout.audience(room)):
        if session.user is not None and not may_see_audience(room, session.user):
            showing = hub.turn(session)
            names_numerics(showing, room)
            hub.answer(showing)
