"""Whose a nick is: one that is an account's name belongs to it, and its owner may have it back from a guest.

What belongs here: making a nick free for who may have it. What must not: taking it (`registration`).
"""

from __future__ import annotations

from tertulia.commands import credentials
from tertulia.commands.oper import Line
from tertulia.commands.turn import Refuse, Turn, words_of
from tertulia.policy.user import owns_nick
from tertulia.state.events import ChangeNick
from tertulia.state.user import User


def check(turn: Turn, wanted: str) -> None:
    """Refuse a nick at once that its asker cannot get, whether it logs in or not."""
    holder = turn.network.user(wanted)
    if holder is not None and holder.account is None and turn.network.accounts.named(wanted) is None:
        raise Refuse("ERR_NICKNAMEINUSE", wanted)


async def make_free(turn: Turn, wanted: str) -> None:
    """Let the asker take the nick: a guest who holds the nick of the asker's account is renamed. Raises
    `Refuse`."""
    session, holder = turn.session, turn.network.user(wanted)
    if holder is not None and holder is session.user:
        return
    owner = turn.network.accounts.named(wanted)
    if owner is None or session.peer.trusted:
        if holder is not None:
            raise Refuse("ERR_NICKNAMEINUSE", wanted)
        return
    mine = credentials.account_of(turn)
    if mine is None or mine.key != owner.key:
        turn.fail("NICK", "NICKNAME_RESERVED", wanted, plainly=True)
        raise Refuse("ERR_NICKNAMEINUSE", wanted)
    if holder is None:
        return
    if owns_nick(holder, owner) or _trusted(turn, holder):
        raise Refuse("ERR_NICKNAMEINUSE", wanted)
    await rename_guest(turn, holder)


async def rename_guest(turn: Turn, holder: User) -> None:
    """Give somebody a guest's name, and say why."""
    old = holder.nick
    await turn.world.propose(ChangeNick(holder.id, _guest_nick(turn)))
    language = next((one.language for one in turn.world.sessions(holder)), "en")
    words = words_of("NICKNAME_RECLAIMED", language, {"nick": old, "new": holder.nick})
    turn.world.tell([holder], Line(f":{turn.world.settings.name} NOTICE {holder.nick} :{words}\r\n"))


def _trusted(turn: Turn, holder: User) -> bool:
    """A model of this server's own keeps its name."""
    return any(session.peer.trusted for session in turn.world.sessions(holder))


def _guest_nick(turn: Turn) -> str:
    """`Guest` and a number that nobody has."""
    network = turn.network
    number = turn.world.now_ms % 10_000
    while network.user(f"Guest{number}") is not None or network.accounts.named(f"Guest{number}") is not None:
        number += 1
    return f"Guest{number}"
