"""PERSISTENCE (the draft of IRCv3 persistence): whether one stays when one's connections end.

What belongs here: the command and its line. What must not: staying (`server.presence`), the rule
(`policy.user.stays_on`).
"""

from __future__ import annotations

from tertulia.commands import credentials, preferences
from tertulia.commands.answering import Said
from tertulia.commands.registry import command
from tertulia.commands.turn import Session, Turn, World
from tertulia.policy.user import stays_on
from tertulia.protocol.accounts import AccountRecord, setting
from tertulia.protocol.capabilities import PERSISTENCE


@command("PERSISTENCE <GET | SET> [<ON | OFF | DEFAULT>]", "Ask or say whether you stay when you disconnect.",
         "Pregunta o di si te quedas al desconectarte.")  # fmt: skip
async def persistence(turn: Turn, params: list[str]) -> None:
    record = credentials.account_of(turn)
    subcommand = params[0].upper() if params else ""
    if record is None:
        turn.line("FAIL", "PERSISTENCE", "ACCOUNT_REQUIRED", text=turn.words_of("ACCOUNT_NEEDED"))
    elif subcommand == "GET":
        status(turn, record)
    elif subcommand == "SET" and len(params) > 1:
        await _set(turn, record, params[1])
    elif not params or subcommand == "SET":  # "Implementations SHOULD ignore unrecognized subcommands"
        turn.fail("PERSISTENCE", "INVALID_PARAMETERS")


async def _set(turn: Turn, record: AccountRecord, given: str) -> None:
    try:
        if given.upper() not in ("ON", "OFF", "DEFAULT"):
            raise Said("setting value")
        await preferences.change(turn, record, "always-on", given)
    except Said:
        turn.fail("PERSISTENCE", "INVALID_PARAMETERS")
        return
    changed = credentials.account_of(turn)
    if changed is not None:
        status(turn, changed)
    tell_others(turn)


def status(turn: Turn, record: AccountRecord) -> None:
    chosen = setting(record, "always-on").upper() or "DEFAULT"
    effective = "ON" if stays_on(record, turn.world.settings.accounts.always_on) else "OFF"
    turn.line("PERSISTENCE", "STATUS", chosen, effective)


def at_the_start(turn: Turn) -> None:
    """ "as part of the registration burst, after the last `005` numeric but before" the end of the MOTD."""
    record = credentials.account_of(turn)
    if record is not None and turn.session.capabilities & PERSISTENCE:
        status(turn, record)


def tell_others(turn: Turn) -> None:
    """The other connections of the account: it "changes the persistence status"."""
    for other in turn.world.sessions_of_account(turn.user):
        if other is not turn.session:
            tell(turn.world, other)


def tell(world: World, session: Session) -> None:
    """By itself, what is true of the session now."""
    if session.user is not None and session.capabilities & PERSISTENCE:
        telling = world.turn(session)
        at_the_start(telling)
        world.answer(telling)
