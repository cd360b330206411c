"""A store that fails when a test says so: a full disk, a locked or a damaged database.

What belongs here: failing as `ports.Store` may fail. What must not: keeping anything (that is the store
inside).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tertulia.ports import Record, StoreError
from tertulia.protocol.accounts import AccountRecord
from tertulia.protocol.agents import AgentRecord, Place
from tertulia.protocol.audit import AuditEntry, AuditPage, Fact
from tertulia.protocol.bans import BanRecord
from tertulia.protocol.files import FileRecord, FileUse
from tertulia.protocol.history import Forgetting, Message, Own, Page, RoomRecord, Search, TargetSeen
from tertulia.protocol.invitations import Invitation
from tertulia.protocol.presence import AccountTime, Presence
from tertulia.protocol.webpush import Subscription
from tertulia.store.memory import MemoryStore


class FailingStore:
    """The memory store; while `code` is set, every commit raises, and with `reading` every look as well."""

    def __init__(self) -> None:
        self.inner = MemoryStore()
        self.code: str | None = None
        self.reading = False
        self.commits: list[Sequence[Record]] = []  # that were kept

    def fail(self, code: str = "full", reading: bool = False) -> None:
        self.code, self.reading = code, reading

    def mend(self) -> None:
        self.code, self.reading = None, False

    def commit(self, records: Sequence[Record]) -> None:
        self._check(self.code is not None)
        self.inner.commit(records)
        self.commits.append(records)

    def page(self, page: Page) -> list[Message]:
        self._check(self.reading)
        return self.inner.page(page)

    def targets(
        self,
        identity: str,
        rooms: Sequence[str],
        after_ms: int,
        before_ms: int,
        limit: int,
        newest_first: bool = False,
    ) -> list[TargetSeen]:
        self._check(self.reading)
        return self.inner.targets(identity, rooms, after_ms, before_ms, limit, newest_first)

    def search(self, search: Search) -> list[Message]:
        self._check(self.reading)
        return self.inner.search(search)

    def own(self, own: Own) -> tuple[list[Message], int]:
        self._check(self.reading)
        return self.inner.own(own)

    def forget(self, forgetting: Forgetting) -> int:
        return self.inner.forget(forgetting)

    def tend(self) -> bool:
        return self.inner.tend()

    def rooms(self) -> Iterable[RoomRecord]:
        return self.inner.rooms()

    def accounts(self) -> Iterable[AccountRecord]:
        return self.inner.accounts()

    def agents(self) -> Iterable[AgentRecord]:
        self._check(self.reading)
        return self.inner.agents()

    def places(self, agent: str) -> list[Place]:
        self._check(self.reading)
        return self.inner.places(agent)

    def account_times(self, account: str) -> Sequence[AccountTime]:
        self._check(self.reading)
        return self.inner.account_times(account)

    def presences(self) -> Iterable[Presence]:
        return self.inner.presences()

    def subscriptions(self) -> Iterable[Subscription]:
        return self.inner.subscriptions()

    def invitations(self) -> Iterable[Invitation]:
        return self.inner.invitations()

    def file(self, key: str) -> FileRecord | None:
        return self.inner.file(key)

    def files(self, owner: str | None, room: str | None, limit: int) -> list[FileRecord]:
        return self.inner.files(owner, room, limit)

    def file_use(self, owner: str | None) -> FileUse:
        return self.inner.file_use(owner)

    def files_expired(self, now: int, limit: int) -> list[FileRecord]:
        return self.inner.files_expired(now, limit)

    def bans(self) -> Iterable[BanRecord]:
        return self.inner.bans()

    def facts(self) -> Iterable[Fact]:
        return self.inner.facts()

    def audit(self, page: AuditPage) -> list[AuditEntry]:
        self._check(self.reading)
        return self.inner.audit(page)

    def last_id(self) -> int:
        return self.inner.last_id()

    def close(self) -> None:
        self.inner.close()

    def _check(self, failing: bool) -> None:
        if failing:
            raise StoreError(self.code or "failed", "the test says so")
