"""Questions about registered rooms. Each answer is None for yes, or the word of `room_words` that says why
not.

What belongs here: decisions on plain objects. What must not: replies, events, and anything that waits.
"""

from __future__ import annotations

from tertulia.limits import ROOMS_PER_ACCOUNT
from tertulia.protocol.modes import FOUNDER, OPERATOR, PROTECTED, RANK_BITS
from tertulia.state.room import Room
from tertulia.state.user import User


def may_register(room: Room, user: User) -> str | None:
    """Who operates a room that is nobody's."""
    if room.founder:
        return "taken"
    return None if room.members.get(user, 0) >= OPERATOR else "operator only"


def may_found_another(founded: int) -> str | None:
    return "too many rooms" if founded >= ROOMS_PER_ACCOUNT else None


def may_list(standing: int, letter: str, held: str = "") -> str | None:
    """Whether an entry of this rank may be put in the place of one that has `held` by who stands so: founders
    all, who is protected what is below that, operators voice and half-operators."""
    rank = max(RANK_BITS.get(letter, 0), RANK_BITS.get(held, 0))
    if standing == FOUNDER or (standing >= OPERATOR and rank < min(standing, PROTECTED)):
        return None
    return "not enough"
