"""One more connection of somebody who is here: which user it joins, and what it is told first.

What belongs here: sharing a user. What must not: what a user does that has no connection (`server.presence`),
becoming a new user (`registration`).
"""

from __future__ import annotations

import re

from tertulia.commands import credentials, metadata, missed
from tertulia.commands.away import away_from_the_start
from tertulia.commands.join import shown
from tertulia.commands.turn import Turn
from tertulia.commands.welcome import welcome
from tertulia.limits import DEVICE_CHARACTERS, SESSIONS_PER_USER
from tertulia.policy.user import may_share
from tertulia.protocol.casemap import fold
from tertulia.state.events import Attach
from tertulia.state.user import User

_DEVICE = re.compile(r"[^\s@!:\x00-\x1f\x7f]+")


def without_device(turn: Turn, text: str) -> str:
    """`ana@phone`, in SASL or in USER, is ana on one of her devices: which one is noted."""
    name, _, device = text.partition("@")
    if not (name and _DEVICE.fullmatch(device)):
        return text
    turn.session.device = fold(device)[:DEVICE_CHARACTERS]
    return name


def to_share(turn: Turn) -> User | None:
    """The user that the session is to join: of those of its account the one whose nick it asks for, else the
    one that bears the account's name, else the first. None when it becomes a user of its own.
    """
    record = credentials.account_of(turn)
    if record is None or turn.session.peer.trusted:
        return None
    users = turn.network.logged_in(record.key)
    default = turn.world.settings.accounts.multi_session
    found = [user for user in users if may_share(record, default) or not turn.world.sessions(user)]
    wanted = (fold(turn.session.nick_wanted), record.key)
    return min(found, key=lambda user: wanted.index(user.key) if user.key in wanted else 2, default=None)


def may_attach(turn: Turn, user: User) -> bool:
    return len(turn.world.sessions(user)) < SESSIONS_PER_USER


async def attach(turn: Turn, user: User) -> None:
    """Join the user, and tell the session where it finds itself."""
    assert user.account is not None
    peer, now = turn.session.peer, turn.world.now_ms // 1000
    event = Attach(user.id, fold(user.account), now, peer.door, peer.address, peer.secure, peer.fingerprint)
    await turn.world.propose(event, turn)
    await away_from_the_start(turn)
    await metadata.settle(turn)
    welcome(turn)
    if user.away is not None:
        turn.numeric("RPL_NOWAWAY")
    for room in user.rooms:
        turn.add(turn.world.joined_entry(user, room))
        shown(turn, room)
    missed.replay(turn)
