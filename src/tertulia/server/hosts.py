"""A user's host has changed: CHGHOST to those who know it, for all others a reconnection that never was.

What belongs here: how that one change is told (IRCv3 chghost). What must not: other changes (`announce`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia.commands.turn import Turn
from tertulia.policy.auditorium import may_see_member
from tertulia.protocol import capabilities as cap
from tertulia.protocol.modes import RANKS
from tertulia.server import auditorium
from tertulia.server.render import Told
from tertulia.state import changes as did
from tertulia.state.room import Room
from tertulia.state.user import User

if TYPE_CHECKING:
    from tertulia.server.hub import Hub
    from tertulia.server.session import Session

QUIT_REASON = "Changing host / Cambia de dirección"  # to a room, whose members have no common language


def host_changed(hub: Hub, change: did.HostChanged, turn: Turn | None) -> None:
    user = change.user
    told = Told(hub.now_ms, (0, f":{change.old_prefix} CHGHOST {user.username} {user.host}"), by=user)
    own = hub.fanout.sessions.get(user, ())
    watching = [one for one in hub.watchers.of(user.key) if one.capabilities & cap.EXTENDED_MONITOR]
    hearing: dict[Session, None] = dict.fromkeys(own)
    for room in user.rooms:
        hearing.update(auditorium.seers(hub, room) if room.hides(user) else hub.fanout.audience(room))
    hearing.update((one, None) for one in watching)  # type: ignore[misc]  # a World's sessions are ours
    for session in hearing:
        if session.capabilities & cap.CHGHOST:
            hub.fanout.session(session, told)
        elif session not in own:
            _reconnect(hub, session, change)
        if session in own:
            visible = hub.turn(session)
            visible.numeric("RPL_VISIBLEHOST", user.host)
            hub.answer(visible)
    hub.log("host_changed", nick=user.nick, host=user.host, address=user.address)


def _reconnect(hub: Hub, session: Session, change: did.HostChanged) -> None:
    """ "the simulated events SHOULD include appropriate `QUIT`, `JOIN` and `MODE` commands"."""
    user = change.user
    viewer = session.user
    assert viewer is not None, "only users hear of others"
    rooms = [
        room
        for room in user.rooms
        if session in hub.fanout.audience(room) and may_see_member(room, viewer, user)
    ]
    if not rooms:
        return
    lines = [Told(hub.now_ms, (0, f":{change.old_prefix} QUIT :{QUIT_REASON}"), by=user)]
    for room in rooms:
        extended = f":{user.prefix} JOIN {room.name} {user.account or '*'} :{user.realname}"
        joined = f":{user.prefix} JOIN {room.name}"
        lines.append(Told(hub.now_ms, (cap.EXTENDED_JOIN, extended), (0, joined), by=user))
        modes = _ranks(user, room)
        if modes:
            lines.append(Told(hub.now_ms, (0, f":{hub.settings.name} MODE {room.name} {modes}")))
    for line in lines:
        hub.fanout.session(session, line)


def _ranks(user: User, room: Room) -> str:
    """`+ov nick nick`: the ranks to give again; empty for none."""
    letters = [rank.letter for rank in RANKS if room.members[user] & rank.bit]
    return f"+{''.join(letters)} {' '.join([user.nick] * len(letters))}" if letters else ""
