"""MODE: of rooms and of oneself."""

from __future__ import annotations

from tertulia import limits
from tertulia.commands import arguments, audit
from tertulia.commands.registry import command, need
from tertulia.commands.turn import Refuse, Turn
from tertulia.policy.room import may_change_modes, may_give_rank, may_take_rank
from tertulia.protocol import rates
from tertulia.protocol.casemap import fold
from tertulia.protocol.modes import (
    KEPT_AS_SETTINGS,
    RANK_BITS,
    ROOM_MODES,
    SELF_SET_USER_MODES,
    USER_MODES,
    Kind,
    ModeChange,
    read_room_modes,
    write_modes,
)
from tertulia.protocol.names import complete_mask, is_room, valid_key
from tertulia.protocol.snomasks import SNOMASKS, USUAL_SNOMASKS
from tertulia.protocol.text import one_line
from tertulia.state.events import SetRoomModes, SetUserModes
from tertulia.state.room import Room

_LIST_NUMERICS = {
    "b": ("RPL_BANLIST", "RPL_ENDOFBANLIST"),
    "e": ("RPL_EXCEPTLIST", "RPL_ENDOFEXCEPTLIST"),
    "I": ("RPL_INVEXLIST", "RPL_ENDOFINVEXLIST"),
}
UNKNOWN_NAMED = 10  # a line of nonsense is not answered by a screen of it


@command("MODE <target> [<modes> [<parameter>...]]", "Read or change modes of a room or of yourself.",
         "Lee o cambia los modos de una sala o los tuyos.", least=1)  # fmt: skip
async def mode(turn: Turn, params: list[str]) -> None:
    if is_room(params[0]):
        await _room_mode(turn, arguments.room(turn, params[0]), params[1:])
    else:
        await _user_mode(turn, params[0], params[1:])


# --- rooms ----------------------------------------------------------------------------------------


