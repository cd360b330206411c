"""ANNOUNCE: a notice of the server to everybody. SUSPEND, UNSUSPEND: accounts that may not be used.

What belongs here: what operators do to all, or to an account. What must not: bans (`bans`).
"""

from __future__ import annotations

from dataclasses import replace

from tertulia.commands import arguments, audit
from tertulia.commands.answering import answer
from tertulia.commands.notices import notify
from tertulia.commands.registry import command
from tertulia.commands.turn import Turn, World
from tertulia.limits import BAN_REASON_CHARACTERS, KICK_CHARACTERS
from tertulia.protocol.accounts import AccountRecord
from tertulia.protocol.text import one_line
from tertulia.state.events import ChangeAccount

UNKNOWN = ("There is no account {account}", "No existe la cuenta {account}")
DONE = {
    True: ("The account {account} is suspended", "La cuenta {account} queda suspendida"),
    False: ("The account {account} may be used again", "La cuenta {account} vuelve a poder usarse"),
}
NO_REASON = ("by an operator", "por un operador")


@command("ANNOUNCE <text>", "Say something to everybody on this server.",
         "Di algo a todo el mundo en este servidor.", least=1, right="announce")  # fmt: skip
async def announce(turn: Turn, params: list[str]) -> None:
    to_everybody(turn.world, " ".join(params), turn)


def to_everybody(world: World, text: str, turn: Turn | None, who: str = "") -> int:
    """Tell every user; how many there were."""
    said, users = one_line(text, KICK_CHARACTERS, KICK_CHARACTERS), list(world.network.users.values())
    for user in users:
        for session in world.sessions(user):
            telling = Turn(world, session, None, None)
            telling.line("NOTICE", telling.me, text=said)
            world.answer(telling)
    audit.note(world, turn, "ANNOUNCE", "*", said, who)
    notify(world, "o", "announced", who=audit.doer(turn, who), text=said)
    return len(users)


@command("SUSPEND <account> [<reason>]", "Let nobody log in to an account; its sessions are logged out.",
         "No dejes entrar a nadie en una cuenta; sus sesiones salen de ella.", least=1,
         right="accounts")  # fmt: skip
async def suspend(turn: Turn, params: list[str]) -> None:
    why = one_line(" ".join(params[1:]), BAN_REASON_CHARACTERS) or NO_REASON[turn.session.language == "es"]
    await _suspend(turn, params[0], why)


@command("UNSUSPEND <account>", "Let an account be used again.", "Deja usar de nuevo una cuenta.", least=1,
         right="accounts")  # fmt: skip
async def unsuspend(turn: Turn, params: list[str]) -> None:
    await _suspend(turn, params[0], "")


async def _suspend(turn: Turn, name: str, why: str) -> None:
    at, record = turn.session.language == "es", turn.network.accounts.named(name)
    if record is None:
        turn.line("NOTICE", turn.me, text=UNKNOWN[at].format(account=arguments.shown(name)))
        return
    await set_suspended(turn.world, record, why, turn)
    turn.line("NOTICE", turn.me, text=DONE[bool(why)][at].format(account=record.name))


async def set_suspended(
    world: World, record: AccountRecord, why: str, turn: Turn | None, who: str = ""
) -> None:
    """`why`: "" lifts it; else who was logged in to it is told so. Raises `NotStored`, `Conflict`."""
    users = world.network.logged_in(record.key) if why else []
    sessions = [session for user in users for session in world.sessions(user)]
    await world.propose(ChangeAccount(replace(record, suspended=why)), turn)
    for session in sessions:
        telling = Turn(world, session, None, None)
        answer(telling, "suspended", reason=why)
        world.answer(telling)
    audit.note(world, turn, "SUSPEND" if why else "UNSUSPEND", record.name, why, who)
    word = "account suspended" if why else "account unsuspended"
    notify(
        world, "u", word, who=audit.doer(turn, who), account=record.name, **({"reason": why} if why else {})
    )
