"""What every store must do with bans, deeds of operators and facts: a part of `store.StoreContract`."""

from __future__ import annotations

from tertulia.ports import Store
from tertulia.protocol.audit import AuditEntry, AuditPage, AuditPrune, Fact
from tertulia.protocol.bans import BanGone, BanRecord


class ModerationContract:
    def test_bans_come_back_field_by_field_until_they_are_lifted(self, store: Store) -> None:
        network = BanRecord("address", "192.0.2.0/24", "ban", "spam; ñ", "seen on #r", "root", 5, 9)
        spared = BanRecord("account", "ana", "exempt")
        store.commit([spared, network])
        assert list(store.bans()) == [spared, network]
        changed = BanRecord("address", "192.0.2.0/24", "login", "again")
        store.commit([BanGone("account", "ana"), BanGone("mask", "nobody"), changed])
        assert list(store.bans()) == [changed]
        store.commit([changed, network, changed])
        assert list(store.bans()) == [changed]

    def test_facts_are_kept_by_name(self, store: Store) -> None:
        store.commit([Fact("defcon", "3"), Fact("other", "x")])
        store.commit([Fact("defcon", "5"), Fact("defcon", "4")])
        assert list(store.facts()) == [Fact("defcon", "4"), Fact("other", "x")]

    def test_deeds_of_operators_are_found_newest_first_and_forgotten_by_age(self, store: Store) -> None:
        deeds = [
            AuditEntry(number, number, who, operator, deed, target, "text")
            for number, who, operator, deed, target in (
                (1, "Ana!a@h", "root", "BAN", "192.0.2.0/24"),
                (2, "bob!b@h", "helper", "KILL", "Eva"),
                (3, "an_!a@h", "helper", "KILL", "zoe"),
                (4, "anx!a@h", "other", "DEFCON", "3"),
            )
        ]
        store.commit(deeds)
        assert store.audit(AuditPage()) == deeds
        assert store.audit(AuditPage(limit=2)) == deeds[2:]
        assert store.audit(AuditPage(before=3, limit=1)) == [deeds[1]]
        assert store.audit(AuditPage(operator="HELPER")) == deeds[1:3]
        assert store.audit(AuditPage(operator="ana")) == deeds[:1]
        assert store.audit(AuditPage(operator="an_")) == [deeds[2]], "an underscore is no pattern"
        assert store.audit(AuditPage(deed="kill", target="eva")) == [deeds[1]]
        store.commit([AuditPrune(3)])
        assert store.audit(AuditPage()) == deeds[2:]
