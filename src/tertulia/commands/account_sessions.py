"""NickServ SESSIONS and GHOST: where an account is connected, and ending that.

What belongs here: the connections of an account, whichever users they share. What must not: sharing
(`attaching`).
"""

from __future__ import annotations

from datetime import UTC, datetime

from tertulia.commands import arguments
from tertulia.commands.answering import Said, answer, own, words
from tertulia.commands.turn import Session, Turn
from tertulia.protocol.casemap import fold
from tertulia.state.user import User

CLOSED = "Closed from another session of the account"


async def sessions(turn: Turn, params: list[str]) -> None:
    users = turn.network.logged_in(own(turn).key)
    every = [(user, one) for user in users for one in turn.world.sessions(user)]
    if not params or fold(params[0]) in ("list", "lista"):
        for number, (user, one) in enumerate(every, 1):
            _tell(turn, number, user, one)
        for user in users:
            if not turn.world.sessions(user):
                answer(turn, "absent", nick=user.nick, since=_moment(user.absent_since))
        return
    if fold(params[0]) not in ("close", "cerrar") or len(params) < 2:
        raise Said("syntax")
    if fold(params[1]) in ("others", "otras"):
        _close(turn, [pair for pair in every if pair[1] is not turn.session])
        return
    chosen = [pair for number, pair in enumerate(every, 1) if str(number) == params[1]]
    if not chosen:
        raise Said("session unknown", number=params[1][:8])
    _close(turn, chosen)


async def ghost(turn: Turn, params: list[str]) -> None:
    """Whoever is logged in to the asker's account under this nick goes, always on or not."""
    account = own(turn)
    user = arguments.user(turn, params[0])
    if user is turn.user or user not in turn.network.logged_in(account.key):
        raise Said("not yours", nick=user.nick)
    turn.world.drop_user(user, f"Ghosted by {turn.user.nick}")
    answer(turn, "ghosted", nick=user.nick)


def _tell(turn: Turn, number: int, user: User, one: Session) -> None:
    opened = turn.world.now_ms / 1000 - (turn.world.instant - one.opened_at)
    device = words(turn, "device").format(device=one.device) if one.device else ""
    mark = words(turn, "this one") if one is turn.session else ""
    answer(turn, "session", number=number, nick=user.nick, door=one.peer.door, address=one.peer.address,
           since=_moment(int(opened)), device=device, own=mark)  # fmt: skip


def _close(turn: Turn, chosen: list[tuple[User, Session]]) -> None:
    for user, _ in chosen:
        answer(turn, "session closed", nick=user.nick)
    turn.world.answer(turn)  # one's own may be among them, and nothing may follow its ERROR
    turn.items, turn.label = [], None
    for _, session in chosen:
        turn.world.drop(session, CLOSED)


def _moment(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M}"
