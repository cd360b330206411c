"""Becoming an operator of the server: by OPER, or by itself once somebody has shown who they are.

What belongs here: whether somebody fits an operator block. What must not: what operators do (`oper`), and
what their class lets them do (`policy.operators`).
"""

from __future__ import annotations

from tertulia.commands.notices import notify
from tertulia.commands.settings import Operator
from tertulia.commands.turn import Refuse, Turn
from tertulia.protocol.casemap import fold
from tertulia.state.events import BecomeOperator


async def by_name(turn: Turn, name: str, given: str | None) -> None:
    """OPER. Raises `Refuse`; wrong passwords are counted like those of accounts."""
    block = next((one for one in turn.world.settings.operators if one.name == name), None)
    if block is None or not _shows(turn, block):
        raise Refuse("ERR_NOOPERHOST")
    if block.password is not None:
        peer, guesses, key = turn.session.peer, turn.world.guesses, f"operator {name}"
        address = None if peer.local else peer.address
        if given is None:
            raise Refuse("ERR_NEEDMOREPARAMS", "OPER", syntax="OPER <name> <password>")
        if not guesses.guess(key, address, turn.world.instant):
            raise Refuse("ERR_PASSWDMISMATCH")
        if not await turn.world.passwords.verify(block.password, given):
            notify(turn.world, "o", "operator failed", nick=turn.me, address=peer.address, name=name)
            raise Refuse("ERR_PASSWDMISMATCH")
        guesses.right(key, address, turn.world.instant)
    await become(turn, block)


async def automatic(turn: Turn) -> None:
    """Make the user an operator who need not ask for it. Call it when it entered, and when it logged in."""
    if turn.user.operator is not None:
        return
    for block in turn.world.settings.operators:
        if block.auto and _shows(turn, block):
            await become(turn, block)
            return


async def become(turn: Turn, block: Operator) -> None:
    await turn.world.propose(made(turn.user.id, block), turn)
    turn.numeric("RPL_YOUREOPER")


def made(user: int, block: Operator) -> BecomeOperator:
    return BecomeOperator(user, block.name, block.rights, block.title, bool(block.account))


def _shows(turn: Turn, block: Operator) -> bool:
    """Whether the session has the certificate and the account that the block wants."""
    if block.certificate and turn.session.peer.fingerprint != block.certificate:
        return False
    account = turn.user.account
    return not block.account or (account is not None and fold(account) == block.account)