async def _room_mode(turn: Turn, room: Room, params: list[str]) -> None:
    if not params:
        turn.plain_numeric("RPL_CHANNELMODEIS", room.name, *_shown_modes(turn, room))
        turn.plain_numeric("RPL_CREATIONTIME", room.name, str(room.created_at))
        return
    request = read_room_modes(params)
    for letter in list(dict.fromkeys(request.unknown))[:UNKNOWN_NAMED]:
        turn.numeric("ERR_UNKNOWNMODE", arguments.shown(letter))
    for letter in dict.fromkeys(request.queries):
        _list_masks(turn, room, letter)
    for letter in dict.fromkeys(request.missing):
        turn.numeric("ERR_INVALIDMODEPARAM", room.name, letter, "*")
    wanted = request.changes
    if not wanted:
        return
    own = [change for change in wanted if _own_rank(turn, change)]
    if len(own) < len(wanted):
        arguments.allow(may_change_modes(room, turn.user), room.name)
    changes = [change for change in (_checked(turn, room, change) for change in _limited(wanted)) if change]
    if changes:
        event = SetRoomModes(room.key, turn.user.prefix, turn.world.now_ms // 1000, tuple(changes))
        audit.overrode(turn, room, f"MODE {' '.join(write_modes(changes))}")
        await turn.world.propose(event, turn)


def _limited(changes: list[ModeChange]) -> list[ModeChange]:
    """At most `MODES_PER_COMMAND` changes with a parameter; flags are free (ISUPPORT MODES)."""
    kept, with_param = [], 0
    for change in changes:
        with_param += change.param is not None
        if change.param is None or with_param <= limits.MODES_PER_COMMAND:
            kept.append(change)
    return kept


def _own_rank(turn: Turn, change: ModeChange) -> bool:
    return change.letter in RANK_BITS and not change.add and fold(change.param or "") == turn.user.key


def _checked(turn: Turn, room: Room, change: ModeChange) -> ModeChange | None:
    """The change as it may be made, or None when its author has been told why not."""
    kind = ROOM_MODES[change.letter].kind
    try:
        if kind is Kind.PREFIX:
            target = arguments.user(turn, change.param or "")
            arguments.member(turn, room, target.nick)
            if not _own_rank(turn, change):
                allowed = may_give_rank(room, turn.user, change.letter) if change.add else may_take_rank(
                    room, turn.user, change.letter, target)  # fmt: skip
                arguments.allow(allowed, room.name)
            return change
        if kind is Kind.LIST:
            return _checked_mask(turn, room, change)
        if change.letter == "k" and change.add and not valid_key(change.param or ""):
            raise Refuse("ERR_INVALIDKEY", room.name)
        if change.letter in KEPT_AS_SETTINGS and change.add:
            return _checked_setting(turn, room, change)
        if change.letter == "l" and change.add and not _valid_limit(change.param or ""):
            raise Refuse("ERR_INVALIDMODEPARAM", room.name, "l", arguments.shown(change.param or ""))
    except Refuse as refusal:
        turn.numeric(refusal.numeric, *refusal.params, **refusal.fields)
        return None
    return change


def _checked_mask(turn: Turn, room: Room, change: ModeChange) -> ModeChange:
    mask = complete_mask(
        one_line(change.param or "", limits.MASK_BYTES, limits.MASK_BYTES).lstrip(":") or "*"
    )
    masks = room.masks(change.letter)
    if change.add and len(masks) >= limits.MASKS_PER_LIST and fold(mask) not in masks:
        raise Refuse("ERR_BANLISTFULL", room.name, change.letter, limit=limits.MASKS_PER_LIST)
    return ModeChange(change.add, change.letter, mask)


def _checked_setting(turn: Turn, room: Room, change: ModeChange) -> ModeChange:
    """Rates are written as rates; one forwards to rooms that one operates, and not to the same one."""
    param = change.param or ""
    if change.letter == "f":
        target = arguments.room(turn, param)
        arguments.allow(may_change_modes(target, turn.user), target.name)
        param, right = target.name, target is not room
    else:
        rate = rates.read(param)
        right = rate is not None and (change.letter == "F" or not rate.action)
    if not right:
        raise Refuse("ERR_INVALIDMODEPARAM", room.name, change.letter, arguments.shown(param))
    return ModeChange(True, change.letter, param)


def _valid_limit(text: str) -> bool:
    return text.isascii() and text.isdecimal() and int(text[:9]) > 0 and len(text) < 9


def _shown_modes(turn: Turn, room: Room) -> list[str]:
    """The modes of RPL_CHANNELMODEIS; the key is for members only."""
    letters, params = "".join(sorted(room.flags)), []
    if room.password:
        letters += "k"
        params.append(room.password if turn.user in room.members else "*")
    if room.limit:
        letters += "l"
        params.append(str(room.limit))
    for letter in KEPT_AS_SETTINGS:
        if letter in room.settings:
            letters += letter
            params.append(room.settings[letter])
    return [f"+{letters}", *params]


def _list_masks(turn: Turn, room: Room, letter: str) -> None:
    entry, end = _LIST_NUMERICS[letter]
    if letter != "b":  # who is let in is not told to those outside
        arguments.allow(may_change_modes(room, turn.user), room.name)
    for mask in room.masks(letter).values():
        turn.plain_numeric(entry, room.name, mask.mask, mask.set_by, str(mask.set_at))
    turn.numeric(end, room.name)


# --- oneself --------------------------------------------------------------------------------------


async def _user_mode(turn: Turn, nick: str, params: list[str]) -> None:
    user = arguments.user(turn, nick)
    if user is not turn.user:
        raise Refuse("ERR_USERSDONTMATCH")
    if not params:
        turn.plain_numeric("RPL_UMODEIS", f"+{user.modes}")
        return
    add, changes, unknown = True, [], False
    for letter in params[0]:
        if letter in "+-":
            add = letter == "+"
        elif letter == "s":
            changes.append(_notices(turn, add, params[1] if len(params) > 1 else ""))
        elif letter not in USER_MODES:
            unknown = True
        elif letter in SELF_SET_USER_MODES or not add:
            changes.append(ModeChange(add, letter))
    if unknown:
        turn.numeric("ERR_UMODEUNKNOWNFLAG")
    if changes:
        await turn.world.propose(SetUserModes(user.id, tuple(changes)), turn)
    if user.notices and (changes or "s" in params[0]):
        turn.numeric("RPL_SNOMASK", f"+{user.notices}")


def _notices(turn: Turn, add: bool, letters: str) -> ModeChange:
    """`+s`, `+s ck`, `+s -k`, `-s`: the letters as they are to be."""
    if not add and not letters:
        return ModeChange(False, "s")
    need(turn, "snoop")
    heard, sign = set(turn.user.notices), add
    if add and not letters:
        heard = set(USUAL_SNOMASKS)
    for letter in letters:
        if letter in "+-":
            sign = letter == "+"
        elif letter in SNOMASKS:
            (heard.add if sign else heard.discard)(letter)
    return ModeChange(bool(heard), "s", "".join(sorted(heard)) or None)
