"""The answers that every SQL store gives alike.

What belongs here: `ports.Store` on top of what each store does in its own way: a connection, a transaction, a
step of the index. What must not: connections and their failures (`attempting.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tertulia.ports import Clock, Record
from tertulia.protocol.accounts import AccountRecord
from tertulia.protocol.agents import AgentRecord, Place
from tertulia.protocol.audit import AuditEntry, AuditPage, Fact
from tertulia.protocol.bans import BanRecord
from tertulia.protocol.files import FileRecord, FileUse
from tertulia.protocol.history import Forgetting, Message, Own, Page, RoomRecord, Search, TargetSeen
from tertulia.protocol.invitations import Invitation
from tertulia.protocol.presence import AccountTime, Presence
from tertulia.protocol.webpush import Subscription
from tertulia.store import agents, invitations, moderation, presence, push, rows
from tertulia.store import files as handed
from tertulia.store import statements as sql
from tertulia.store.attempting import Attempting, C
from tertulia.store.forgetting import forget
from tertulia.store.fulltext import Fulltext
from tertulia.store.reading import latest_of, read_own, read_page
from tertulia.store.writing import write


class SqlStore(Attempting[C]):
    """`ports.Store`, but for opening and for what a database does in its own way. `words`: its index."""

    def __init__(self, place: str, clock: Clock, words: Fulltext) -> None:
        super().__init__(place, clock)
        self._words = words

    def _index_some(self, connection: C) -> bool:
        """One step of the index; False: nothing was left to do. It need not outlast a power cut, so the disk
        is not waited for: whatever is lost is indexed again."""
        raise NotImplementedError

    def _check(self, connection: C) -> None:
        """Before a commit. Raises `StoreError` when what is written would be lost."""

    def commit(self, records: Sequence[Record]) -> None:
        if not records:
            return

        def keep(connection: C) -> None:
            self._check(connection)
            self._transact(connection, lambda connection: write(self._words, connection, records))

        self._attempt(keep)

    def search(self, search: Search) -> list[Message]:
        return self._look(lambda connection: self._words.search(connection, search))

    def forget(self, forgetting: Forgetting) -> int:
        def step(connection: C) -> int:
            count: list[int] = []
            self._transact(connection, lambda inside: count.append(forget(self._words, inside, forgetting)))
            return count[0]

        return self._attempt(step)

    def tend(self) -> bool:
        return self._attempt(self._index_some)

    def page(self, page: Page) -> list[Message]:
        return self._look(lambda connection: read_page(connection, page))

    def targets(
        self,
        identity: str,
        rooms: Sequence[str],
        after_ms: int,
        before_ms: int,
        limit: int,
        newest_first: bool = False,
    ) -> list[TargetSeen]:
        found = self._look(lambda connection: latest_of(connection, identity, rooms))
        return rows.in_interval(found, after_ms, before_ms, limit, newest_first)

    def own(self, own: Own) -> tuple[list[Message], int]:
        return self._look(lambda connection: read_own(connection, own))

    def rooms(self) -> Iterable[RoomRecord]:
        return self._look(
            lambda connection: rows.room_records(
                connection.execute(sql.ROOMS), connection.execute(sql.MASKS), connection.execute(sql.ACCESS)
            )
        )

    def accounts(self) -> Iterable[AccountRecord]:
        return self._look(
            lambda connection: rows.account_records(
                connection.execute(sql.ACCOUNTS), connection.execute(sql.CERTIFICATES)
            )
        )

    def agents(self) -> Iterable[AgentRecord]:
        return self._look(agents.agents)

    def places(self, agent: str) -> list[Place]:
        return self._look(lambda connection: agents.places(connection, agent))

    def account_times(self, account: str) -> Sequence[AccountTime]:
        return self._look(lambda connection: presence.account_times(connection, account))

    def presences(self) -> Iterable[Presence]:
        return self._look(presence.presences)

    def subscriptions(self) -> Iterable[Subscription]:
        return self._look(push.subscriptions)

    def invitations(self) -> Iterable[Invitation]:
        return self._look(invitations.invitations)

    def file(self, key: str) -> FileRecord | None:
        return self._look(lambda connection: handed.file(connection, key))

    def files(self, owner: str | None, room: str | None, limit: int) -> list[FileRecord]:
        return self._look(lambda connection: handed.files(connection, owner, room, limit))

    def file_use(self, owner: str | None) -> FileUse:
        return self._look(lambda connection: handed.file_use(connection, owner))

    def files_expired(self, now: int, limit: int) -> list[FileRecord]:
        return self._look(lambda connection: handed.files_expired(connection, now, limit))

    def bans(self) -> Iterable[BanRecord]:
        return self._look(moderation.read_bans)

    def facts(self) -> Iterable[Fact]:
        return self._look(moderation.read_facts)

    def audit(self, page: AuditPage) -> list[AuditEntry]:
        return self._look(lambda connection: moderation.read_audit(connection, page))

    def last_id(self) -> int:
        return self._look(lambda connection: int(connection.execute(sql.LAST_ID).fetchone()[0] or 0))
