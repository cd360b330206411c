"""BATCH from clients (IRCv3 client-batch): opening, lines, closing; one table of types.

What belongs here: what all client batches share. What must not: what one type does with its lines.
"""

from __future__ import annotations

from collections.abc import Callable

from tertulia import limits
from tertulia.commands import arguments
from tertulia.commands.message import recipient
from tertulia.commands.multiline import Multiline
from tertulia.commands.registry import command
from tertulia.commands.turn import OpenBatch, Refuse, Turn
from tertulia.protocol import capabilities as cap
from tertulia.protocol.line import Line

Opener = Callable[[Turn, str, str], OpenBatch]  # (turn, reference, target)


class Ignored:
    """A batch that was refused at its opening: "Lines and the end of a refused stream are ignored in
    silence".
    """

    lifetime = float(limits.BATCH_SECONDS)

    def __init__(self, opened: float) -> None:
        self.opened = opened

    def line(self, turn: Turn, line: Line) -> None:
        pass

    def close(self, turn: Turn, tags: object) -> None:
        pass

    def abandon(self, turn: Turn | None, reason: str) -> None:
        pass


def _open_multiline(turn: Turn, reference: str, target: str) -> OpenBatch:
    return Multiline(turn, reference, target)


def _open_stream(turn: Turn, reference: str, target: str) -> OpenBatch:
    room, user, ranks = recipient(turn, target)
    if ranks:
        raise Refuse("ERR_NOSUCHCHANNEL", arguments.shown(target))
    return turn.world.open_stream(turn, reference, room, user)


TYPES: dict[str, tuple[int, Opener]] = {
    "draft/multiline": (cap.MULTILINE, _open_multiline),
    "tertulia.chat/stream": (cap.STREAM, _open_stream),
}


@command("BATCH (+|-)<reference> [<type> [<target>]]", "Open or close a batch of lines.",
         "Abre o cierra un lote de líneas.", least=1)  # fmt: skip
async def batch(turn: Turn, params: list[str]) -> None:
    sign, reference = params[0][:1], params[0][1:]
    if sign == "+" and reference:
        _open(turn, reference, params[1:])
    elif sign == "-" and reference in turn.session.batches:
        opened = turn.session.batches.pop(reference)
        opened.close(turn, turn.tags)
    else:
        turn.fail("BATCH", "UNKNOWN_BATCH", arguments.shown(params[0]))


def _open(turn: Turn, reference: str, params: list[str]) -> None:
    session = turn.session
    kind = params[0] if params else ""
    needed, opener = TYPES.get(kind, (0, None))
    if opener is None or not session.capabilities & needed:
        turn.fail("BATCH", "UNKNOWN_TYPE", arguments.shown(reference), arguments.shown(kind))
        return
    if len(params) < 2:
        raise Refuse("ERR_NEEDMOREPARAMS", "BATCH", syntax=f"BATCH +<reference> {kind} <target>")
    if len(session.batches) >= limits.BATCHES_PER_SESSION and not session.peer.trusted:
        turn.fail("BATCH", "STREAM_TOO_MANY" if kind.endswith("stream") else "TOO_MANY_BATCHES",
                  arguments.shown(reference), str(limits.BATCHES_PER_SESSION))  # fmt: skip
        return
    if not session.batches:
        session.batches = {}  # until now it may have been the one that all share
    try:
        session.batches[reference] = opener(turn, reference, params[1])
    except Refuse:
        session.batches[reference] = Ignored(turn.world.instant)
        raise


def batch_line(turn: Turn, line: Line) -> bool:
    """Give a line with a batch tag to its batch; whether there was one."""
    assert line.tags is not None
    opened = turn.session.batches.get(line.tags["batch"])
    if opened is None:
        return False
    opened.line(turn, line)
    return True
