"""Rows to values, and the small decisions that every store must take alike.

What belongs here: pure functions between what is kept and what is asked for. What must not: SQL, files,
clocks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from tertulia.protocol.accounts import AccountRecord
from tertulia.protocol.history import Mask, Message, Page, Piece, RoomRecord, StreamEnd, TargetSeen
from tertulia.protocol.rooms import Access
from tertulia.protocol.text import lines_and_cuts, parts_of

OPEN = "open"
INCOMPLETE = "incomplete"

ID_MAX = 1 << 62
"""Bounds beyond this are as good as none; a client's timestamp of the year 9999 would not fit 64 bits."""

CONVERSATIONS = 5_000
"""How many private conversations of one identity are looked through for TARGETS."""


def bounds(page: Page) -> tuple[int, int]:
    """The exclusive bounds of a page, made to fit a column."""
    return max(-1, min(page.after, ID_MAX)), max(-1, min(page.before, ID_MAX))


def stretch(found: list[Message], page: Page) -> list[Message]:
    """What of `found`, from several buffers, the page keeps: ascending, cut at the end that does not
    count."""
    found.sort()
    if page.limit <= 0:
        return []
    return found[-page.limit :] if page.newest_first else found[: page.limit]


def grown(message: Message, pieces: Sequence[Piece]) -> Message:
    """An open stream's message with the text that its pieces make so far."""
    parts = parts_of(message.text, message.cuts) if message.text else []
    parts += [(piece.text, piece.concat) for piece in pieces]
    text, cuts = lines_and_cuts(parts)
    return message._replace(text=text, cuts=cuts)


def cut_short(message: Message, pieces: Sequence[Piece]) -> StreamEnd:
    """The end of a stream whose process died: what was stored of it, marked incomplete.

    Without cuts, as at any other end: a model's pieces are words, and nobody wants a line for each.
    """
    whole = grown(message, pieces)
    return StreamEnd(whole.id, whole.text, "", whole.tags, INCOMPLETE)


def seen(latest: Message, identity: str, room_name: str | None) -> TargetSeen:
    """A row of TARGETS. `room_name`: how the room writes itself, where that is known."""
    if latest.sender is None and latest.recipient is None:
        return TargetSeen(latest.buffer, room_name or latest.target, latest.time_ms)
    other = latest.target if latest.sender == identity else latest.source.partition("!")[0]
    return TargetSeen(latest.buffer, other, latest.time_ms)


def in_interval(
    found: Iterable[TargetSeen], after_ms: int, before_ms: int, limit: int, newest_first: bool
) -> list[TargetSeen]:
    """The rows whose latest message lies in the open interval, oldest first, `limit` of them from one end."""
    kept = [row for row in found if after_ms < row.latest_ms < before_ms]
    kept.sort(key=lambda row: (row.latest_ms, row.buffer))
    if limit <= 0:
        return []
    return kept[-limit:] if newest_first else kept[:limit]


LISTS = (("b", "bans"), ("e", "exceptions"), ("I", "invitations"))
"""The letter of each list of masks in the database, and its field in a `RoomRecord`."""

RoomRow = tuple[str, str, int, str, str, int, str, str, int, str, int, str]
MaskRow = tuple[str, str, int, str, str, int, int, str]
AccessRow = tuple[str, int, str, str, str, int]


def room_row(record: RoomRecord) -> RoomRow:
    return (
        record.key,
        record.name,
        record.created_at,
        record.topic,
        record.topic_by,
        record.topic_at,
        record.flags,
        record.password,
        record.limit,
        record.founder,
        record.registered_at,
        json.dumps(dict(record.settings), ensure_ascii=False),
    )


def mask_rows(record: RoomRecord) -> list[MaskRow]:
    """The entries of all three lists, each in its order."""
    lists: list[tuple[str, tuple[Mask, ...]]] = [(letter, getattr(record, field)) for letter, field in LISTS]
    return [
        (record.key, letter, position, entry.mask, entry.set_by, entry.set_at, entry.until, entry.reason)
        for letter, entries in lists
        for position, entry in enumerate(entries)
    ]


def access_rows(record: RoomRecord) -> list[AccessRow]:
    return [
        (record.key, position, entry.who, entry.letter, entry.set_by, entry.set_at)
        for position, entry in enumerate(record.access)
    ]


def room_records(
    rooms: Iterable[RoomRow], masks: Iterable[MaskRow], access: Iterable[AccessRow]
) -> list[RoomRecord]:
    """The inverse of the three above. `masks` and `access` come ordered by position."""
    lists: dict[tuple[str, str], list[Mask]] = {}
    for room, letter, _, mask, set_by, set_at, until, reason in masks:
        lists.setdefault((room, letter), []).append(Mask(mask, set_by, set_at, until, reason))
    entries: dict[str, list[Access]] = {}
    for room, _, who, letter, set_by, set_at in access:
        entries.setdefault(room, []).append(Access(who, letter, set_by, set_at))
    found = []
    for row in rooms:
        bans, exceptions, invitations = (tuple(lists.get((row[0], letter), ())) for letter, _ in LISTS)
        settings = tuple(sorted(json.loads(row[11]).items()))
        entered = tuple(entries.get(row[0], ()))
        found.append(RoomRecord(*row[:9], bans, exceptions, invitations, row[9], row[10], entered, settings))
    return found


AccountRow = tuple[str, str, int, str, str, str, bool, str, str, int]


def account_row(record: AccountRecord) -> AccountRow:
    return (
        record.key,
        record.name,
        record.created_at,
        record.password,
        record.scram,
        record.email,
        record.verified,
        record.suspended,
        record.settings,
        record.seen_at,
    )


def account_records(
    accounts: Iterable[AccountRow], certificates: Iterable[tuple[str, int, str]]
) -> list[AccountRecord]:
    """The inverse. `certificates`: account, position and fingerprint, ordered by position."""
    held: dict[str, list[str]] = {}
    for account, _, fingerprint in certificates:
        held.setdefault(account, []).append(fingerprint)
    return [
        AccountRecord(*row[:5], tuple(held.get(row[0], ())), row[5], bool(row[6]), *row[7:])
        for row in accounts
    ]
