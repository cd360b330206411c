"""Telling that a room has another name (IRCv3 channel-rename), to who knows RENAME and to who does not.

What belongs here: the lines. What must not: who may rename (`commands.rename`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia.commands import join
from tertulia.commands.turn import Turn
from tertulia.protocol import capabilities as cap
from tertulia.protocol.casemap import fold
from tertulia.server.render import Told
from tertulia.state import changes as did

if TYPE_CHECKING:
    from tertulia.server.hub import Hub
    from tertulia.server.session import Session


def room_renamed(hub: Hub, change: did.RoomRenamed, turn: Turn | None) -> None:
    """What is growing there breaks off first: its lines bear the old name."""
    room = change.room
    growing = hub.streams.of(room)
    for stream in growing:
        stream.abandon(None, "the room was renamed")
    if growing:
        hub.commit()  # a refused end is told once more, and that under the old name too
    hub.marks.move(fold(change.old), room.key)
    if hub.keepsakes is not None and fold(change.old) != room.key:
        hub.keepsakes.room_renamed(change.old, room.name)
    by = turn.user if turn is not None else None
    line = f":{change.by} RENAME {change.old} {room.name} :{change.reason}"
    renamed = Told(hub.now_ms, (0, line), by=by)
    for session in list(hub.fanout.audience(room)):
        answer = turn if turn is not None and turn.session is session else hub.turn(session)
        if session.capabilities & cap.CHANNEL_RENAME:
            answer.add(renamed)
        elif fold(change.old) != room.key:  # "SHOULD NOT be used if the rename only changes the case"
            _fallback(hub, session, change, answer)
        if answer is not turn:
            hub.answer(answer)


def _fallback(hub: Hub, session: Session, change: did.RoomRenamed, answer: Turn) -> None:
    """ "Send the client a `PART` message for the old channel name ... Send the client a `JOIN` message
    followed by the usual messages"."""
    user, room = session.user, change.room
    assert user is not None, "who hears a room is somebody"
    reason = f" :{change.reason}" if change.reason else ""
    answer.add(Told(hub.now_ms, (0, f":{user.prefix} PART {change.old}{reason}"), by=user))
    extended = f":{user.prefix} JOIN {room.name} {user.account or '*'} :{user.realname}"
    plain = f":{user.prefix} JOIN {room.name}"
    answer.add(Told(hub.now_ms, (cap.EXTENDED_JOIN, extended), (0, plain), by=user))
    join.shown(answer, room)
