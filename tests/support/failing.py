"""A store that fails when a test says so: a full disk, a locked or a damaged database.

What belongs here: failing as `ports.Store` may fail. What must not: keeping anything (that is the memory
store's).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tertulia.ports import Record, StoreError
from tertulia.protocol.agents import AgentRecord, Place
from tertulia.protocol.audit import AuditEntry, AuditPage
from tertulia.protocol.history import Message, Own, Page, Search, TargetSeen
from tertulia.protocol.presence import AccountTime
from tertulia.store.memory import MemoryStore


class FailingStore(MemoryStore):
    """The memory store; while `code` is set, every commit raises, and with `reading` every look as well."""

    def __init__(self) -> None:
        super().__init__()
        self.code: str | None = None
        self.reading = False
        self.commits: list[Sequence[Record]] = []  # that were kept

    def fail(self, code: str = "full", reading: bool = False) -> None:
        self.code, self.reading = code, reading

    def mend(self) -> None:
        self.code, self.reading = None, False

    def commit(self, records: Sequence[Record]) -> None:
        self._refuse_if(self.code is not None)
        super().commit(records)
        self.commits.append(records)

    def page(self, page: Page) -> list[Message]:
        self._refuse_if(self.reading)
        return super().page(page)

    def targets(self, *asked: Any, **more: Any) -> list[TargetSeen]:
        self._refuse_if(self.reading)
        return super().targets(*asked, **more)

    def search(self, search: Search) -> list[Message]:
        self._refuse_if(self.reading)
        return super().search(search)

    def own(self, own: Own) -> tuple[list[Message], int]:
        self._refuse_if(self.reading)
        return super().own(own)

    def agents(self) -> Iterable[AgentRecord]:
        self._refuse_if(self.reading)
        return super().agents()

    def places(self, agent: str) -> list[Place]:
        self._refuse_if(self.reading)
        return super().places(agent)

    def account_times(self, account: str) -> Sequence[AccountTime]:
        self._refuse_if(self.reading)
        return super().account_times(account)

    def audit(self, page: AuditPage) -> list[AuditEntry]:
        self._refuse_if(self.reading)
        return super().audit(page)

    def _refuse_if(self, failing: bool) -> None:
        if failing:
            raise StoreError(self.code or "failed", "the test says so")
