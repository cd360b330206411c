"""Metadata is told: changes to who subscribed, and what is there to who comes.

What belongs here: who hears of what, and in which form. What must not: setting it (`commands.metadata`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tertulia.commands.metadata_batch import InBatch
from tertulia.commands.turn import Turn
from tertulia.limits import METADATA_SYNC_MEMBERS, METADATA_SYNC_SECONDS
from tertulia.policy.auditorium import may_see_member
from tertulia.protocol import capabilities as cap
from tertulia.state import changes as did
from tertulia.state.changes import Change
from tertulia.state.room import Room
from tertulia.state.user import User

if TYPE_CHECKING:
    from tertulia.server.hub import Hub
    from tertulia.server.session import Session


class Told:
    """A value as an entry: the METADATA line for draft/metadata-2, numerics for draft/metadata-3."""

    __slots__ = ("key", "nick", "server", "source", "target", "value")

    def __init__(self, hub: Hub, nick: str, source: str, target: User | Room, key: str, value: str) -> None:
        self.server, self.nick, self.source, self.key, self.value = (
            hub.settings.name,
            nick,
            source,
            key,
            value,
        )
        self.target = target.name if isinstance(target, Room) else target.nick

    def render(self, capabilities: int) -> str:
        if capabilities & cap.METADATA_3:
            if self.value:
                return f":{self.server} 761 {self.nick} {self.target} {self.key} * :{self.value}\r\n"
            return f":{self.server} 766 {self.nick} {self.target} {self.key} :key is not set\r\n"
        return f":{self.source} METADATA {self.target} {self.key} * :{self.value}\r\n"


def tell(hub: Hub, turn: Turn, target: User | Room, key: str, value: str) -> None:
    """A change, "excluding changes they make themselves": to a room's members, or a user's neighbours."""
    if not hub.metadata:
        return
    if isinstance(target, Room):
        hearing = dict(hub.fanout.audience(target))
    else:
        shown = [room for room in target.rooms if not room.hides(target)]
        hearing = hub.fanout.neighbours(target, shown)
        watching = hub.watchers.of(target.key)
        for one in watching:
            if one.capabilities & (cap.EXTENDED_MONITOR | cap.METADATA_3):
                hearing[one] = None  # type: ignore[index]  # a World's sessions are ours
    for session in hearing:
        if session is not turn.session and _wants(hub, session, key):
            _send(hub, session, turn.user.prefix, target, key, value)


def sync(hub: Hub, turn: Turn, target: User | Room) -> None:
    """ "If the target is a channel, it also syncs the metadata for all other users in that channel." """
    members = _seen(turn.user, target) if isinstance(target, Room) else []
    for one in [target, *members]:
        _show(hub, turn, one)


def sync_all(hub: Hub, turn: Turn, keys: Sequence[str] | None) -> None:
    """Of "all visible targets": one's rooms, who is in them, and whom one watches. `keys`: only these."""
    rooms = turn.user.rooms
    users = dict.fromkeys(member for room in rooms for member in _seen(turn.user, room))
    for nick in hub.watchers.watched(turn.session):
        if (watched := hub.network.user(nick)) is not None:
            users[watched] = None
    for room in rooms:
        _show(hub, turn, room, keys)
    for user in users:
        _show(hub, turn, user, keys)


def _show(hub: Hub, turn: Turn, one: User | Room, keys: Sequence[str] | None = None) -> None:
    for key, value in _subscribed(hub, turn.session, one):  # type: ignore[arg-type]
        if keys is None or key in keys:
            entry = Told(hub, turn.me, hub.settings.name, one, key, value)
            turn.items.append(entry.render(turn.session.capabilities))


def _seen(viewer: User, room: Room) -> list[User]:
    return [user for user in room.members if may_see_member(room, viewer, user)]


def note(hub: Hub, change: Change, turn: Turn | None) -> None:
    """What is there, to who comes into a room, and of who comes to who is there."""
    if isinstance(change, did.Left):
        hub.metadata.gone(change.user)
    if hub.metadata and isinstance(change, did.Entered | did.NickChanged):
        _to_watchers(hub, change.user)
    if not hub.metadata or not isinstance(change, did.Joined):
        return
    user, room = change.user, change.room
    own = hub.fanout.sessions.get(user, ())
    for session in own:
        if session.capabilities & cap.METADATA and hub.metadata.wanted(session):
            _welcome(hub, session, room, turn)
    if hub.metadata.any_of(user) and not room.hides(user):
        for session in hub.fanout.audience(room):
            if session not in own:
                for key, value in _subscribed(hub, session, user):
                    _send(hub, session, user.prefix, user, key, value)


def _to_watchers(hub: Hub, user: User) -> None:
    """ "When server sends `730 RPL_MONONLINE` to a metadata-aware client"."""
    for session in hub.watchers.of(user.key):
        if session.capabilities & (cap.EXTENDED_MONITOR | cap.METADATA_3):
            telling = hub.turn(session)
            with InBatch(telling, user.nick, unless_empty=True):
                _show(hub, telling, user)
            hub.answer(telling)


def _welcome(hub: Hub, session: Session, room: Room, turn: Turn | None) -> None:
    """ "On joining a channel, users will get the channel's current metadata ... and ... for all users"."""
    mine = turn if turn is not None and turn.session is session else hub.turn(session)
    if len(room.members) > METADATA_SYNC_MEMBERS:
        mine.numeric("RPL_METADATASYNCLATER", room.name, str(METADATA_SYNC_SECONDS))
    else:
        with InBatch(mine, room.name, unless_empty=True):
            sync(hub, mine, room)
    if mine is not turn:
        hub.answer(mine)


def _subscribed(hub: Hub, session: Session, target: User | Room) -> list[tuple[str, str]]:
    if not hub.metadata.any_of(target) or not session.capabilities & cap.METADATA:
        return []
    wanted = hub.metadata.wanted(session)
    return [(key, value) for key, value in hub.metadata.of(target).items() if key in wanted] if wanted else []


def _wants(hub: Hub, session: Session, key: str) -> bool:
    return bool(session.capabilities & cap.METADATA) and key in hub.metadata.wanted(session)


def _send(hub: Hub, session: Session, source: str, target: User | Room, key: str, value: str) -> None:
    nick = session.user.nick if session.user is not None else "*"
    hub.fanout.session(session, Told(hub, nick, source, target, key, value))
