"""Refusals: what is said when something cannot be: a broken line, a lost conflict, a store that fails.

What belongs here: the answers that no single command makes. What must not: when they are made.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from tertulia.commands.turn import Turn
from tertulia.ports import Record, StoreError
from tertulia.protocol.framing import Refused
from tertulia.protocol.history import RoomRecord
from tertulia.protocol.numerics import STORE_REASONS
from tertulia.server.labels import with_tag
from tertulia.server.session import Session
from tertulia.state.network import Conflict

if TYPE_CHECKING:
    from tertulia.server.hub import Hub
    from tertulia.server.streams import Stream


class Droppable(Protocol):
    dropped: bool


class Wish(NamedTuple):
    """Who wanted something kept, so that they can be told when it was not."""

    entry: Droppable  # what nobody is to hear then
    session: Session
    label: str | None
    stream: Stream | None  # of which it was a part


def not_a_line(turn: Turn, why: Refused) -> None:
    """Input that has no meaning: the sender is told what to mend, and the connection goes on."""
    if why is Refused.TOO_LONG:
        turn.numeric("ERR_INPUTTOOLONG")
    elif why is Refused.NOT_UTF8:
        turn.fail("*", "INVALID_UTF8", plainly=True)
    else:
        turn.fail("*", "INVALID_CHARACTER", plainly=True)


def lost_conflict(turn: Turn, conflict: Conflict) -> None:
    if conflict.reason == "nick in use":
        turn.numeric("ERR_NICKNAMEINUSE", turn.session.nick_wanted or "*")
    elif conflict.reason == "room limit":
        turn.numeric("ERR_TOOMANYCHANNELS", "*", limit="")
    else:
        turn.numeric("ERR_NOSUCHNICK", "*")


def refuse(turn: Turn, code: str) -> None:
    """A command could not keep or read what it needed."""
    turn.fail("*", "NOT_STORED", plainly=True, reason=_reason(code, turn))


def not_stored(hub: Hub, error: StoreError, records: Sequence[Record], wishes: Sequence[Wish]) -> None:
    """A commit failed: nobody hears what was in it, and everybody who wanted it is told."""
    for record in records:
        if isinstance(record, RoomRecord) and record.key in hub.network.rooms:
            hub.network.rooms[record.key].remembered = False
    for wish in wishes:
        wish.entry.dropped = True
        if wish.stream is not None:
            wish.stream.unkept += 1
    for wish in wishes:
        if wish.stream is not None:
            if wish.stream.over:
                continue  # one word for all its pieces is enough
            wish.stream.store_failed()
        if wish.session.closing:
            continue
        turn = hub.turn(wish.session)
        turn.fail("PRIVMSG", "NOT_STORED", plainly=True, reason=_reason(error.code, turn))
        line = turn.items[0]
        assert isinstance(line, str)
        hub.fanout.session(wish.session, with_tag(line, f"label={wish.label}") if wish.label else line)


def _reason(code: str, turn: Turn) -> str:
    english, spanish = STORE_REASONS.get(code, STORE_REASONS["failed"])
    return spanish if turn.session.language == "es" else english
