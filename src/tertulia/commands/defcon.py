"""DEFCON: the level of defence, asked and set."""

from __future__ import annotations

from tertulia.commands import audit, facts
from tertulia.commands.notices import notify
from tertulia.commands.registry import command
from tertulia.commands.turn import Turn, World
from tertulia.protocol.defence import LEVELS
from tertulia.state.events import SetDefence


@command(
    "DEFCON [<level>]",
    "Close the server step by step: 5 is normal, 1 lets nobody in.",
    "Cierra el servidor paso a paso: 5 es lo normal, 1 no deja entrar a nadie.",
    right="defcon",
)
async def defcon(turn: Turn, params: list[str]) -> None:
    wanted = params[0] if params else ""
    if wanted and wanted not in map(str, LEVELS):
        turn.fail("DEFCON", "INVALID_PARAMS", plainly=True, syntax="DEFCON 1|2|3|4|5")
        return
    if wanted:
        await set_level(turn.world, int(wanted), turn)
    level = turn.network.defence
    closed = meaning(level, turn.session.language)
    facts.tell(turn, f"DEFCON {level}: {closed}", "defcon", level=level, text=closed)


async def set_level(world: World, level: int, turn: Turn | None, who: str = "") -> None:
    """Raises `NotStored`."""
    if level == world.network.defence:
        return
    await world.propose(SetDefence(level), turn)
    audit.note(world, turn, "DEFCON", str(level), "", who)
    notify(world, "s", "defcon", who=audit.doer(turn, who), level=level)


def meaning(level: int, language: str) -> str:
    """What is closed at a level, with all that the levels above close."""
    texts = [LEVELS[one][language == "es"] for one in range(4, level - 1, -1)]
    return "; ".join(texts) or LEVELS[5][language == "es"]
