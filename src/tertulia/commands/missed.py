"""What was missed: said while one of an account's devices was away, for clients that do not ask themselves.

What belongs here: who is shown what, and how much of it. What must not: when a device was last here
(`server.presence`), the form of what is shown (`server.missed`). Who knows CHATHISTORY is shown nothing: it
would have it twice.
"""

from __future__ import annotations

from tertulia.commands import credentials
from tertulia.commands.turn import NotStored, Turn
from tertulia.limits import MISSED_BYTES, MISSED_MESSAGES, MISSED_TARGETS
from tertulia.policy.room import history_floor_ms, may_read_history
from tertulia.protocol.accounts import setting
from tertulia.protocol.capabilities import CHATHISTORY
from tertulia.protocol.history import SPOKEN, Message, Page, TargetSeen, fitting, id_floor
from tertulia.protocol.numerics import words
from tertulia.protocol.reasons import STORE_REASONS


def replay(turn: Turn) -> None:
    """Show the session what was said since its device was last here: in its rooms, and to it alone."""
    record, world = credentials.account_of(turn), turn.world
    wanted = record is not None and setting(record, "autoreplay-missed") != "off"
    try:
        since_ms = world.last_here(turn.session)
        if not (wanted and since_ms) or turn.session.capabilities & CHATHISTORY:
            return
        rooms = [room.buffer for room in turn.user.rooms if may_read_history(room, turn.user)]
        seen = world.targets(turn.user.identity, rooms, since_ms - 1, world.now_ms + 1, MISSED_TARGETS, True)
        room_bytes = MISSED_BYTES
        for left, target in zip(range(len(seen), 0, -1), seen, strict=True):
            room_bytes -= _show(turn, target, since_ms, room_bytes // left)
    except NotStored as failure:
        reason = words(STORE_REASONS.get(failure.code, STORE_REASONS["failed"]), turn.session.language)
        turn.fail("*", "NOT_STORED", plainly=True, reason=reason)


def _show(turn: Turn, target: TargetSeen, since_ms: int, room_bytes: int) -> int:
    """One conversation, as much of its end as may be. How many bytes that is, about."""
    room = turn.network.room_of_buffer(target.buffer)
    floor_ms = history_floor_ms(room, turn.user) if room is not None else 0
    after = id_floor(max(since_ms, floor_ms)) - 1
    page = Page((target.buffer,), after=after, limit=MISSED_MESSAGES + 1)
    said = [one for one in turn.world.page(page) if _is_news(turn, one, since_ms)]
    kept = fitting(said[-MISSED_MESSAGES:], newest_first=True, room_bytes=room_bytes)
    name = room.name if room is not None else target.name
    if not kept:
        return 0
    if len(kept) < len(said):
        turn.line("NOTICE", turn.me, text=turn.words_of("MISSED_MORE", target=name, count=len(kept)))
    entry = turn.world.missed_entry(turn.user, name, kept)
    turn.add(entry)
    return entry.weight


def _is_news(turn: Turn, message: Message, since_ms: int) -> bool:
    """In the millisecond in which the device went, others may have spoken after it; its own last words were
    before."""
    last_words = message.time_ms == since_ms and message.account == turn.user.account
    return message.kind in SPOKEN and message.state != "open" and not last_words
