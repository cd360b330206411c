"""Announcements: each kind of change, put into words for whom it concerns.

What belongs here: a table from changes to who is told what. What must not: state, permission, the form of
messages.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tertulia.commands.turn import Turn
from tertulia.limits import LINE_BYTES
from tertulia.policy.room import may_speak
from tertulia.protocol import capabilities as cap
from tertulia.protocol.line import trailing
from tertulia.protocol.modes import HALF_OPERATOR, fitting, write_modes
from tertulia.server.render import Told
from tertulia.state import changes as did
from tertulia.state.changes import Change
from tertulia.state.room import Room
from tertulia.state.user import User

if TYPE_CHECKING:
    from tertulia.server.hub import Hub
    from tertulia.server.session import Session


def announce(hub: Hub, change: Change, turn: Turn | None) -> None:
    """Tell a change. `turn`: whose command it was; what it hears itself is then a part of its answer."""
    _TABLE[type(change)](hub, change, turn)


def _to_room(hub: Hub, room: Room, entry: Told, turn: Turn | None) -> None:
    session: Session | None = turn.session if turn is not None else None  # type: ignore[assignment]
    skip = None
    if turn is not None and turn.label is not None and session in hub.fanout.audience(room):
        turn.add(entry)
        skip = session
    hub.fanout.room(room, entry, session, skip)


def _to_neighbours(
    hub: Hub, user: User, entry: Told, turn: Turn | None, only: int = 0, others: bool = False
) -> None:
    """To everybody who shares a room with the user, once each; `others`: not to the user itself."""
    own = hub.fanout.sessions.get(user, ())
    for session in hub.fanout.neighbours(user, user.rooms):
        if only and not session.capabilities & only:
            continue
        if session in own and others:
            continue
        if turn is not None and session is turn.session:
            turn.add(entry)
        else:
            hub.fanout.session(session, entry)


def _entered(hub: Hub, change: did.Entered, turn: Turn | None) -> None:
    assert turn is not None, "a user enters by a command of its session"
    session: Session = turn.session  # type: ignore[assignment]
    session.user = turn.user = change.user
    session.password = ""
    hub.fanout.connect(change.user, session)
    hub.fanout.take_name()


def _nick_changed(hub: Hub, change: did.NickChanged, turn: Turn | None) -> None:
    hub.fanout.take_name()
    line = f":{change.old_prefix} NICK {trailing(change.user.nick)}"
    _to_neighbours(hub, change.user, Told(hub.now_ms, (0, line)), turn)


def _joined(hub: Hub, change: did.Joined, turn: Turn | None) -> None:
    user, room = change.user, change.room
    hub.fanout.joined(user, room)
    extended = f":{user.prefix} JOIN {room.name} {user.account or '*'} :{user.realname}"
    entry = Told(hub.now_ms, (cap.EXTENDED_JOIN, extended), (0, f":{user.prefix} JOIN {room.name}"))
    _to_room(hub, room, entry, turn)
    if user.away is not None:
        away = Told(hub.now_ms, (cap.AWAY_NOTIFY, f":{user.prefix} AWAY :{user.away}"))
        session: Session | None = turn.session if turn is not None else None  # type: ignore[assignment]
        hub.fanout.room(room, away, session, session)


def _parted(hub: Hub, change: did.Parted, turn: Turn | None) -> None:
    user, room = change.user, change.room
    _leave_streams(hub, user, room)
    reason = f" :{change.reason}" if change.reason is not None else ""
    _to_room(hub, room, Told(hub.now_ms, (0, f":{user.prefix} PART {room.name}{reason}")), turn)
    hub.fanout.parted(user, room)


def _kicked(hub: Hub, change: did.Kicked, turn: Turn | None) -> None:
    _leave_streams(hub, change.user, change.room)
    line = f":{change.by} KICK {change.room.name} {change.user.nick} :{change.reason}"
    _to_room(hub, change.room, Told(hub.now_ms, (0, line)), turn)
    hub.fanout.parted(change.user, change.room)


def _leave_streams(hub: Hub, user: User, room: Room) -> None:
    """What the leaver was saying there breaks off, and what others are saying goes on without the leaver."""
    for stream in list(hub.streams.get(room, ())):
        if stream.speaker is user:
            stream.abandon(None, "left the room")
        stream.left(user)


def _silence_streams(hub: Hub, room: Room) -> None:
    """Who "may no longer speak" breaks off."""
    for stream in list(hub.streams.get(room, ())):
        denied = may_speak(room, stream.speaker)
        if denied is not None:
            stream.silence(denied)


def _left(hub: Hub, change: did.Left, turn: Turn | None) -> None:
    user = change.user
    own = hub.fanout.sessions.get(user, ())
    entry = Told(hub.now_ms, (0, f":{user.prefix} QUIT :{change.reason}"))
    if len(change.rooms) == 1 and own:  # the usual case shares the room's buffer
        hub.fanout.farewell(change.rooms[0], entry, own[0])
    else:
        for session in hub.fanout.neighbours(user, change.rooms):
            if session not in own:
                hub.fanout.session(session, entry)
    for room in change.rooms:
        hub.fanout.parted(user, room)


def _topic_changed(hub: Hub, change: did.TopicChanged, turn: Turn | None) -> None:
    _to_room(
        hub,
        change.room,
        Told(hub.now_ms, (0, f":{change.by} TOPIC {change.room.name} :{change.room.topic}")),
        turn,
    )


def _room_modes_changed(hub: Hub, change: did.RoomModesChanged, turn: Turn | None) -> None:
    _silence_streams(hub, change.room)
    head = f":{change.by} MODE {change.room.name}"
    for words in fitting(change.changes, LINE_BYTES - len(f"{head} \r\n".encode())):
        _to_room(hub, change.room, Told(hub.now_ms, (0, f"{head} {words}")), turn)


def _user_modes_changed(hub: Hub, change: did.UserModesChanged, turn: Turn | None) -> None:
    user = change.user
    line = f":{user.nick} MODE {user.nick} {' '.join(write_modes(change.changes))}\r\n"
    for session in hub.fanout.sessions.get(user, ()):
        if turn is not None and session is turn.session:
            turn.items.append(line)
        else:
            hub.fanout.session(session, line)


def _away_changed(hub: Hub, change: did.AwayChanged, turn: Turn | None) -> None:
    user = change.user
    words = f" :{user.away}" if user.away is not None else ""
    entry = Told(hub.now_ms, (cap.AWAY_NOTIFY, f":{user.prefix} AWAY{words}"))
    _to_neighbours(hub, user, entry, turn, only=cap.AWAY_NOTIFY, others=True)


def _realname_changed(hub: Hub, change: did.RealnameChanged, turn: Turn | None) -> None:
    entry = Told(hub.now_ms, (cap.SETNAME, f":{change.user.prefix} SETNAME :{change.user.realname}"))
    _to_neighbours(hub, change.user, entry, turn, only=cap.SETNAME)


def _operator_made(hub: Hub, change: did.OperatorMade, turn: Turn | None) -> None:
    hub.log("operator", nick=change.user.nick, operator=change.user.operator, address=change.user.address)


def _invited(hub: Hub, change: did.Invited, turn: Turn | None) -> None:
    entry = Told(hub.now_ms, (0, f":{change.by} INVITE {change.user.nick} {change.room.name}"))
    hub.fanout.user(change.user, entry)
    notice = Told(
        hub.now_ms, (cap.INVITE_NOTIFY, f":{change.by} INVITE {change.user.nick} {change.room.name}")
    )
    for member, rank in change.room.members.items():
        if rank >= HALF_OPERATOR:
            hub.fanout.user(member, notice, only=cap.INVITE_NOTIFY, skip=turn.session if turn else None)


_TABLE: dict[type, Callable[[Hub, Any, Turn | None], None]] = {
    did.Entered: _entered,
    did.NickChanged: _nick_changed,
    did.Joined: _joined,
    did.Parted: _parted,
    did.Kicked: _kicked,
    did.Left: _left,
    did.TopicChanged: _topic_changed,
    did.RoomModesChanged: _room_modes_changed,
    did.UserModesChanged: _user_modes_changed,
    did.AwayChanged: _away_changed,
    did.RealnameChanged: _realname_changed,
    did.OperatorMade: _operator_made,
    did.Invited: _invited,
}
