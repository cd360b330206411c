"""Which ledger goes with which store.

What belongs here: joining the models' Protocol to the store's side. What must not: what either does.
"""

from __future__ import annotations

from tertulia.config import Settings, store_url
from tertulia.models.ledger import Ledger, LedgerError, MemoryLedger


def ledger_for(settings: Settings) -> Ledger:
    """In the database of the messages, as durable as they are. The store has been opened, and migrated it."""
    if settings.store.durability == "off":
        return MemoryLedger()
    from tertulia.store.ledger import open_ledger

    return open_ledger(store_url(settings), LedgerError)
