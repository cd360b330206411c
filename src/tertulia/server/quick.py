"""The short way of the commonest line: `PRIVMSG #room :text` from somebody who may speak, without tags, or
with a label alone, where the echo is the answer that bears it.

What belongs here: exactly what `commands.message` and `Hub.say` do with such a line, without the steps that
it does not need. Whatever is unusual is left to the general way, which is why this file can be deleted:
nothing but speed goes with it. The simulator runs both ways and compares.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tertulia.commands.registry import COMMANDS
from tertulia.limits import LINE_BYTES
from tertulia.protocol.capabilities import ECHO_MESSAGE
from tertulia.protocol.framing import Refused
from tertulia.protocol.history import Message
from tertulia.server.labels import LABEL_BYTES, NEEDED
from tertulia.server.render import Said
from tertulia.server.session import Session

if TYPE_CHECKING:
    from tertulia.server.hub import Hub
    from tertulia.state.room import Room

VERB = "PRIVMSG "
COST = COMMANDS["PRIVMSG"].cost  # of one line, where there is flood control
LABEL = "@label="
ANSWERED = ECHO_MESSAGE | NEEDED  # by the echo, which bears the label
USUAL_FLAGS = frozenset("nst")  # which do not concern a member who speaks


def may_concern(room: Room) -> bool:
    """Whether a setting of the room has to do with what is said in it."""
    return "F" in room.settings or not room.kept


def usual_label(tags: str, line: str, prefix: str) -> bool:
    """Whether tags that begin with a label are nothing else, and the echo will be one line."""
    if ";" in tags or "\\" in tags or not 0 < len(tags) - len(LABEL) <= LABEL_BYTES or not tags.isascii():
        return False
    return len(f":{prefix} {line}\r\n".encode()) <= LINE_BYTES


def talk(hub: Hub, session: Session, lines: Sequence[str | Refused], start: int, end: int) -> int:
    """Carry out the lines from `start` to `end`, as long as they are such lines; where the first other one
    is.
    """
    user = session.user
    if user is None or user.bot or user.operator is not None:  # they have tags of their own
        return start
    rooms, now, next_id = hub.network.rooms, hub.now_ms, hub.ids.message
    prefix, account = user.prefix, user.account
    skip = None if session.capabilities & ECHO_MESSAGE else session
    keep, wish = hub.pending.append, hub.wishes.append
    said_to, place = "\n", 0  # which no target is
    for at in range(start, end):
        line, label = lines[at], ""
        if type(line) is not str:
            break
        if line[:8] != VERB:
            if line[:7] != LABEL or session.capabilities & ANSWERED != ANSWERED:
                break
            label, _, line = line.partition(" ")
            if line[:8] != VERB or not usual_label(label, line, prefix):
                break
        target, colon, text = line[8:].partition(" :")
        if not (colon and text):
            break
        if target != said_to:
            room = rooms.get(target)  # a name in capitals is folded by the general way
            if room is None or not room.remembered or room.bans or not room.flags <= USUAL_FLAGS:
                break
            if user not in room.members or (room.settings and may_concern(room)):
                break
            segment, key, name, said_to = hub.fanout.segment(room, session), room.buffer, room.name, target
            session.spoke_at = hub.instant
            place = len(session.out)
        message: Message = tuple.__new__(
            Message, (next_id(now), now, key, "PRIVMSG", prefix, name, text, account, None, None, "", "", "")
        )
        said = Said(message, session, None, place, label)
        keep(message)
        wish(said)
        segment.entries.append(said)
        segment.skips.append(session if label else skip)
    else:
        at = end
    hub.counts.lines += at - start
    hub.counts.said += at - start
    return at
