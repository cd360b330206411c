"""Presences, read marks and devices in memory: what `MemoryStore` keeps of them.

What belongs here: the same answers that the durable stores give. What must not: messages (`memory.py`).
"""

from __future__ import annotations

from tertulia.protocol.presence import AccountTime, Presence, PresenceGone


class MemoryPresence:
    def __init__(self) -> None:
        self._times: dict[str, dict[tuple[str, str], AccountTime]] = {}  # by account
        self._presences: dict[str, Presence] = {}

    def keep(self, record: AccountTime | Presence | PresenceGone) -> None:
        if isinstance(record, AccountTime):
            times = self._times.setdefault(record.account, {})
            times.pop(record[1:3], None)
            if record.at_ms:
                times[record[1:3]] = record
        elif isinstance(record, Presence):
            self._presences[record.account] = record
        else:
            self._presences.pop(record.account, None)

    def move_marks(self, old: str, new: str) -> None:
        """A room has another name: who has read so far there has read so far."""
        for times in self._times.values():
            mark = times.pop(("read", old), None)
            if mark is not None:
                times["read", new] = mark._replace(name=new)

    def forget_account(self, account: str) -> None:
        self._times.pop(account, None)
        self._presences.pop(account, None)

    def account_times(self, account: str) -> list[AccountTime]:
        found = self._times.get(account, {})
        return [found[key] for key in sorted(found)]

    def presences(self) -> list[Presence]:
        return [self._presences[account] for account in sorted(self._presences)]
