"""How the models are, for operators: health, numbers, spending.

What belongs here: gathering it of the host, the tally and the ledger. What must not: words for people,
rights.
"""

from __future__ import annotations

from collections.abc import Iterable

from tertulia.models.chain import Link
from tertulia.models.host import Host, ModelStatus
from tertulia.models.ledger import LedgerError
from tertulia.models.provider import ProviderError
from tertulia.models.treasury import Treasury
from tertulia.protocol.inspected import ModelCounts, ModelFacts, ModelsFacts, Spending, Trouble
from tertulia.protocol.ledger import Limit

FINE = ("whole", "stopped")  # outcomes of calls that did not fail


class Inspector:
    """`ports.Inspector` of one host."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def models(self) -> ModelsFacts:
        treasury = self._host.treasury
        seated = zip(self._host.links(), self._host.status(), strict=True)
        return ModelsFacts(
            tuple(_facts(treasury, link, status) for link, status in seated),
            treasury.rules.currency,
            *_spending(treasury, "all", ""),
        )

    def counts(self) -> ModelCounts:
        tally, status = self._host.treasury.tally, self._host.status()
        calls = sum(tally.calls.values())
        fine = sum(count for (_, _, outcome), count in tally.calls.items() if outcome in FINE)
        return ModelCounts(
            calls,
            calls - fine,
            tally.pieces,
            sum(one.speaking for one in status),
            sum(one.waiting for one in status),
        )


def _facts(treasury: Treasury, link: Link, status: ModelStatus) -> ModelFacts:
    tally, name = treasury.tally, link.asked.model
    outcomes = {key[2]: count for key, count in tally.calls.items() if key[0] == name}
    failure = tally.failures.get(name)
    first = tally.median_first_word(name)
    return ModelFacts(
        status.nick,
        status.provider,
        status.model,
        status.rooms,
        status.state,
        status.text,
        link.breaker.state,
        link.breaker.seconds_left,
        status.waiting,
        status.speaking,
        link.gate.waiting,
        sum(outcomes.values()),
        sum(count for outcome, count in outcomes.items() if outcome not in FINE),
        tally.retries[name],
        tally.tokens[name, "in"],
        tally.tokens[name, "out"],
        None if first is None else round(first * 1_000),
        None if failure is None else _trouble(*failure),
        *_spending(treasury, "model", name),
    )


def _trouble(error: ProviderError, at_ms: int) -> Trouble:
    return Trouble(error.kind, (error.say("en"), error.say("es")), at_ms)


def _spending(treasury: Treasury, scope: str, name: str) -> tuple[Spending | None, Spending | None]:
    """(this day, this month)"""
    try:
        return _spent(treasury, scope, name, "day"), _spent(treasury, scope, name, "month")
    except LedgerError:  # the treasury's own calls tell the log
        return None, None


def _spent(treasury: Treasury, scope: str, name: str, per: str) -> Spending:
    spent = treasury.spent(scope, name, per)
    under = treasury.limits_of(scope, name, per)
    so_far = (spent.calls, spent.tokens, spent.nano, spent.reserved_nano)
    return Spending(*so_far, *_bounds(under), spent.unpriced_tokens)


def _bounds(limits: Iterable[Limit]) -> tuple[int | None, int | None]:
    """(tokens, nano) that may be spent at most."""
    tokens, nano = [one.tokens for one in limits], [one.nano for one in limits]
    return (
        min((one for one in tokens if one is not None), default=None),
        min((one for one in nano if one is not None), default=None),
    )
