"""Refusals: what is said when something cannot be: a broken line, a lost conflict, a store that fails.

What belongs here: the answers that no single command makes. What must not: when they are made.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from tertulia import limits
from tertulia.commands import arguments
from tertulia.commands.turn import Entry, Turn
from tertulia.ports import Record, StoreError
from tertulia.protocol.framing import Refused
from tertulia.protocol.history import RoomRecord
from tertulia.protocol.reasons import STORE_REASONS
from tertulia.server.labels import LabeledReply
from tertulia.server.render import Said
from tertulia.server.session import Session
from tertulia.state.network import Conflict

if TYPE_CHECKING:
    from tertulia.server.hub import Hub
    from tertulia.server.streams import Stream


class Wish(Protocol):
    """Something that is not to be heard before it is stored, and who wanted it."""

    dropped: bool  # it could not be stored: nobody hears it
    session: Session | None  # who is told so
    place: int  # where, among what the session was to hear when it wished: before answers to later commands
    answer: list[str | Entry] | None  # where, when it was labelled: the refusal bears the label
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
        turn.numeric("ERR_TOOMANYCHANNELS", "*", limit=limits.ROOMS)
    elif conflict.reason == "room changed":
        turn.numeric("RPL_TRYAGAIN", turn.verb or "*")
    else:
        turn.numeric("ERR_NOSUCHNICK", "*")


def refuse(turn: Turn, code: str) -> None:
    """A command could not keep or read what it needed."""
    turn.fail(turn.verb or "*", "NOT_STORED", plainly=True, reason=reason_of(code, turn.session.language))


def not_stored(hub: Hub, error: StoreError, records: Sequence[Record], wishes: Sequence[Wish]) -> None:
    """A commit failed: nobody hears what was in it, and everybody who wanted it is told, once each."""
    hub.inboxes.forget()
    for record in records:
        if isinstance(record, RoomRecord):
            _forget(hub, record.key)
    for wish in wishes:
        wish.dropped = True
    told: dict[Session, int] = {}  # by so much later wishes' places have moved
    broken: set[Stream] = set()
    for wish in wishes:
        if isinstance(wish, Said):
            label = wish.label.partition("=")[2] or None
            _tell(hub, wish, error, told, wish.message.kind, wish.message.target, label)
        elif wish.stream is not None and wish.stream not in broken:
            broken.add(wish.stream)
            label = wish.stream.store_failed()
            _tell(hub, wish, error, told, "BATCH", wish.stream.reference, label)


def _forget(hub: Hub, key: str) -> None:
    """Nothing is stored of this room after all."""
    room = hub.network.rooms.get(key)
    if room is not None:
        room.remembered = False
        if not room.members:
            del hub.network.rooms[key]


def _tell(
    hub: Hub,
    wish: Wish,
    error: StoreError,
    told: dict[Session, int],
    command: str,
    context: str,
    label: str | None = None,
) -> None:
    session = wish.session
    if session is None or session.closing:
        return
    turn = hub.turn(session)
    turn.label = label
    reason = reason_of(error.code, session.language)
    turn.fail(command, "NOT_STORED", arguments.shown(context), plainly=True, reason=reason)
    if wish.answer is not None:  # the refusal is the answer, so it bears the label
        wish.answer += turn.items
        return
    place, before = wish.place + told.get(session, 0), len(session.out)
    if place >= before:
        hub.answer(turn)
    else:  # whoever fenced with PING must not read its answer before the refusal of what it sent earlier
        items: list[str | Entry] = turn.items
        if label is not None:
            items = [LabeledReply(hub.settings.name, label, hub.ids, turn.items)]
        session.out[place:place] = items
    told[session] = told.get(session, 0) + len(session.out) - before


def reason_of(code: str, language: str) -> str:
    """What a `StoreError` means to people."""
    return STORE_REASONS.get(code, STORE_REASONS["failed"])[language == "es"]
