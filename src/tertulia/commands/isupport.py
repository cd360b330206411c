"""ISUPPORT: what this server can do and how much of it, also before registration (IRCv3 extended-isupport).

What belongs here: how the tokens are told. What must not: the tokens (`protocol.isupport`).
"""

from __future__ import annotations

from collections.abc import Sequence

from tertulia.commands.registry import command
from tertulia.commands.turn import Refuse, Turn
from tertulia.protocol import isupport as features
from tertulia.protocol.capabilities import BATCH, EXTENDED_ISUPPORT, WEBPUSH

_BATCHED = BATCH | EXTENDED_ISUPPORT


@command("ISUPPORT", "Say what this server can do, as tokens.", "Di qué sabe hacer el servidor, en símbolos.",
         before=True, cost=2.0)  # fmt: skip
async def isupport(turn: Turn, params: list[str]) -> None:
    if turn.session.user is None and not turn.session.capabilities & EXTENDED_ISUPPORT:
        raise Refuse("ERR_NOTREGISTERED")
    isupport_numerics(turn)


def isupport_numerics(turn: Turn, only: Sequence[str] = ()) -> None:
    """All tokens, or `only` those that have changed; in a batch for those who know it: "The server MUST NOT
    send any unbatched RPL_ISUPPORT message while both of these capabilities are enabled"."""
    settings = turn.world.settings
    groups = (
        features.in_lines(only)
        if only
        else features.lines(settings.network, (*settings.tokens, *of_session(turn)))
    )
    if turn.session.capabilities & _BATCHED != _BATCHED:
        for group in groups:
            turn.numeric("RPL_ISUPPORT", *group)
        return
    reference = turn.world.ids.token()
    turn.line("BATCH", f"+{reference}", "draft/isupport")
    first = len(turn.items)
    for group in groups:
        turn.numeric("RPL_ISUPPORT", *group)
    turn.items[first:] = [f"@batch={reference} {line}" for line in turn.items[first:]]
    turn.line("BATCH", f"-{reference}")


def of_session(turn: Turn) -> list[str]:
    """Tokens that only those are told who asked for what they belong to."""
    key = turn.world.pushes.key if turn.session.capabilities & WEBPUSH else ""
    return [f"VAPID={key}"] if key else []
