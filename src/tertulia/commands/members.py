"""Who is here, as operators look for them: chosen by a pattern, put in an order, and what is told of each.

What belongs here: choosing, and the facts of one member. What must not: answers (`inspect`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tertulia.commands.facts import Value
from tertulia.commands.turn import Turn
from tertulia.commands.who import idle_seconds
from tertulia.limits import LINE_BYTES
from tertulia.policy.user import may_see_address
from tertulia.protocol.casemap import fold
from tertulia.protocol.names import mask_matches
from tertulia.state.user import User


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed after MEMBERS."""

    pattern: str = ""  # a part of a name, host, account or address; or a mask with `*` and `?`; "": all
    sort: str = "nick"  # a key of `_ORDERS`
    backwards: bool = False
    start: int = 0

    @staticmethod
    def of(params: list[str]) -> Wanted:
        """Words that mean nothing here are the pattern."""
        pattern, sort, backwards, start = "", "nick", False, 0
        for word in params:
            name, equals, value = word.partition("=")
            if equals and name.lower() == "sort" and value.lstrip("-") in _ORDERS:
                sort, backwards = value.lstrip("-"), value.startswith("-")
            elif equals and name.lower() == "from" and value.isascii() and value.isdecimal():
                start = int(value[:6])
            else:
                pattern = word[:LINE_BYTES]
        return Wanted(pattern, sort, backwards, start)


def found(turn: Turn, wanted: Wanted) -> list[User]:
    """All who are meant, in the order that was asked for."""
    order = _ORDERS[wanted.sort]
    users = [user for user in turn.network.users.values() if _is_meant(turn, user, wanted.pattern)]
    users.sort(key=lambda user: user.key)
    users.sort(key=lambda user: order(turn, user), reverse=wanted.backwards)
    return users


def member_facts(turn: Turn, user: User) -> dict[str, Value]:
    return {
        "nick": user.nick,
        "user": user.username,
        "host": user.host,
        "address": _address(turn, user),
        "account": user.account or "",
        "door": user.door,
        "since": user.signon,
        "idle": max(0, idle_seconds(turn, user)),
        "rooms": len(user.rooms),
        "sessions": len(turn.world.sessions(user)),
        "operator": user.operator or "",
        "bot": user.bot,
        "agent": user.agent is not None,
        "away": user.away is not None,
        "absent": bool(user.absent_since),
        "secure": user.secure,
    }


def _address(turn: Turn, user: User) -> str:
    """ "": it is not for the asker."""
    return user.address if may_see_address(turn.user, user) else ""


def _is_meant(turn: Turn, user: User, pattern: str) -> bool:
    if not pattern:
        return True
    address = _address(turn, user)
    if "*" in pattern or "?" in pattern:
        names = [user.nick, user.prefix, f"{user.nick}!{user.username}@{address}", user.account or ""]
        return any(mask_matches(pattern, name) for name in names)
    part = fold(pattern)
    return any(part in fold(text) for text in (user.prefix, address, user.account or "", user.door))


_ORDERS: dict[str, Callable[[Turn, User], str | int]] = {
    "nick": lambda turn, user: user.key,
    "account": lambda turn, user: fold(user.account or "\uffff"),
    "address": lambda turn, user: _address(turn, user),
    "door": lambda turn, user: user.door,
    "since": lambda turn, user: user.signon,
    "idle": lambda turn, user: idle_seconds(turn, user),
    "rooms": lambda turn, user: len(user.rooms),
}
