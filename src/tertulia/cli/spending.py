"""What the configuration says of money, as the models' treasury wants to have it.

What belongs here: one value made of another. What must not: deciding, counting.
"""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

from tertulia.config import Budget, Settings
from tertulia.limits import RESERVATION_SECONDS
from tertulia.models.treasury import Rules
from tertulia.protocol.casemap import fold
from tertulia.protocol.ledger import NANO, Limit

OPEN_MARGIN_SECONDS = 300.0  # over the longest call, before what it reserved is taken for lost


def rules(settings: Settings) -> Rules:
    """What the models may spend."""
    return Rules(
        limits=tuple(map(_limit, settings.budgets)),
        currency=settings.ledger.currency,
        zone=ZoneInfo(settings.ledger.timezone),
        open_seconds=max(RESERVATION_SECONDS, settings.calls.total_seconds + OPEN_MARGIN_SECONDS),
    )


def dollar_of(settings: Settings) -> Decimal | None:
    """What a US dollar is worth in the ledger's currency, if that was said."""
    return None if settings.ledger.dollar is None else Decimal(str(settings.ledger.dollar))


def _limit(budget: Budget) -> Limit:
    scope, _, name = budget.of.partition(":")
    nano = None if budget.cost is None else int(Decimal(str(budget.cost)) * NANO)
    return Limit(scope, "*" if budget.of == "account" else fold(name), budget.per, nano, budget.tokens)
