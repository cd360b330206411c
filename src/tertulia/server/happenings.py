"""Happenings: what is done in rooms, kept for the history of clients that ask (IRCv3 draft/event-playback).

What belongs here: which changes are kept, of which rooms, and their lines when they are played back. What
must not: telling them as they happen (`announce`). They wait for the next commit: nobody is promised that a
JOIN is stored, and none is worth a sync of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from tertulia import limits
from tertulia.commands import room_desk
from tertulia.protocol import capabilities as cap
from tertulia.protocol.history import Happening, Message
from tertulia.protocol.modes import fitting
from tertulia.state import changes as did
from tertulia.state.changes import Change
from tertulia.state.room import Room
from tertulia.state.user import User

if TYPE_CHECKING:
    from tertulia.server.hub import Hub

Deed = tuple[str, str, Sequence[str], User | None]
"""Kind, source, a text for each line of it, and whose deed it was where that is known."""

CROWDED = frozenset({"JOIN", "PART", "QUIT", "NICK"})
"""What is not remembered of large rooms."""

REACTIONS = ("+draft/react", "+draft/unreact")


def note(hub: Hub, change: Change, by: User | None) -> None:
    """Keep what a change was, if it is of that kind. `by`: whose command it was."""
    found = _TABLE.get(type(change))
    if found is None or not hub.settings.history.events:
        return
    rooms, (kind, source, texts, user) = found(change, by)
    hidden = _hidden(change)
    kept = [room for room in rooms if _is_remembered(room, kind) and room not in hidden]
    if not kept:
        return
    source = source or room_desk.prefix(hub.settings.name)
    account = user.account if user is not None else None
    tags = "bot" if user is not None and user.bot else ""
    for text in texts:
        place = hub.ids.message(hub.now_ms)
        for room in kept:
            hub.keep_soon(Happening(room.buffer, place, kind, source, room.name, text, account, tags))
    if len(hub.soon) >= limits.HAPPENINGS_WAITING:
        hub.commit(soon=True)


def note_reaction(hub: Hub, message: Message) -> None:
    """Keep a TAGMSG that reacts to a message; not one to those of a rank alone."""
    for_all = message.buffer[0] == "#" or message.buffer[1:2] != "#"
    if hub.settings.history.events and for_all and is_reaction(message):
        hub.keep_soon(
            Happening(message.buffer, message.id, message.kind, message.source, message.target, "",
                      message.account, message.tags)
        )  # fmt: skip


def is_reaction(message: Message) -> bool:
    return any(tag in message.tags for tag in REACTIONS)


def line(message: Message, capabilities: int) -> str:
    """The line of a happening, without tags, as it was told to who had these capabilities."""
    head = f":{message.source} {message.kind}"
    if message.kind == "JOIN":
        extended = f" {message.account or '*'} :{message.text}" if capabilities & cap.EXTENDED_JOIN else ""
        return f"{head} {message.target}{extended}"
    if message.kind in ("QUIT", "NICK"):
        return f"{head} :{message.text}"
    if message.kind in ("KICK", "MODE"):
        return f"{head} {message.target} {message.text}"
    return f"{head} {message.target} :{message.text}" if message.text or message.kind == "TOPIC" else (
        f"{head} {message.target}"
    )  # fmt: skip


def _hidden(change: Change) -> Iterable[Room]:
    """Rooms whose audience does not hear of it, nor reads it later (mode u)."""
    if isinstance(change, did.Left):
        return change.hidden
    if isinstance(change, did.Parted | did.Kicked):
        return (change.room,) if change.hidden else ()
    if isinstance(change, did.Joined):
        return (change.room,) if change.room.hides(change.user) else ()
    if isinstance(change, did.NickChanged):
        return [room for room in change.user.rooms if room.hides(change.user)]
    return ()


def _is_remembered(room: Room, kind: str) -> bool:
    """Rooms of which something is stored; and those that are not too large for it."""
    crowded = kind in CROWDED and len(room.members) >= limits.HAPPENINGS_ROOM
    return room.remembered and room.kept and not crowded


def _joined(change: did.Joined, by: User | None) -> tuple[Iterable[Room], Deed]:
    return [change.room], ("JOIN", change.user.prefix, (change.user.realname,), change.user)


def _parted(change: did.Parted, by: User | None) -> tuple[Iterable[Room], Deed]:
    return [change.room], ("PART", change.user.prefix, (change.reason or "",), change.user)


def _kicked(change: did.Kicked, by: User | None) -> tuple[Iterable[Room], Deed]:
    return [change.room], ("KICK", change.by, (f"{change.user.nick} :{change.reason}",), by)


def _left(change: did.Left, by: User | None) -> tuple[Iterable[Room], Deed]:
    return change.rooms, ("QUIT", change.user.prefix, (change.reason,), change.user)


def _renamed(change: did.NickChanged, by: User | None) -> tuple[Iterable[Room], Deed]:
    return change.user.rooms, ("NICK", change.old_prefix, (change.user.nick,), change.user)


def _topic(change: did.TopicChanged, by: User | None) -> tuple[Iterable[Room], Deed]:
    return [change.room], ("TOPIC", change.by, (change.room.topic,), by)


def _modes(change: did.RoomModesChanged, by: User | None) -> tuple[Iterable[Room], Deed]:
    head = f":{change.by} MODE {change.room.name} \r\n"
    return [change.room], (
        "MODE",
        change.by,
        fitting(change.changes, limits.LINE_BYTES - len(head.encode())),
        by,
    )


_TABLE: dict[type, Callable[[Any, User | None], tuple[Iterable[Room], Deed]]] = {
    did.Joined: _joined,
    did.Parted: _parted,
    did.Kicked: _kicked,
    did.Left: _left,
    did.NickChanged: _renamed,
    did.TopicChanged: _topic,
    did.RoomModesChanged: _modes,
}
