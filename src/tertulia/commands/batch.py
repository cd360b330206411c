"""BATCH from clients (IRCv3 client-batch): opening, lines, closing; one table of types.

What belongs here: what all client batches share. What must not: what one type does with its lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from tertulia import limits
from tertulia.commands import arguments, floods, inbox
from tertulia.commands.message import recipient
from tertulia.commands.multiline import Multiline
from tertulia.commands.registry import command
from tertulia.commands.tokens import open_long_token
from tertulia.commands.turn import OpenBatch, Refuse, Turn
from tertulia.protocol import capabilities as cap
from tertulia.protocol.line import Line
from tertulia.protocol.names import is_room

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
    if ranks and not is_room(target):  # to those of a rank alone
        raise Refuse("ERR_NOSUCHCHANNEL", arguments.shown(target))
    if ranks:
        if is_room(target):  # it would go to the operators alone, as a line of its own
            raise Refuse("ERR_CANNOTSENDTOCHAN", arguments.shown(target), reason="+U")
        raise Refuse("ERR_NOSUCHCHANNEL", arguments.shown(target))
    if room is not None and "F" in room.settings:
        floods.check_line(turn, room)
    if turn.tags is not None and inbox.ACK_TAG in turn.tags:
        inbox.check(turn)
        opened = turn.world.open_stream(turn, reference, room, user)
        inbox.settle(turn)
        return opened
    return turn.world.open_stream(turn, reference, room, user)


class Kind(NamedTuple):
    needed: int  # the capability that allows it
    opener: Opener
    invalid: str  # code for an opening that makes no sense
    too_many: str


TYPES: dict[str, Kind] = {
    "draft/multiline": Kind(cap.MULTILINE, _open_multiline, "MULTILINE_INVALID", "TOO_MANY_BATCHES"),
    "draft/authtoken": Kind(cap.AUTHTOKEN, open_long_token, "INVALID_TOKEN", "TOO_MANY_BATCHES"),
    "tertulia.chat/stream": Kind(cap.STREAM, _open_stream, "STREAM_INVALID", "STREAM_TOO_MANY"),
}
BEFORE = ("draft/authtoken",)  # "MUST be usable before a client has completed connection registration"
_REFERENCE = re.compile(r"[A-Za-z0-9-]{1,64}")  # "MUST contain only ASCII letters, numbers, and/or hyphen"
_MAY_OPEN = cap.MULTILINE | cap.STREAM | cap.AUTHTOKEN


@command("BATCH (+|-)<reference> [<type> [<target>]]", "Open or close a batch of lines.",
         "Abre o cierra un lote de líneas.", least=1, before=True)  # fmt: skip
async def batch(turn: Turn, params: list[str]) -> None:
    try:
        _batch(turn, params)
    finally:
        if turn.world.floods.due:
            await floods.put_out(turn)


def _batch(turn: Turn, params: list[str]) -> None:
    sign, reference = params[0][:1], params[0][1:]
    if sign not in ("+", "-") or not _REFERENCE.fullmatch(reference):
        turn.fail("BATCH", "INVALID_REFERENCE", arguments.shown(params[0]))
    elif sign == "+":
        _open(turn, reference, params[1:])
    elif reference in turn.session.batches:
        turn.session.batches.pop(reference).close(turn, turn.tags)
    # else "A closing for a reference that is not open is ignored"


def _open(turn: Turn, reference: str, params: list[str]) -> None:
    session = turn.session
    kind = params[0] if params else ""
    row = TYPES.get(kind)
    if session.user is None and kind not in BEFORE:
        raise Refuse("ERR_NOTREGISTERED")
    if row is None or not session.capabilities & row.needed:
        turn.fail("BATCH", "UNKNOWN_TYPE", reference, arguments.shown(kind))
        return
    if reference in session.batches or "batch" in (turn.tags or ()) or len(params) < 2:
        # open already, nested ("Clients MUST NOT send nested batches"), or without a target
        turn.fail("BATCH", row.invalid, reference)
        return
    if len(session.batches) >= limits.BATCHES_PER_SESSION and not session.peer.trusted:
        turn.fail("BATCH", row.too_many, reference, str(limits.BATCHES_PER_SESSION))
        return
    if not session.batches:
        session.batches = {}  # until now it may have been the one that all share
    try:
        session.batches[reference] = row.opener(turn, reference, params[1])
    except Refuse:
        session.batches[reference] = Ignored(turn.world.instant)
        raise


def batch_line(turn: Turn, line: Line) -> bool:
    """Give a line with a batch tag to its batch. Whether it has been dealt with: to a client that opens no
    batches the tag means nothing; else a line of a batch that was refused or dropped is not said aloud
    ("all past and future messages in this batch will be ignored").
    """
    assert line.tags is not None
    opened = turn.session.batches.get(line.tags["batch"])
    if opened is None:
        return bool(turn.session.capabilities & _MAY_OPEN)
    opened.line(turn, line)
    return True
