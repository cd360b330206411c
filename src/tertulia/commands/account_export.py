"""NickServ EXPORT: a person's own data, to take along.

What belongs here: the verb. What must not: gathering it (`server.takeout`).
"""

from __future__ import annotations

from tertulia.commands.answering import answer, own
from tertulia.commands.turn import Turn


async def export(turn: Turn, params: list[str]) -> None:
    answer(turn, turn.world.export(turn, own(turn)))
