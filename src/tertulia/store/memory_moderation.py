"""Bans, what operators did, and facts, in memory: the same answers as `moderation.py` gives from tables."""

from __future__ import annotations

from itertools import islice

from tertulia.limits import AUDIT_ENTRIES
from tertulia.protocol.audit import AuditEntry, AuditPage, AuditPrune, Fact
from tertulia.protocol.bans import BanGone, BanRecord


class MemoryModeration:
    def __init__(self) -> None:
        self._bans: dict[tuple[str, str], BanRecord] = {}
        self._facts: dict[str, Fact] = {}
        self._audit: dict[int, AuditEntry] = {}

    def keep(self, record: BanRecord | BanGone | AuditEntry | AuditPrune | Fact) -> None:
        if isinstance(record, BanRecord):
            self._bans[record.key] = record
        elif isinstance(record, BanGone):
            self._bans.pop((record.kind, record.target), None)
        elif isinstance(record, Fact):
            self._facts[record.name] = record
        elif isinstance(record, AuditEntry):
            self._audit[record.id] = record
            if len(self._audit) > AUDIT_ENTRIES:
                del self._audit[next(iter(self._audit))]
        else:
            for entry in [one for one in self._audit if one < record.before]:
                del self._audit[entry]

    def bans(self) -> list[BanRecord]:
        return [self._bans[key] for key in sorted(self._bans)]

    def facts(self) -> list[Fact]:
        return [self._facts[name] for name in sorted(self._facts)]

    def audit(self, page: AuditPage) -> list[AuditEntry]:
        found = (self._audit[key] for key in sorted(self._audit, reverse=True))
        return list(islice((one for one in found if _selected(one, page)), max(0, page.limit)))[::-1]


def _selected(entry: AuditEntry, page: AuditPage) -> bool:
    names = (entry.operator.lower(), entry.who.partition("!")[0].lower())
    return (
        entry.id < page.before
        and (not page.operator or page.operator.lower() in names)
        and (not page.deed or page.deed.lower() == entry.deed.lower())
        and (not page.target or page.target.lower() == entry.target.lower())
    )
