"""JOIN and PART."""

from __future__ import annotations

from itertools import zip_longest

from tertulia import limits
from tertulia.commands import arguments, audit, floods, inbox, read_marker, rename, room_desk
from tertulia.commands.names import names_numerics
from tertulia.commands.registry import command
from tertulia.commands.topic import topic_numerics
from tertulia.commands.turn import Refuse, Turn
from tertulia.limits import KICK_CHARACTERS
from tertulia.policy.defence import may_enter_rooms
from tertulia.policy.room import is_banned, link_lets_in, may_have_another_room, may_join
from tertulia.protocol.capabilities import NO_IMPLICIT_NAMES
from tertulia.protocol.casemap import fold
from tertulia.protocol.invitations import Invitation
from tertulia.protocol.names import valid_room
from tertulia.state.events import JoinRoom, PartRoom
from tertulia.state.room import Room


@command("JOIN <room>{,<room>} [<key>{,<key>}]", "Enter rooms; what is not there is made.",
         "Entra en salas; la que no existe se crea.", least=1, cost=1.0)  # fmt: skip
async def join(turn: Turn, params: list[str]) -> None:
    if params[0] == "0":
        for room in list(turn.user.rooms):
            await turn.world.propose(PartRoom(turn.user.id, room.key, None), turn)
        return
    keys = params[1].split(",") if len(params) > 1 else []
    for name, key in zip_longest(params[0].split(","), keys[: params[0].count(",") + 1]):
        try:
            if name:
                await _join_one(turn, name, key)
        except Refuse as refusal:
            turn.numeric(refusal.numeric, *refusal.params, **refusal.fields)


async def _join_one(turn: Turn, name: str, key: str | None, led: bool = False) -> None:
    """`led`: by the forward of another room, which leads no further."""
    if not valid_room(name):
        raise Refuse("ERR_NOSUCHCHANNEL", arguments.shown(name))
    room, link = turn.network.room(name), None
    if room is not None:
        if turn.user in room.members:
            return
        denied = may_join(room, turn.user, key)
        if denied is not None and key and (link := _link(turn, room, key)) is not None:
            denied = None
        forward = room.settings.get("f")
        if denied is not None and forward and not led:
            turn.numeric("ERR_LINKCHANNEL", room.name, forward)
            await _lead(turn, forward, None)
            return
        arguments.allow(denied, room.name)
        if (
            link is None
            and turn.user.rights
            and ("i" in room.flags or (room.password and key != room.password) or is_banned(room, turn.user))
        ):
            audit.overrode(turn, room, "JOIN")
        if "j" in room.settings:
            floods.check_join(turn, room)
    elif (new := rename.led_to(turn, name, fold(name))) is not None and not led:
        if new:
            await _lead(turn, new, key)
        return
    elif led:
        raise Refuse("ERR_NOSUCHCHANNEL", arguments.shown(name))  # it would be the forwarded one's own
    if not may_enter_rooms(turn.network, turn.user, turn.session.peer.local):
        raise Refuse("ERR_NEEDREGGEDNICK", name)
    arguments.allow(may_have_another_room(turn.user), name, limit=limits.ROOMS_PER_USER)
    if turn.user.agent is not None:  # it may be refused, and then no link has been used
        inbox.begin(turn, room.buffer if room is not None else fold(name))
    if link is not None:
        turn.world.invitations.use(link)
        audit.note(turn.world, turn, "ENTER", name, link.name)
    await turn.world.propose(JoinRoom(turn.user.id, name, turn.world.now_ms), turn)
    room = turn.network.room(name)
    assert room is not None
    shown(turn, room)


def _link(turn: Turn, room: Room, word: str) -> Invitation | None:
    """The invitation by link that was given in place of a key, if it lets in here."""
    link = turn.world.invitations.find(word)
    if link is None or link.room != room.buffer or not link_lets_in(room, turn.user, bool(link.opens)):
        return None
    return link


async def _lead(turn: Turn, name: str, key: str | None) -> None:
    """Into another room than was asked for, once the one who asked has been told."""
    if turn.label is None:  # to be read before the JOIN, which is told to the room
        turn.world.answer(turn)
        turn.items = []
    await _join_one(turn, name, key, led=True)


def shown(turn: Turn, room: Room) -> None:
    """What a connection is told of a room after its user's JOIN."""
    read_marker.after_join(turn, room)
    if room.topic:
        topic_numerics(turn, room)
    if not turn.session.capabilities & NO_IMPLICIT_NAMES:
        names_numerics(turn, room)
    if room.settings.get("welcome"):
        room_desk.say(turn, f"[{room.name}] {room.settings['welcome']}")


@command("PART <room>{,<room>} [<reason>]", "Leave rooms.", "Sal de salas.", least=1)
async def part(turn: Turn, params: list[str]) -> None:
    for name in arguments.items(params[0]):
        try:
            room = arguments.own_room(turn, name)
        except Refuse as refusal:
            turn.numeric(refusal.numeric, *refusal.params, **refusal.fields)
            continue
        reason = None
        if len(params) > 1:
            reason = arguments.free_text(turn, params[1], KICK_CHARACTERS, "PART", room.name)
        await turn.world.propose(PartRoom(turn.user.id, room.key, reason), turn)
