"""What every store must do with Web Push subscriptions: a part of the contract of stores.

What belongs here: what can be seen through the port. What must not: messages (`store.py`).
"""

from __future__ import annotations

from tertulia.ports import Store
from tertulia.protocol.accounts import AccountGone, AccountRecord
from tertulia.protocol.webpush import Subscription, SubscriptionGone

ANA = Subscription("ana", "https://push.example/1", "key", "secret", "draft/webpush server-time", 5)
BOB = ANA._replace(account="bob", endpoint="https://push.example/0")


class PushContract:
    def test_subscriptions_come_back_field_by_field(self, store: Store) -> None:
        store.commit([BOB, ANA])
        assert list(store.subscriptions()) == [ANA, BOB]

    def test_an_endpoint_has_one_subscription(self, store: Store) -> None:
        """ "Servers MUST replace any previous subscription with the same `<endpoint>`." """
        store.commit([ANA, BOB])
        renewed = ANA._replace(account="eva", renewed_at=9)
        store.commit([ANA._replace(renewed_at=8), renewed])
        assert list(store.subscriptions()) == [BOB, renewed]

    def test_one_that_is_gone_is_forgotten(self, store: Store) -> None:
        store.commit([ANA, BOB])
        store.commit([SubscriptionGone(ANA.endpoint), SubscriptionGone("https://nobody.example/")])
        assert list(store.subscriptions()) == [BOB]

    def test_they_end_with_the_account(self, store: Store) -> None:
        store.commit([AccountRecord("ana", "Ana", 1), ANA, BOB])
        store.commit([AccountGone("ana", "Ana", words=False)])
        assert list(store.subscriptions()) == [BOB]
