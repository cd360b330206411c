"""What was spent, in words for people: theirs, the room's, the model's, today and this month.

What belongs here: sums into lines. What must not: who may see which (`deeds.usage`), the ledger itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tertulia.models.treasury import Treasury, bounds_in_words
from tertulia.models.words import Language
from tertulia.protocol.ledger import NANO, Spent

Scope = tuple[str, str]  # as in `protocol.ledger.Key`: scope and name

_WHOSE: Final[dict[str, tuple[str, str]]] = {
    "account": ("you ({name})", "tú ({name})"),
    "guests": ("guests, you among them", "los invitados, tú entre ellos"),
    "room": ("{name}", "{name}"),
    "model": ("{name}", "{name}"),
    "all": ("this server", "este servidor"),
}
_LINE: Final = ("{whose}: today {day}; this month {month}", "{whose}: hoy {day}; este mes {month}")
_CALLS: Final = ("{calls} calls, {tokens} tokens", "{calls} llamadas, {tokens} tokens")
_CALL: Final = ("1 call, {tokens} tokens", "1 llamada, {tokens} tokens")
_UNPRICED: Final = ("price unknown", "precio desconocido")
_PARTLY: Final = (
    "{cost} and {tokens} tokens of unknown price", "{cost} y {tokens} tokens de precio desconocido",
)  # fmt: skip
_RESERVED: Final = (" ({tokens} more are reserved)", " ({tokens} más están reservados)")
_UNDER_WAY: Final = (
    "calls under way: {calls}. By account, room or day: tertulia usage, where the server runs.",
    "llamadas en curso: {calls}. Por cuenta, sala o día: tertulia usage, donde corre el servidor.",
)
_OF: Final = (", of {bounds}", ", de {bounds}")


def lines(treasury: Treasury, scopes: Sequence[Scope], language: Language) -> list[str]:
    """One line for each scope. Raises `LedgerError`."""
    return [_line(treasury, scope, name, language) for scope, name in scopes]


def under_way(treasury: Treasury, language: Language) -> list[str]:
    """For operators: how many calls are going on, and where the rest is shown. Raises `LedgerError`."""
    text = _UNDER_WAY[language == "es"]
    return [text.format(calls=len(treasury.ledger.open_calls()))]


def _line(treasury: Treasury, scope: str, name: str, language: Language) -> str:
    spanish = language == "es"
    said = {
        per: amount(treasury.spent(scope, name, per), treasury.rules.currency, language)
        + "".join(
            _OF[spanish].format(bounds=bounds_in_words(limit, treasury.rules.currency))
            for limit in treasury.limits_of(scope, name, per)
        )
        for per in ("day", "month")
    }
    whose = _WHOSE[scope][spanish].format(name=treasury.name_of(scope, name))
    return _LINE[spanish].format(whose=whose, **said) + "."


def amount(spent: Spent, currency: str, language: Language) -> str:
    """`3 calls, 1200 tokens, 0.0042 USD (300 more are reserved)`, `1 call, 90 tokens, price unknown`"""
    spanish = language == "es"
    text = (_CALL if spent.calls == 1 else _CALLS)[spanish].format(calls=spent.calls, tokens=spent.tokens)
    cost = f"{spent.nano / NANO:.4f} {currency}"
    if spent.unpriced_tokens:
        whole = spent.unpriced_tokens == spent.tokens
        form = (_UNPRICED if whole else _PARTLY)[spanish]
        cost = form.format(cost=cost, tokens=spent.unpriced_tokens)
    text += f", {cost}"
    if spent.reserved_tokens:
        text += _RESERVED[spanish].format(tokens=spent.reserved_tokens)
    return text
