"""Who may use a tool: rules of the configuration, asked at every call.

What belongs here: the pure decision. What must not: who somebody is (the server says so), where rules stand.

A rule is a list of conditions that all must hold; one rule that holds is enough, and without rules nobody
may. `*` always holds; `model:lola`, `room:#ops` and `account:ana` hold for that one, `account:*` for whoever
is logged in, `operators` for operators of the room the question was asked in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tertulia.protocol.casemap import fold


@dataclass(frozen=True, slots=True)
class Asker:
    """On whose behalf a tool is called, and where."""

    model: str
    room: str  # "": in private
    account: str | None
    operator: bool = False  # of that room


def allows(rules: Iterable[str], asker: Asker) -> bool:
    return any(bool(rule.split()) and all(_holds(one, asker) for one in rule.split()) for rule in rules)


def _holds(condition: str, asker: Asker) -> bool:
    kind, _, name = condition.partition(":")
    if not name:
        return condition == "*" or (condition == "operators" and asker.operator)
    if condition == "account:*":
        return asker.account is not None
    return _same({"model": asker.model, "room": asker.room, "account": asker.account}.get(kind), name)


def _same(found: str | None, name: str) -> bool:
    return bool(found) and fold(found or "") == fold(name)
