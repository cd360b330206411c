"""Web Push subscriptions in SQL that every database here understands.

What belongs here: statements about `push_subscriptions`, and rows to values. What must not: transactions (the
stores), what is pushed (`server/pushes.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tertulia.protocol.webpush import Subscription, SubscriptionGone
from tertulia.store.connection import Connection

_FIELDS = ", ".join(Subscription._fields)
_MARKS = ", ".join("?" * len(Subscription._fields))


def write(connection: Connection, records: Sequence[Subscription]) -> None:
    """The last one of several with the same endpoint, in place of what was there."""
    newest = {record.endpoint: record for record in records}
    forget(connection, [SubscriptionGone(endpoint) for endpoint in newest])
    connection.executemany(
        f"INSERT INTO push_subscriptions ({_FIELDS}) VALUES ({_MARKS})",
        [tuple(one) for one in newest.values()],
    )


def forget(connection: Connection, gone: Sequence[SubscriptionGone]) -> None:
    connection.executemany("DELETE FROM push_subscriptions WHERE endpoint = ?", gone)


def forget_account(connection: Connection, account: str) -> None:
    """An account is deleted: its devices are not reached any more."""
    connection.execute("DELETE FROM push_subscriptions WHERE account = ?", (account,))


def subscriptions(connection: Connection) -> list[Subscription]:
    found = connection.execute(f"SELECT {_FIELDS} FROM push_subscriptions ORDER BY account, endpoint")
    return [Subscription._make(row) for row in found]


WRITERS: dict[type, Callable[[Connection, list[Any]], None]] = {Subscription: write, SubscriptionGone: forget}
