"""A message is taken back: it grows no more, is deleted from the store, then told to those who know REDACT
(IRCv3 message-redaction).

What belongs here: that order, and who hears it. What must not: who may (`commands.redact`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia.commands.turn import NotStored, Turn
from tertulia.protocol import capabilities as cap
from tertulia.protocol.history import Message, Redaction, msgid
from tertulia.server.render import Told
from tertulia.state.room import Room
from tertulia.state.user import User

if TYPE_CHECKING:
    from tertulia.server.hub import Hub
    from tertulia.server.session import Session


def redact(
    hub: Hub, turn: Turn, message: Message, target: str, room: Room | None, user: User | None, reason: str
) -> None:
    """Relay it "in the same way as PRIVMSG messages": with echo-message also to who asked."""
    session: Session = turn.session  # type: ignore[assignment]  # a World's sessions are ours
    growing = hub.streams.growing(message.id)
    if growing is not None:  # its end and its deletion are one commit: no crash comes between them
        growing.take_back(turn.user, session)
    error = hub.commit([Redaction(message.id, message.buffer)])
    if error is not None:
        raise NotStored(error.code)
    words = f" :{reason}" if reason else ""
    line = f":{turn.user.prefix} REDACT {target} {msgid(message.id)}{words}"
    told = Told(hub.now_ms, (cap.REDACTION, line), by=turn.user)
    if room is not None:
        hub.fanout.room(room, told, session, session)
    else:
        if user is not None and user is not turn.user:
            hub.fanout.user(user, told, session)
        hub.fanout.user(turn.user, told, skip=session)
    if session.capabilities & cap.ECHO_MESSAGE:
        turn.add(told)
