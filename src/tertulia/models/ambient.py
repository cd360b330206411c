"""Speaking unasked, where a room's operators allow it: after a pause, within a budget, or not at all.

What belongs here: the pause and the budget's use. What must not: whose turn it would be (`circle`), what is
said (`prompt`).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tertulia.limits import AMBIENT_LULL_SECONDS
from tertulia.models.corner import Corner
from tertulia.models.turns import Question

if TYPE_CHECKING:
    from tertulia.models.member import Member


def consider(member: Member, corner: Corner, question: Question) -> None:
    """Nobody was asked. Speak after a pause, if it stays one."""
    give_way(corner)
    corner.lull = asyncio.create_task(_wait(member, question))


async def _wait(member: Member, question: Question) -> None:
    await member.around.pace.sleep(AMBIENT_LULL_SECONDS)
    rules = member.circle.rules(question.target, member)
    if not rules.ambient or rules.quiet_until or member.desk.turn(question.target) is not None:
        return
    if member.desk.provider is not None and member.circle.may_be_unasked(question.target):
        member.ask(question)


def give_way(corner: Corner) -> None:
    """Somebody else speaks."""
    if corner.lull is not None:
        corner.lull.cancel()
        corner.lull = None
