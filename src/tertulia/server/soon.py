"""What can wait for the next commit: marks, devices, presences. None of them costs a sync of its own.

What belongs here: records that wait, the newest about each thing. What must not: the commit (`hub`).
"""

from __future__ import annotations

from collections.abc import Iterable

from tertulia.limits import SOON_SECONDS
from tertulia.protocol.history import Happening
from tertulia.protocol.presence import AccountTime, Presence, PresenceGone
from tertulia.protocol.webpush import SubscriptionGone

Lasting = AccountTime | Presence | PresenceGone | Happening | SubscriptionGone


class Soon:
    def __init__(self, instant: float) -> None:
        self._waiting: dict[tuple[str, ...], Lasting] = {}
        self._taken: dict[tuple[str, ...], Lasting] = {}
        self._kept_at = instant

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, record: Lasting) -> None:
        if isinstance(record, Happening):
            key: tuple[str, ...] = (record.buffer, str(record.id))
        elif isinstance(record, SubscriptionGone):
            key = ("push", record.endpoint)
        else:
            key = record[:3] if isinstance(record, AccountTime) else (record.account,)
        self._waiting[key] = record

    def over(self, account: str, stored: Iterable[AccountTime]) -> list[AccountTime]:
        """What is stored of an account's moments, as it will be once all that waits is stored as well."""
        newest = {record[:3]: record for record in stored}
        for record in self._waiting.values():
            if isinstance(record, AccountTime) and record.account == account:
                newest[record[:3]] = record
        return [record for record in newest.values() if record.at_ms]

    def due(self, instant: float) -> bool:
        return bool(self._waiting) and instant - self._kept_at >= SOON_SECONDS

    def take(self) -> list[Lasting]:
        """All of them, for a commit; after it comes `kept` or `put_back`."""
        self._taken, self._waiting = self._waiting, {}
        return list(self._taken.values())

    def kept(self, instant: float) -> None:
        self._taken = {}
        self._kept_at = instant

    def put_back(self, code: str) -> None:
        """The commit failed. Records that the store can never take are given up with it."""
        if code != "failed":
            self._waiting = {**self._taken, **self._waiting}
        self._taken = {}
