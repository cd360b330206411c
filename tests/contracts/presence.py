"""What every store must do with presences, read marks and devices: a part of the contract of stores.

What belongs here: what can be seen through the port. What must not: messages (`store.py`).
"""

from __future__ import annotations

from tertulia.ports import Store
from tertulia.protocol.accounts import AccountGone, AccountRecord
from tertulia.protocol.presence import AccountTime, Presence, PresenceGone, StandsIn


class PresenceContract:
    def test_times_of_an_account_come_back_and_are_replaced(self, store: Store) -> None:
        mark, device = AccountTime("ana", "read", "#tea", 5), AccountTime("ana", "device", "", 6)
        store.commit([mark, device, AccountTime("bob", "read", "#tea", 7)])
        assert list(store.account_times("ana")) == [device, mark]
        newer = mark._replace(at_ms=9)
        store.commit([mark._replace(at_ms=8), newer, AccountTime("ana", "read", "bob", 1)])
        assert list(store.account_times("ana")) == [device, newer, AccountTime("ana", "read", "bob", 1)]
        store.commit([newer._replace(at_ms=0), AccountTime("ana", "read", "nothing", 0)])
        assert list(store.account_times("ana")) == [device, AccountTime("ana", "read", "bob", 1)]
        assert list(store.account_times("nobody")) == []

    def test_a_presence_comes_back_field_by_field(self, store: Store) -> None:
        ana = Presence(
            "ana",
            "Ana",
            "~a",
            "h",
            "Ana B",
            "iw",
            "lunch",
            1,
            2,
            (StandsIn("#Tea", 8, 7), StandsIn("#cañada", 0)),
        )
        bob = Presence("bob", "Bob", "~b", "h", "Bob", "", "", 3, 0, ())
        store.commit([bob, ana])
        assert list(store.presences()) == [ana, bob]
        store.commit([ana._replace(nick="x"), ana._replace(nick="y"), PresenceGone("bob")])
        assert list(store.presences()) == [ana._replace(nick="y")]
        store.commit([PresenceGone("nobody")])

    def test_they_end_with_the_account(self, store: Store) -> None:
        kept = [AccountTime(name, "read", "#tea", 5) for name in ("ana", "bob")]
        stays = [Presence(name, name, "~a", "h", "A", "", "", 1, 2, ()) for name in ("ana", "bob")]
        store.commit([AccountRecord("ana", "Ana", 1), *kept, *stays])
        store.commit([AccountGone("ana", "Ana", words=False)])
        assert list(store.account_times("ana")) == []
        assert list(store.account_times("bob")) == kept[1:] and list(store.presences()) == stays[1:]
