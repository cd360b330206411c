"""Web Push subscriptions in memory: what `MemoryStore` keeps of them.

What belongs here: the same answers that the durable stores give. What must not: messages (`memory.py`).
"""

from __future__ import annotations

from tertulia.protocol.webpush import Subscription, SubscriptionGone


class MemoryPush:
    def __init__(self) -> None:
        self._by_endpoint: dict[str, Subscription] = {}

    def keep(self, record: Subscription | SubscriptionGone) -> None:
        if isinstance(record, Subscription):
            self._by_endpoint[record.endpoint] = record
        else:
            self._by_endpoint.pop(record.endpoint, None)

    def forget_account(self, account: str) -> None:
        kept = {key: one for key, one in self._by_endpoint.items() if one.account != account}
        self._by_endpoint = kept

    def subscriptions(self) -> list[Subscription]:
        return sorted(self._by_endpoint.values(), key=lambda one: (one.account, one.endpoint))
