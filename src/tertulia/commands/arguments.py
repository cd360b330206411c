"""Parameters to values: a room, a user, a list. What is missing is answered by the standard numeric."""

from __future__ import annotations

from tertulia.commands.turn import Refuse, Turn
from tertulia.limits import LINE_BYTES
from tertulia.policy.operators import may
from tertulia.policy.room import Denied, may_see
from tertulia.protocol.names import is_room
from tertulia.protocol.text import one_line
from tertulia.state.room import Room
from tertulia.state.user import User


def room(turn: Turn, name: str) -> Room:
    """A room that exists and that the asker may know of."""
    found = turn.network.room(name) if is_room(name) else None
    if found is None or not may_see(found, turn.user):
        raise Refuse("ERR_NOSUCHCHANNEL", shown(name))
    return found


def own_room(turn: Turn, name: str) -> Room:
    """A room that the asker is in."""
    found = turn.network.room(name) if is_room(name) else None
    if found is None:
        raise Refuse("ERR_NOSUCHCHANNEL", shown(name))
    if turn.user not in found.members:
        raise Refuse("ERR_NOTONCHANNEL", found.name)
    return found


def kept_room(turn: Turn, name: str) -> Room:
    """A room that the asker is in, or in which it may act from outside: who overrides."""
    return room(turn, name) if may(turn.user, "override") else own_room(turn, name)


def user(turn: Turn, nick: str) -> User:
    found = turn.network.user(nick)
    if found is None:
        raise Refuse("ERR_NOSUCHNICK", shown(nick))
    return found


def member(turn: Turn, found: Room, nick: str) -> User:
    who = user(turn, nick)
    if who not in found.members:
        raise Refuse("ERR_USERNOTINCHANNEL", who.nick, found.name)
    return who


def allow(denied: Denied | None, *params: str, **fields: object) -> None:
    """Go on, or raise what the policy answered."""
    if denied is not None:
        raise Refuse(denied.numeric, *params, reason=denied.reason, **fields)


def items(text: str) -> list[str]:
    """A comma-separated list, without empty items and repeats, in order."""
    return list(dict.fromkeys(item for item in text.split(",") if item))


def free_text(turn: Turn, text: str, characters: int, *words: str) -> str:
    """Free text cut to so many characters, and to what fits a line after the speaker's prefix and `words`."""
    head = " ".join([f":{turn.user.prefix}", *words, ":\r\n"])
    return one_line(text, characters, max(1, LINE_BYTES - len(head.encode())))


def shown(text: str) -> str:
    """Somebody's words as a middle parameter: never empty, never with a space or a leading colon."""
    word = text.replace(" ", "_").lstrip(":")[:64]
    return word or "*"
