"""What calls of models cost, as values: who asked, at which price, what was spent, which limits there are.

What belongs here: shapes, and arithmetic on them. What must not: clocks, stores (`store/ledger.py`),
decisions (`models/budget.py`).

Money is counted in billionths of a currency's unit ("nano"), as whole numbers: sums stay exact, and 63 bits
hold nine thousand million of any currency.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Final, NamedTuple

NANO: Final = 1_000_000_000
TOKENS: Final = 1_000_000  # prices are for a million of them


class Caller(NamedTuple):
    """On whose behalf a model is asked."""

    nick: str = ""  # "": the server itself
    account: str | None = None
    room: str = ""  # as it is kept: folded, its first name; "": in private
    purpose: str = "answer"  # or "ambient", "summary", "translation" ...: shown, and a budget may name it

    @property
    def who(self) -> str:
        """The account; for a guest `~` and the nick; the server is `~`."""
        return self.account if self.account is not None else f"~{self.nick}"


class Price(NamedTuple):
    """Per million tokens. A call with more than `long_over` tokens in pays the `long` prices for all."""

    tokens_in: Decimal
    tokens_out: Decimal
    tokens_cached: Decimal
    currency: str = "USD"
    long_over: int | None = None
    long_in: Decimal = Decimal(0)
    long_out: Decimal = Decimal(0)
    long_cached: Decimal = Decimal(0)

    def nano(self, tokens_in: int, tokens_out: int, tokens_cached: int = 0) -> int:
        """What a call costs, rounded up. `tokens_in` counts the cached ones as well."""
        return math.ceil(self.exact(tokens_in, tokens_out, tokens_cached))

    def exact(self, tokens_in: int, tokens_out: int, tokens_cached: int = 0) -> Decimal:
        """The same before it is rounded: what is to be added to something else must not be rounded twice."""
        each = (self.tokens_in, self.tokens_cached, self.tokens_out)
        if self.long_over is not None and tokens_in > self.long_over:
            each = (self.long_in, self.long_cached, self.long_out)
        counts = (max(0, tokens_in - tokens_cached), tokens_cached, tokens_out)
        total = sum((price * count for price, count in zip(each, counts, strict=True)), Decimal(0))
        return total * (NANO // TOKENS)

    def times(self, rate: Decimal, currency: str) -> Price:
        """The same in another currency, of which one unit of ours is worth `rate`."""
        return Price(
            self.tokens_in * rate, self.tokens_out * rate, self.tokens_cached * rate, currency,
            self.long_over, self.long_in * rate, self.long_out * rate, self.long_cached * rate,
        )  # fmt: skip


def free(currency: str) -> Price:
    """Of what runs on this machine."""
    return Price(Decimal(0), Decimal(0), Decimal(0), currency)


def money(nano: int, currency: str) -> str:
    """`0.00042USD`, as docs/extensions/stream.md writes it."""
    return f"{_decimal(nano):f}{currency}"


def _decimal(nano: int) -> Decimal:
    value = (Decimal(nano) / NANO).normalize()
    return value if value != 0 else Decimal(0)


# --- The ledger ---------------------------------------------------------------------------------------------

OPEN: Final = "open"  # asked, and not settled yet
LOST: Final = "lost"  # never settled: the process died meanwhile; released by its age


class Call(NamedTuple):
    """One call of one model. While it is open only what is reserved counts, afterwards only what was used."""

    id: int  # 0 before it is kept
    time_ms: int
    day: str  # "2026-11-22" in the ledger's time zone; its first seven characters are the month
    model: str  # the member's nick, folded
    provider: str
    provider_model: str
    caller: Caller
    fallback_for: str  # the nick of the model that should have answered; "" otherwise
    currency: str
    reserved_tokens: int
    reserved_nano: int
    outcome: str = OPEN  # "whole", "stopped", "lost", or the kind of error that ended it
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0
    nano: int = 0
    priced: bool = True  # False: nobody knows what it cost
    estimated: bool = False  # the provider did not say how many tokens; we counted
    first_ms: int | None = None  # from the call to its first word
    total_ms: int | None = None

    @property
    def used_tokens(self) -> int:
        return self.tokens_in + self.tokens_out


class Key(NamedTuple):
    """Under what spending is added up."""

    scope: str  # "all", "model", "room", "account", "guests", "purpose"
    name: str  # folded; a room's as in `Caller`; "" for "all" and "guests"
    period: str  # a day or a month
    currency: str


class Spent(NamedTuple):
    calls: int = 0
    tokens: int = 0
    nano: int = 0
    reserved_tokens: int = 0
    reserved_nano: int = 0
    unpriced_tokens: int = 0  # of `tokens`: nobody knows what they cost

    @property
    def all_tokens(self) -> int:
        return self.tokens + self.reserved_tokens

    @property
    def all_nano(self) -> int:
        return self.nano + self.reserved_nano

    def plus(self, other: Spent) -> Spent:
        return Spent(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    def minus(self, other: Spent) -> Spent:
        return Spent(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))


def spent_by(call: Call) -> Spent:
    """What one call adds to each of its keys."""
    if call.outcome == OPEN:
        return Spent(1, 0, 0, call.reserved_tokens, call.reserved_nano)
    return Spent(1, call.used_tokens, call.nano, unpriced_tokens=0 if call.priced else call.used_tokens)


def keys_of(call: Call) -> tuple[Key, ...]:
    """Everything that a call counts for, for its day and its month."""
    caller = call.caller
    scopes = [("all", ""), ("model", call.model), ("purpose", caller.purpose)]
    if caller.account is not None:
        scopes.append(("account", caller.account.lower()))
    elif caller.nick:  # else it is the server's own: nobody pays for it
        scopes.append(("guests", ""))
    if caller.room:
        scopes.append(("room", caller.room))
    return tuple(
        Key(scope, name, period, call.currency)
        for scope, name in scopes
        for period in (call.day, call.day[:7])
    )


class Limit(NamedTuple):
    """One row of the operator's budgets: at least one of the two bounds is set."""

    scope: str
    name: str  # "*": each one of its own
    per: str  # "day" or "month"
    nano: int | None = None
    tokens: int | None = None
