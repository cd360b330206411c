"""The plain truth: a store that forgets everything when the process ends, and the oldest before that.

What belongs here: `ports.Store` in dictionaries, as the other stores must behave, and durability "off".
What must not: files, locks, failures of the world.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import OrderedDict, deque
from collections.abc import Container, Iterable, Sequence
from typing import TypeVar

from tertulia.limits import MEMORY_MESSAGES, MEMORY_MESSAGES_PER_ROOM
from tertulia.ports import Record, StoreError
from tertulia.protocol.accounts import AccountGone, AccountRecord
from tertulia.protocol.agents import AgentRecord, Place
from tertulia.protocol.audit import AuditEntry, AuditPage, Fact
from tertulia.protocol.bans import BanRecord
from tertulia.protocol.files import FileGone, FileRecord, FileUse
from tertulia.protocol.history import (
    Forgetting,
    Happening,
    Message,
    Own,
    Page,
    Piece,
    Redaction,
    RoomMoved,
    RoomRecord,
    Search,
    StreamEnd,
    TargetSeen,
    is_found,
)
from tertulia.protocol.invitations import Invitation, InvitationGone
from tertulia.protocol.presence import AccountTime, Presence, PresenceGone
from tertulia.protocol.webpush import Subscription, SubscriptionGone
from tertulia.store import rows
from tertulia.store.memory_agents import MemoryAgents
from tertulia.store.memory_happenings import MemoryHappenings
from tertulia.store.memory_invitations import MemoryInvitations
from tertulia.store.memory_moderation import MemoryModeration
from tertulia.store.memory_presence import MemoryPresence
from tertulia.store.memory_push import MemoryPush

Key = TypeVar("Key", int, tuple[int, int])


class MemoryStore:
    """Keeps the newest `per_buffer` messages of each buffer, `messages` in all, and every room record.

    Both bounds are in messages, and accounts are all kept. A stream that has been forgotten while it grew may
    still be continued and ended.
    """

    def __init__(self, per_buffer: int = MEMORY_MESSAGES_PER_ROOM, messages: int = MEMORY_MESSAGES) -> None:
        self._per_buffer = per_buffer
        self._limit = messages
        self._messages: OrderedDict[int, Message] = OrderedDict()  # in the order in which they came
        self._buffers: dict[str, deque[int]] = {}  # ids, ascending
        self._streams: dict[int, dict[int, Piece]] = {}  # those that are open, by number
        self._rooms: dict[str, RoomRecord] = {}
        self._accounts: dict[str, AccountRecord] = {}
        self._presence = MemoryPresence()
        self._agents = MemoryAgents()
        self._push = MemoryPush()
        self._invitations = MemoryInvitations()
        self._happenings = MemoryHappenings()
        self._files: dict[str, FileRecord] = {}
        self._moderation = MemoryModeration()
        self._last_id = 0
        self._closed = False

    def commit(self, records: Sequence[Record]) -> None:
        self._check_open()
        if self._all_new(records):
            self._append(records)  # type: ignore[arg-type]  # that is what was asked
            return
        self._check(records)
        for record in records:
            if isinstance(record, Message):
                self._keep(record)
            elif isinstance(record, Piece):
                self._streams[record.message_id][record.number] = record
            elif isinstance(record, StreamEnd):
                self._end(record)
            elif isinstance(record, Redaction):
                self._happenings.redact(record)
                redacted = self._messages.get(record.message_id)
                if redacted is not None and redacted.state != rows.OPEN:
                    self._forget(redacted)
            elif isinstance(record, Happening):
                self._happenings.keep(record)
            elif isinstance(record, AccountRecord):
                self._accounts[record.key] = record
            elif isinstance(record, AccountGone):
                self._forget_account(record)
            elif isinstance(record, AccountTime | Presence | PresenceGone):
                self._presence.keep(record)
            elif isinstance(record, AgentRecord | Place):
                self._agents.keep(record)
            elif isinstance(record, Subscription | SubscriptionGone):
                self._push.keep(record)
            elif isinstance(record, Invitation | InvitationGone):
                self._invitations.keep(record)
            elif isinstance(record, FileRecord):
                self._files[record.key] = record
            elif isinstance(record, FileGone):
                self._files.pop(record.key, None)
            elif isinstance(record, RoomRecord):
                self._rooms[record.key] = record
            elif isinstance(record, RoomMoved):
                self._rooms.pop(record.key, None)
                self._rooms[record.record.key] = record.record
                self._presence.move_marks(record.key, record.record.key)
            else:
                self._moderation.keep(record)

    def page(self, page: Page) -> list[Message]:
        self._check_open()
        after, before = rows.bounds(page)
        found: list[Message] = []
        for buffer in dict.fromkeys(page.buffers):
            ids = self._buffers.get(buffer, ())
            first, end = bisect_right(ids, after), bisect_left(ids, before)
            if page.newest_first:
                first = max(first, end - max(0, page.limit))
            else:
                end = min(end, first + max(0, page.limit))
            found += [self._messages[ids[place]] for place in range(first, end)]
        if page.events:
            found += self._happenings.page(page)
        return [self._grown(message) for message in rows.stretch(found, page)]

    def targets(
        self,
        identity: str,
        rooms: Sequence[str],
        after_ms: int,
        before_ms: int,
        limit: int,
        newest_first: bool = False,
    ) -> list[TargetSeen]:
        self._check_open()
        wanted = set(rooms)
        found = [
            rows.seen(
                latest, identity, self._rooms[latest.buffer].name if latest.buffer in self._rooms else None
            )
            for latest in (self._messages[ids[-1]] for ids in self._buffers.values())
            if latest.buffer in wanted or identity in (latest.sender, latest.recipient)
        ]
        return rows.in_interval(found, after_ms, before_ms, limit, newest_first)

    def search(self, search: Search) -> list[Message]:
        """By plain reading: what fits memory is read in a moment."""
        self._check_open()
        buffers = set(search.buffers)
        if search.identity:
            buffers |= {buffer for buffer in self._buffers if search.identity in buffer.split(" ")}
        ids = sorted(
            (one for buffer in buffers for one in self._buffers.get(buffer, ())),
            reverse=search.newest_first,
        )
        found: list[Message] = []
        for one in ids:
            if len(found) >= search.limit:
                break
            if search.after < one < search.before and is_found(search, self._messages[one]):
                found.append(self._messages[one])
        return sorted(found)

    def own(self, own: Own) -> tuple[list[Message], int]:
        self._check_open()
        ids = sorted(one for one in self._messages if one > own.after)[: own.rows]
        found = [self._grown(self._messages[one]) for one in ids if _is_own(self._messages[one], own)]
        return found, ids[-1] if ids else own.after

    def forget(self, forgetting: Forgetting) -> int:
        self._check_open()
        if forgetting.happenings:
            return self._happenings.forget(forgetting)
        ids = self._buffers.get(forgetting.buffer, ()) if forgetting.buffer else sorted(self._messages)
        old = [one for one in ids if one < forgetting.before and self._messages[one].state != rows.OPEN]
        for one in old[: forgetting.limit]:
            self._forget(self._messages[one])
        return len(old[: forgetting.limit])

    def tend(self) -> bool:
        self._check_open()
        return False

    def rooms(self) -> Iterable[RoomRecord]:
        self._check_open()
        return [self._rooms[key] for key in sorted(self._rooms)]

    def accounts(self) -> Iterable[AccountRecord]:
        self._check_open()
        return [self._accounts[key] for key in sorted(self._accounts)]

    def agents(self) -> Iterable[AgentRecord]:
        self._check_open()
        return self._agents.agents()

    def places(self, agent: str) -> list[Place]:
        self._check_open()
        return self._agents.places(agent)

    def account_times(self, account: str) -> Sequence[AccountTime]:
        self._check_open()
        return self._presence.account_times(account)

    def presences(self) -> Iterable[Presence]:
        self._check_open()
        return self._presence.presences()

    def subscriptions(self) -> Iterable[Subscription]:
        self._check_open()
        return self._push.subscriptions()

    def invitations(self) -> Iterable[Invitation]:
        self._check_open()
        return self._invitations.invitations()

    def file(self, key: str) -> FileRecord | None:
        self._check_open()
        return self._files.get(key)

    def files(self, owner: str | None, room: str | None, limit: int) -> list[FileRecord]:
        self._check_open()
        found = [
            one
            for one in self._files.values()
            if (owner is None or one.owner == owner) and (room is None or one.room == room)
        ]
        return sorted(found, key=lambda one: (-one.made_at, one.key))[: max(0, limit)]

    def file_use(self, owner: str | None) -> FileUse:
        self._check_open()
        sizes = [one.size for one in self._files.values() if owner is None or one.owner == owner]
        return FileUse(len(sizes), sum(sizes))

    def files_expired(self, now: int, limit: int) -> list[FileRecord]:
        self._check_open()
        found = [one for one in self._files.values() if 0 < one.expires_at <= now]
        return sorted(found, key=lambda one: (one.expires_at, one.key))[: max(0, limit)]

    def bans(self) -> Iterable[BanRecord]:
        self._check_open()
        return self._moderation.bans()

    def facts(self) -> Iterable[Fact]:
        self._check_open()
        return self._moderation.facts()

    def audit(self, page: AuditPage) -> list[AuditEntry]:
        self._check_open()
        return self._moderation.audit(page)

    def last_id(self) -> int:
        self._check_open()
        return self._last_id

    def close(self) -> None:
        self._closed = True

    # --- The way of nearly every commit: messages that come in order ---------------------------------------

    def _all_new(self, records: Sequence[Record]) -> bool:
        """Nothing but whole messages, each later than all before: then none can be refused."""
        last = self._last_id
        for record in records:
            if type(record) is not Message or record.id <= last or record.state:
                return False
            last = record.id
        return True

    def _append(self, messages: Sequence[Message]) -> None:
        kept, buffers, most = self._messages, self._buffers, self._per_buffer
        for message in messages:
            kept[message.id] = message
            ids = buffers.get(message.buffer)
            if ids is None:
                ids = buffers[message.buffer] = deque()
            ids.append(message.id)
            if len(ids) > most:
                del kept[ids.popleft()]
        self._last_id = messages[-1].id if messages else self._last_id
        while len(kept) > self._limit:
            self._forget_oldest()

    # --- Keeping and forgetting -----------------------------------------------------------------------------

    def _keep(self, message: Message) -> None:
        self._messages[message.id] = message
        self._last_id = max(self._last_id, message.id)
        if message.state == rows.OPEN:
            self._streams[message.id] = {}
        ids = self._buffers.setdefault(message.buffer, deque())
        if ids and message.id < ids[-1]:  # another node's message may come late
            insort(ids, message.id)
        else:
            ids.append(message.id)
        if len(ids) > self._per_buffer:
            del self._messages[ids.popleft()]
        if len(self._messages) > self._limit:
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        _, oldest = self._messages.popitem(last=False)
        ids = self._buffers[oldest.buffer]
        ids.remove(oldest.id)  # at or near the left end
        if not ids:
            del self._buffers[oldest.buffer]

    def _forget_account(self, gone: AccountGone) -> None:
        self._accounts.pop(gone.key, None)
        self._happenings.forget_account(gone)
        self._presence.forget_account(gone.key)
        self._agents.forget_account(gone.key)
        self._push.forget_account(gone.key)
        self._invitations.forget_account(gone.key)
        for message in list(self._messages.values()):
            if gone.words and gone.name == message.account and message.state != rows.OPEN:
                self._forget(message)
            elif message.account == gone.name:
                self._messages[message.id] = message._replace(account=None)

    def _forget(self, message: Message) -> None:
        del self._messages[message.id]
        ids = self._buffers[message.buffer]
        ids.remove(message.id)
        if not ids:
            del self._buffers[message.buffer]

    def _end(self, end: StreamEnd) -> None:
        del self._streams[end.message_id]
        message = self._messages.get(end.message_id)
        if message is not None:
            self._messages[end.message_id] = message._replace(
                text=end.text, cuts=end.cuts, tags=end.tags, state=end.state
            )

    def _grown(self, message: Message) -> Message:
        if message.state != rows.OPEN:
            return message
        pieces = self._streams[message.id]
        return rows.grown(message, [pieces[number] for number in sorted(pieces)])

    # --- All or none ----------------------------------------------------------------------------------------

    def _check(self, records: Sequence[Record]) -> None:
        """Would every record be kept? Raises `StoreError` before any of them is."""
        messages: set[int] = set()
        pieces: set[tuple[int, int]] = set()
        opened: set[int] = set()
        ended: set[int] = set()
        for record in records:
            if isinstance(record, Message):
                _claim(record.id, messages, self._messages)
                if record.state == rows.OPEN:
                    opened.add(record.id)
            elif isinstance(record, Piece | StreamEnd):
                stream = record.message_id
                if stream in ended or not (stream in opened or stream in self._streams):
                    raise _refused("a stream that is not open")
                if isinstance(record, Piece):
                    _claim((stream, record.number), pieces, ())
                    _claim(record.number, set(), self._streams.get(stream, ()))
                else:
                    ended.add(stream)

    def _check_open(self) -> None:
        if self._closed:
            raise StoreError("failed", "the store is closed")


def _claim(key: Key, taken: set[Key], kept: Container[Key]) -> None:
    if key in taken or key in kept:
        raise _refused(f"{key} is there already")
    taken.add(key)


def _refused(what: str) -> StoreError:
    return StoreError("failed", f"The records were refused: {what}")


def _is_own(message: Message, own: Own) -> bool:
    return message.account == own.account or own.identity in (message.sender, message.recipient)
