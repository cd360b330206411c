"""Who has which rank in a registered room: ACCESS, AMODE, and OP, VOICE and their like.

What belongs here: lists, and ranks given by ChanServ. What must not: bans (`room_bans`).
"""

from __future__ import annotations

from tertulia import limits
from tertulia.commands import arguments
from tertulia.commands import room_desk as desk
from tertulia.commands.answering import Said
from tertulia.commands.turn import Handler, Turn
from tertulia.policy.registration import may_list
from tertulia.policy.room import NEEDED
from tertulia.protocol.casemap import fold
from tertulia.protocol.modes import RANK_BITS, RANKS, VOICE, ModeChange, highest
from tertulia.protocol.names import complete_mask
from tertulia.protocol.rooms import Access
from tertulia.state.events import SetRoomModes
from tertulia.state.registration import granted
from tertulia.state.room import Room

RANK_WORDS = {
    "founder": "q", "fundador": "q", "admin": "a", "protected": "a", "sop": "a", "op": "o", "operator": "o",
    "operador": "o", "aop": "o", "halfop": "h", "hop": "h", "semiop": "h", "voice": "v", "voz": "v",
    "vop": "v",
} | {one.letter: one.letter for one in RANKS} | {one.symbol: one.letter for one in RANKS}  # fmt: skip
"""How people write a rank."""


async def access(turn: Turn, params: list[str]) -> None:
    room = desk.registered(turn, params[0])
    action, rest = fold(params[1]) if len(params) > 1 else "list", params[2:]
    if action in ("list", "lista"):
        _list(turn, room)
    elif action in ("add", "añadir") and len(rest) > 1:
        await _put(turn, room, rest[0], RANK_WORDS.get(fold(rest[1]).lstrip("+"), ""))
    elif action in ("del", "borrar") and rest:
        await _put(turn, room, rest[0], None)
    else:
        raise Said("syntax")


async def amode(turn: Turn, params: list[str]) -> None:
    """The same in the words of modes: `AMODE #room +o ana`, `AMODE #room -v eva`."""
    room = desk.registered(turn, params[0])
    if len(params) < 2:
        _list(turn, room)
        return
    if params[1][0] not in "+-" and len(params) > 2:  # FLAGS #room ana +o
        params = [params[0], params[2], params[1]]
    sign, letter, who = params[1][0], params[1][1:], params[2] if len(params) > 2 else turn.user.nick
    if sign not in "+-" or (sign == "+" and letter not in RANK_BITS):
        raise Said("syntax")
    await _put(turn, room, who, letter if sign == "+" else None)


def _list(turn: Turn, room: Room) -> None:
    """Members of the room, and who is on the list, may read it."""
    if not desk.standing(turn, room) and turn.user not in room.members:
        raise Said("not enough", room=room.name)
    symbols = {one.letter: one.symbol for one in RANKS}
    founder = turn.network.accounts.named(room.founder)
    desk.answer(turn, "entry", rank="~", who=founder.name if founder is not None else room.founder)
    for entry in sorted(room.access.values(), key=lambda one: -RANK_BITS[one.letter]):
        desk.answer(turn, "entry", rank=symbols[entry.letter], who=entry.who)
    desk.answer(turn, "entries", count=len(room.access), room=room.name)


async def _put(turn: Turn, room: Room, given: str, letter: str | None) -> None:
    """Make an entry say `letter`; None: take it out. One's own anybody may take out."""
    who = _who(turn, given, letter is not None)
    old = room.access.get(who)
    if letter == "":
        raise Said("no rank")
    if letter is None and old is None:
        raise Said("not listed", who=arguments.shown(given), room=room.name)
    own = turn.user.account is not None and who == fold(turn.user.account)
    word = may_list(desk.standing(turn, room), letter or "", old.letter if old is not None else "")
    if word is not None and not (own and letter is None):
        raise Said(word, room=room.name)
    if who == room.founder:
        raise Said("founder already", account=given, room=room.name)
    if letter is not None and old is None and len(room.access) >= limits.ACCESS_PER_ROOM:
        raise Said("list full", limit=limits.ACCESS_PER_ROOM)
    entries = {key: entry for key, entry in room.access.items() if key != who}
    if letter is not None:
        entries[who] = Access(who, letter, turn.user.account or turn.user.nick, turn.world.now_ms // 1000)
    await desk.change(turn, room, access=tuple(entries.values()))
    if letter is None:
        desk.answer(turn, "unlisted", who=who, room=room.name)
    else:
        desk.answer(turn, "listed", who=who, rank=letter, room=room.name)


def _who(turn: Turn, given: str, new: bool) -> str:
    """The key of an entry: an account, or what is clearly a mask."""
    if "!" in given or "@" in given or "*" in given or given[:1] == "~":
        return fold(complete_mask(given))[: limits.SETTING_BYTES]
    return desk.named(turn, given).key if new else fold(given)


# --- ranks now ------------------------------------------------------------------------------------


def giving(letter: str, add: bool) -> Handler:
    """A verb that gives or takes a rank: one's own, or a member's."""

    async def verb(turn: Turn, params: list[str]) -> None:
        room = desk.registered(turn, params[0])
        nick = params[1] if len(params) > 1 else turn.user.nick
        target = turn.network.user(nick)
        if target is None or target not in room.members:
            raise Said("not there", nick=arguments.shown(nick), room=room.name)
        mine = desk.standing(turn, room)
        enough = mine >= (VOICE if target is turn.user and letter == "v" else NEEDED[letter])
        above = not add and target is not turn.user and highest(room.members[target]) > mine
        if not enough or above:
            raise Said("not enough", room=room.name)
        await _set(turn, room, ModeChange(add, letter, target.nick))

    return verb


async def up(turn: Turn, params: list[str]) -> None:
    """Have the rank that the list gives; without a room, in all that one is in."""
    own = [room for room in turn.user.rooms if room.founder]
    rooms = [desk.registered(turn, params[0])] if params else own
    for room in rooms:
        rank = granted(room, turn.user)
        if turn.user not in room.members:
            raise Said("not there", nick=turn.me, room=room.name)
        if not rank and params:
            raise Said("not enough", room=room.name)
        letter = next((one.letter for one in RANKS if one.bit == rank), "")
        if letter:
            await _set(turn, room, ModeChange(True, letter, turn.user.nick))


async def down(turn: Turn, params: list[str]) -> None:
    room = desk.registered(turn, params[0])
    if turn.user not in room.members:
        raise Said("not there", nick=turn.me, room=room.name)
    held = [one.letter for one in RANKS if room.members[turn.user] & one.bit]
    await _set(turn, room, *(ModeChange(False, letter, turn.user.nick) for letter in held))


async def _set(turn: Turn, room: Room, *changes: ModeChange) -> None:
    by = desk.prefix(turn.world.settings.name)
    await turn.world.propose(SetRoomModes(room.key, by, turn.world.now_ms // 1000, changes), turn)
