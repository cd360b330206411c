"""ISUPPORT: what this server can do and how much of it, also before registration (IRCv3 extended-isupport).

What belongs here: how the tokens are told. What must not: the tokens (`protocol.isupport`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from tertulia.commands.registry import command
from tertulia.commands.turn import Refuse, Turn
from tertulia.protocol import isupport as features
from tertulia.protocol.capabilities import BATCH, EXTENDED_ISUPPORT, WEBPUSH
from tertulia.protocol.numerics import NICK, written

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
    settings, session = turn.world.settings, turn.session
    tokens = () if only else (*settings.tokens, *of_session(turn))
    lines = _lines(settings.name, session.language, settings.network, tokens, tuple(only))
    if session.capabilities & _BATCHED != _BATCHED:
        turn.items.append(turn.me.join(lines))
        return
    reference = turn.world.ids.token()
    turn.line("BATCH", f"+{reference}", "draft/isupport")
    mark = f"@batch={reference} "
    turn.items += [mark + line for line in turn.me.join(lines).splitlines(keepends=True)]
    turn.line("BATCH", f"-{reference}")


@lru_cache(maxsize=8)  # each arrival asks, and only the nick differs
def _lines(
    server: str, language: str, network: str, tokens: tuple[str, ...], only: tuple[str, ...]
) -> list[str]:
    """The numerics, cut where the nick belongs."""
    groups = features.in_lines(only) if only else features.lines(network, tokens)
    lines = [written(server, NICK, language, "RPL_ISUPPORT", group, {}) for group in groups]
    return "".join(lines).split(NICK)


def of_session(turn: Turn) -> list[str]:
    """Tokens that only those are told who asked for what they belong to."""
    key = turn.world.pushes.key if turn.session.capabilities & WEBPUSH else ""
    return [f"VAPID={key}"] if key else []
