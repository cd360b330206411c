"""WHO and WHOX: users, a line each."""

from __future__ import annotations

from collections.abc import Iterable

from tertulia import limits
from tertulia.commands import arguments
from tertulia.commands.registry import command
from tertulia.commands.turn import Turn
from tertulia.policy.auditorium import may_see_member
from tertulia.policy.room import may_see
from tertulia.policy.user import may_see_address, may_see_membership, may_see_user
from tertulia.protocol import capabilities as cap
from tertulia.protocol.modes import OPERATOR, symbols
from tertulia.protocol.names import is_room, mask_matches
from tertulia.state.room import Room
from tertulia.state.user import User

FIELDS = "tcuihsnfdlaor"  # in the order in which WHOX answers them


@command(
    "WHO <mask> [[o][%<fields>[,<token>]]]",
    "List users: of a room, or by nick or mask.",
    "Lista usuarios: de una sala, o por nombre o máscara.",
    cost=3.0,
)
async def who(turn: Turn, params: list[str]) -> None:
    mask = params[0] if params else "*"
    options, extended, fields = (params[1] if len(params) > 1 else "").partition("%")
    fields, _, token = fields.partition(",")
    found: Iterable[tuple[User, Room | None]] = _found(turn, mask)
    if "o" in options:
        found = ((user, room) for user, room in found if user.operator is not None)
    for number, (user, room) in enumerate(found):
        if number >= limits.WHO_REPLIES:
            turn.numeric("RPL_TRYAGAIN", "WHO")
            break
        if extended:
            _whox(turn, user, room, fields, token[:3])
        else:
            _who(turn, user, room)
    turn.numeric("RPL_ENDOFWHO", arguments.shown(mask))


def _found(turn: Turn, mask: str) -> Iterable[tuple[User, Room | None]]:
    if is_room(mask):
        room = turn.network.room(mask)
        if room is None or not may_see(room, turn.user):
            return
        inside = turn.user in room.members
        for user in room.members:
            if (inside or may_see_user(turn.user, user)) and may_see_member(room, turn.user, user):
                yield user, room
        return
    exact = turn.network.user(mask)
    if exact is not None:
        yield exact, _common_room(turn, exact)
        return
    if mask in ("*", "0"):
        mask = "*"
    for user in turn.network.users.values():
        if may_see_user(turn.user, user) and _matches(mask, user):
            yield user, _common_room(turn, user)


def _matches(mask: str, user: User) -> bool:
    return mask == "*" or any(
        mask_matches(mask, text) for text in (user.nick, user.username, user.host, user.realname, user.prefix)
    )


def _common_room(turn: Turn, user: User) -> Room | None:
    """A room to show beside a user: one that the asker may know the user to be in."""
    return next((room for room in user.rooms if may_see_membership(turn.user, user, room)), None)


def _flags(turn: Turn, user: User, room: Room | None) -> str:
    every = bool(turn.session.capabilities & cap.MULTI_PREFIX)
    rank = symbols(room.members.get(user, 0), every) if room is not None else ""
    return "".join(
        ["G" if user.away is not None else "H", "*" if user.operator else "", rank, "B" if user.bot else ""]
    )


def _who(turn: Turn, user: User, room: Room | None) -> None:
    turn.numeric(
        "RPL_WHOREPLY",
        room.name if room is not None else "*",
        user.username,
        user.host,
        turn.world.settings.name,
        user.nick,
        _flags(turn, user, room),
        f"0 {user.realname}",
    )


def _whox(turn: Turn, user: User, room: Room | None, fields: str, token: str) -> None:
    values = {
        "t": token if token.isascii() and token.isdecimal() else "0",
        "c": room.name if room is not None else "*",
        "u": user.username,
        "i": user.address if user.address and may_see_address(turn.user, user) else "255.255.255.255",
        "h": user.host,
        "s": turn.world.settings.name,
        "n": user.nick,
        "f": _flags(turn, user, room),
        "d": "0",
        "l": str(idle_seconds(turn, user)),
        "a": user.account or "0",
        "o": "n/a" if room is None or room.members.get(user, 0) < OPERATOR else "1",
        "r": user.realname,
    }
    wanted = [values[field] for field in FIELDS if field in fields]
    if "r" in fields:
        turn.numeric("RPL_WHOSPCRPL", *wanted)
    elif wanted:
        turn.plain_numeric("RPL_WHOSPCRPL", *wanted)


def idle_seconds(turn: Turn, user: User) -> int:
    """Seconds since any of the user's sessions said something, or since it has none."""
    silent = [turn.world.instant - session.spoke_at for session in turn.world.sessions(user)]
    return int(min(silent)) if silent else turn.world.now_ms // 1000 - user.absent_since
