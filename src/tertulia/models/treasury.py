"""Every call of every model goes through here: reserved before, settled after, refused at a limit.

What belongs here: tickets of calls, and the words at a limit. What must not: deciding (`budget`), keeping
(`ledger`), calling (`chain`).

A ticket that cannot be settled because the store fails is kept and settled with the next call; the process'
death leaves it open, and its age releases it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final

from tertulia.limits import RESERVATION_SECONDS
from tertulia.models import budget
from tertulia.models.ledger import Ledger, LedgerError, MemoryLedger
from tertulia.models.provider import ProviderError, Request, Usage
from tertulia.models.tally import Tally
from tertulia.models.words import Language
from tertulia.protocol.ledger import NANO, Call, Caller, Key, Limit, Price, Spent

TOLD: Final = 10_000  # people, rooms and limits that are remembered as told; the longest ago are told again
TOLD_SECONDS: Final = (
    60.0  # a question in this time after the notice needs no second one: it still stands there
)
OWED: Final = 10_000  # calls that ended while the store failed
RELEASE_SECONDS: Final = 60.0  # how often calls without an end are looked for

_SCOPES: Final[dict[str, tuple[str, str]]] = {
    # scope: what has been spent, in words (English, Spanish); {name} of the model, room, purpose
    "all": ("this server", "este servidor"),
    "model": ("{name}", "{name}"),
    "room": ("the room {name}", "la sala {name}"),
    "account": ("your account", "tu cuenta"),
    "guests": ("guests together", "los invitados en conjunto"),
    "purpose": ("{name}", "{name}"),
}
_PERIODS: Final = {"day": ("today", "hoy"), "month": ("this month", "este mes")}
_REACHED: Final = (
    "there is nothing left of what {whose} may spend {period} ({limit}). It goes on at {until}.",
    "se ha agotado lo que {whose} puede gastar {period} ({limit}). Vuelve a haber a partir de {until}.",
)


class BudgetReached(ProviderError):
    """A limit is in the way. `silent`: whoever asked was told there a moment ago. `name`: of whom, for
    people."""

    def __init__(self, limit: Limit, key: Key, until: datetime, silent: bool, name: str) -> None:
        super().__init__("no_budget", f"{limit.scope} {limit.name} {limit.per}")
        self.limit = limit
        self.key = key
        self.until = until
        self.silent = silent
        self.name = name

    def say(self, language: Language) -> str:
        spanish = language == "es"
        return _REACHED[spanish].format(
            whose=_SCOPES[self.limit.scope][spanish].format(name=self.name),
            period=_PERIODS[self.limit.per][spanish],
            limit=bounds_in_words(self.limit, self.key.currency),
            until=f"{self.until:%Y-%m-%d %H:%M %Z}",
        )


def bounds_in_words(limit: Limit, currency: str) -> str:
    """`5.00 USD`, `100000 tokens`; the word is the same in both languages."""
    parts = []
    if limit.nano is not None:
        parts.append(f"{limit.nano / NANO:.2f} {currency}")
    if limit.tokens is not None:
        parts.append(f"{limit.tokens} tokens")
    return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the operator set."""

    limits: tuple[Limit, ...] = ()
    currency: str = "USD"
    zone: tzinfo = UTC
    open_seconds: float = RESERVATION_SECONDS


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is to answer: the member's nick, its provider's names, its price (None: not known)."""

    model: str
    provider: str
    provider_model: str
    price: Price | None
    fallback_for: str = ""


class Treasury:
    """`now`: the wall clock, aware of its zone; `monotonic`: seconds; `names_of`: as `Readers` says."""

    def __init__(
        self,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        rules: Rules | None = None,
        ledger: Ledger | None = None,
        warn: Callable[[str], None] = lambda text: None,
        on_failure: Callable[[str, ProviderError], None] = lambda model, error: None,
        names_of: Callable[[str], tuple[str, ...]] = lambda kept: (kept,),
    ) -> None:
        self.rules = rules or Rules()
        self.ledger: Ledger = ledger or MemoryLedger()
        self.tally = Tally()
        self.monotonic = monotonic
        self._now = now
        self._warn = warn
        self._on_failure = on_failure
        self.names_of = names_of
        self._told: OrderedDict[tuple[str, str, Limit, Key], float] = OrderedDict()  # when, in seconds
        self._owed: list[Call] = []
        self._released_at: float | None = None

    def now(self) -> datetime:
        return self._now().astimezone(self.rules.zone)

    def open(self, asked: Asked, request: Request) -> Ticket:
        """Reserve for a call. Raises `BudgetReached`; `ProviderError` "no_ledger" when it cannot be kept."""
        self._tidy()
        caller = request.caller or Caller()
        tokens_in = budget.estimate(request.texts())
        blank = self._blank(asked, caller)
        under = budget.applied(self.rules.limits, blank, self.names_of)
        reached: list[budget.Applied] = []

        def decide(spent: list[Spent]) -> Call | None:
            longest, binding = budget.longest_answer(
                under, spent, asked.price, tokens_in, request.answer_tokens
            )
            if binding is not None and budget.is_refused(longest, request.answer_tokens):
                reached.append(binding)
                return None
            nano = asked.price.nano(tokens_in, longest) if asked.price else 0
            return blank._replace(reserved_tokens=tokens_in + longest, reserved_nano=nano)

        try:
            call = self.ledger.reserve([one.key for one in under], decide)
        except LedgerError as error:
            self._warn(str(error))
            raise ProviderError("no_ledger") from error
        if call is None:
            raise self._reached(reached[0], asked, caller)
        return Ticket(self, asked, call, tokens_in, call.reserved_tokens - tokens_in)

    def settle(self, call: Call) -> None:
        """The call has ended. Never raises: what cannot be kept now is kept later."""
        try:
            self.ledger.settle(call)
        except LedgerError as error:
            self._warn(str(error))
            self._owed = [*self._owed[-OWED + 1 :], call]

    def failed(self, model: str, error: ProviderError) -> None:
        """Remember the last thing that went wrong with a model, and tell whoever runs the server."""
        self._on_failure(model, error)
        self.tally.failures[model] = error, int(self._now().timestamp() * 1_000)

    def limits_of(self, scope: str, name: str, per: str) -> list[Limit]:
        """What bounds this."""
        return budget.of(self.rules.limits, Key(scope, name, "", self.rules.currency), per, self.names_of)

    def name_of(self, scope: str, name: str) -> str:
        """How people call it."""
        return self.names_of(name)[0] if scope == "room" else name

    def spent(self, scope: str, name: str, per: str) -> Spent:
        """What was spent and is reserved now under a scope, in the day or month of now. Raises
        `LedgerError`."""
        day = budget.day_of(self.now())
        period = day if per == "day" else day[:7]
        return self.ledger.spent([Key(scope, name, period, self.rules.currency)])[0]

    def close(self) -> None:
        self._pay()
        self.ledger.close()

    def _blank(self, asked: Asked, caller: Caller) -> Call:
        now = self.now()
        return Call(
            id=0,
            time_ms=int(now.timestamp() * 1_000),
            day=budget.day_of(now),
            model=asked.model,
            provider=asked.provider,
            provider_model=asked.provider_model,
            caller=caller,
            fallback_for=asked.fallback_for,
            currency=self.rules.currency,
            reserved_tokens=0,
            reserved_nano=0,
            priced=asked.price is not None,
        )

    def _reached(self, one: budget.Applied, asked: Asked, caller: Caller) -> BudgetReached:
        self.tally.refused[asked.model, one.limit.scope] += 1
        until = budget.next_period(self.now(), one.limit.per)
        told, now = (caller.who.lower(), caller.room, one.limit, one.key), self.monotonic()
        before = self._told.get(told)
        silent = before is not None and now - before < TOLD_SECONDS
        if not silent:
            self._told[told] = now
            self._told.move_to_end(told)
        while len(self._told) > TOLD:
            self._told.popitem(last=False)
        return BudgetReached(one.limit, one.key, until, silent, self.name_of(one.key.scope, one.key.name))

    def _tidy(self) -> None:
        """Settle what is owed; now and then, let go of calls that will never end."""
        self._pay()
        now = self.monotonic()
        if self._released_at is not None and now - self._released_at < RELEASE_SECONDS:
            return
        self._released_at = now
        try:
            lost = self.ledger.release(int((self.now().timestamp() - self.rules.open_seconds) * 1_000))
        except LedgerError as error:
            self._warn(str(error))
            return
        for call in lost:
            self._warn(f"call {call.id} of {call.model} for {call.caller.who} was never settled: released")

    def _pay(self) -> None:
        owed, self._owed = self._owed, []
        for call in owed:
            self.settle(call)


class Ticket:
    """One call that is under way."""

    def __init__(self, treasury: Treasury, asked: Asked, call: Call, tokens_in: int, tokens_out: int) -> None:
        self.answer_tokens = tokens_out  # at most
        self._treasury = treasury
        self._asked = asked
        self._call = call
        self._tokens_in = tokens_in
        self._began = treasury.monotonic()
        self._first: float | None = None
        self._characters = 0
        self._usage: Usage | None = None
        self._settled: Call | None = None

    def heard(self, text: str) -> None:
        if self._first is None and text:
            self._first = self._treasury.monotonic() - self._began
            self._treasury.tally.first_word(self._call.model, self._first)
        self._characters += len(text)
        self._treasury.tally.pieces += 1

    def reported(self, usage: Usage) -> None:
        self._usage = usage

    def settle(self, outcome: str, asked_in_vain: bool = False) -> Call:
        """Once; later ones change nothing. `asked_in_vain`: refused before the prompt was read."""
        if self._settled is None:
            self._settled = self._end(outcome, asked_in_vain)
            self._treasury.settle(self._settled)
            self._count(self._settled)
        return self._settled

    def _end(self, outcome: str, asked_in_vain: bool) -> Call:
        usage, estimated = self._usage, False
        if usage is None:
            estimated = not asked_in_vain or self._characters > 0
            usage = Usage(self._tokens_in, budget.tokens_of(self._characters)) if estimated else Usage(0, 0)
        price = self._asked.price
        return self._call._replace(
            outcome=outcome,
            tokens_in=usage.tokens_in,
            tokens_out=usage.tokens_out,
            tokens_cached=usage.tokens_cached,
            nano=price.nano(*usage) if price else 0,
            estimated=estimated,
            first_ms=None if self._first is None else round(self._first * 1_000),
            total_ms=round((self._treasury.monotonic() - self._began) * 1_000),
        )

    def _count(self, call: Call) -> None:
        tally = self._treasury.tally
        tally.calls[call.model, call.provider, call.outcome] += 1
        tally.tokens[call.model, "in"] += call.tokens_in
        tally.tokens[call.model, "out"] += call.tokens_out
        tally.tokens[call.model, "cached"] += call.tokens_cached
        tally.nano[call.model, call.currency] += call.nano


def people_keys(caller: Caller, day: str, currency: str) -> list[Key]:
    """The day and the month of one person; guests are counted together."""
    scope, name = ("guests", "") if caller.account is None else ("account", caller.account.lower())
    return [Key(scope, name, period, currency) for period in (day, day[:7])]
