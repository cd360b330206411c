"""`tertulia usage`: what the models cost, out of the ledger; also while the server runs.

What belongs here: arguments, adding up, and the three ways to print it. What must not: SQL.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tertulia.cli.complaints import sentence
from tertulia.cli.language import say, told
from tertulia.config import ConfigError, Settings, load, store_url
from tertulia.ports import StoreError
from tertulia.protocol.ledger import LOST, NANO, OPEN, Call

GROUPS: dict[str, Callable[[Call], str]] = {
    "day": lambda call: call.day,
    "month": lambda call: call.day[:7],
    "model": lambda call: call.model,
    "provider": lambda call: f"{call.provider} {call.provider_model}",
    "room": lambda call: call.caller.room or say("(private)", "(privado)"),
    "account": lambda call: call.caller.who,
    "purpose": lambda call: call.caller.purpose,
    "outcome": lambda call: call.outcome,
}


@dataclass(slots=True)
class Sum:
    """What one row of the table says."""

    name: str
    currency: str
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0
    nano: int = 0
    unpriced: int = 0  # calls of which nobody knows what they cost
    unpriced_tokens: int = 0
    estimated: int = 0  # calls whose tokens the provider did not report
    failed: int = 0

    def add(self, call: Call) -> None:
        self.calls += 1
        self.tokens_in += call.tokens_in
        self.tokens_out += call.tokens_out
        self.tokens_cached += call.tokens_cached
        self.nano += call.nano
        if not call.priced and call.used_tokens > 0:  # what failed before is free anyway
            self.unpriced += 1
            self.unpriced_tokens += call.used_tokens
        self.estimated += call.estimated
        self.failed += call.outcome not in ("whole", "stopped", OPEN)

    def cost(self) -> str:
        """For people: no zero stands where nobody knows the price."""
        known = f"{self.nano / NANO:.6f}"
        if not self.unpriced:
            return known
        if self.unpriced_tokens == self.tokens_in + self.tokens_out:
            return say("price unknown", "precio desconocido")
        return say(f"{known} + unknown", f"{known} + desconocido")

    def row(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "calls": self.calls,
            "tokens_in": self.tokens_in,
            "tokens_cached": self.tokens_cached,
            "tokens_out": self.tokens_out,
            "cost": f"{self.nano / NANO:.6f}",
            "currency": self.currency,
            "unpriced": self.unpriced,
            "estimated": self.estimated,
            "failed": self.failed,
        }


def run(by: str, since: str | None, until: str | None, form: str, named: Path | None) -> int:
    """Print the ledger, added up `by` one of `GROUPS`; `form`: "table", "csv" or "json". The exit code."""
    if by not in GROUPS:
        return _fail(
            say(f"--by must be one of {', '.join(GROUPS)}", f"--by debe ser uno de {', '.join(GROUPS)}")
        )
    try:
        settings = load(named)
        zone = ZoneInfo(settings.ledger.timezone)
        calls = list(_calls(settings, _milliseconds(since, zone, 0), _milliseconds(until, zone, 1 << 62)))
    except ConfigError as error:
        return _fail(*map(sentence, error.problems))
    except (StoreError, ValueError) as error:
        return _fail(told(error))
    FORMS[form](sums(calls, by), [one for one in calls if one.outcome in (OPEN, LOST)])
    return 0


def sums(calls: Iterable[Call], by: str) -> list[Sum]:
    """One for each name and currency, by name."""
    found: dict[tuple[str, str], Sum] = {}
    for call in calls:
        key = (GROUPS[by](call), call.currency)
        found.setdefault(key, Sum(*key)).add(call)
    return [found[key] for key in sorted(found)]


def _calls(settings: Settings, since_ms: int, until_ms: int) -> Iterator[Call]:
    if settings.store.durability == "off":
        raise ValueError(say("With durability = off nothing is kept", 'Con durability = "off" no queda nada'))
    from tertulia.store.ledger import read_calls

    return read_calls(store_url(settings), since_ms, until_ms)


def _milliseconds(text: str | None, zone: ZoneInfo, otherwise: int) -> int:
    """Milliseconds since 1970 of a day or time, in the ledger's time zone. Raises ValueError."""
    if text is None:
        return otherwise
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        wanted = say("is not a day; write 2026-01-31", "no es un día; escribe 2026-01-31")
        raise ValueError(f"{text!r} {wanted}") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp() * 1_000)


# --- Printing ---------------------------------------------------------------------------------------------

HEADS = {
    "name": ("", ""),
    "calls": ("calls", "llamadas"),
    "tokens_in": ("tokens in", "tokens leídos"),
    "tokens_cached": ("cached", "ya leídos"),
    "tokens_out": ("tokens out", "tokens escritos"),
    "cost": ("cost", "coste"),
    "currency": ("", ""),
    "unpriced": ("unpriced", "sin precio"),
    "estimated": ("estimated", "estimadas"),
    "failed": ("failed", "fallidas"),
}


def _table(rows: list[Sum], left: list[Call]) -> None:
    from rich.console import Console
    from rich.table import Table

    width = None if sys.stdout.isatty() else 120
    console = Console(width=width, highlight=False, markup=False, emoji=False, soft_wrap=True)
    table = Table(box=None, pad_edge=False)
    for key, head in HEADS.items():
        table.add_column(say(*head), justify="left" if key in ("name", "currency") else "right", no_wrap=True)
    for row in rows:
        shown = {**row.row(), "cost": row.cost()}
        table.add_row(*(str(shown[key]) for key in HEADS))
    console.print(table)
    if not rows:
        console.print(say("No calls.", "Ninguna llamada."))
    for call in left:
        console.print(_reservation(call))


def _reservation(call: Call) -> str:
    what = f"{call.reserved_tokens} tokens, {call.reserved_nano / NANO:.6f} {call.currency}"
    who = f"{call.model}, {call.caller.who}, {call.caller.room or '-'}, {call.day}"
    if call.outcome == LOST:
        return say(f"never settled, released: {who}: {what}", f"sin cerrar, liberada: {who}: {what}")
    return say(f"under way, reserved: {who}: {what}", f"en curso, reservado: {who}: {what}")


def _csv(rows: list[Sum], left: list[Call]) -> None:
    writer = csv.DictWriter(sys.stdout, list(HEADS), lineterminator="\n")
    writer.writeheader()
    writer.writerows(row.row() for row in rows)


def _json(rows: list[Sum], left: list[Call]) -> None:
    reserved = [
        {
            "model": call.model, "who": call.caller.who, "room": call.caller.room, "day": call.day,
            "tokens": call.reserved_tokens, "cost": f"{call.reserved_nano / NANO:.6f}",
            "currency": call.currency, "state": call.outcome,
        }
        for call in left
    ]  # fmt: skip
    told = {"rows": [row.row() for row in rows], "reservations": reserved}
    print(json.dumps(told, ensure_ascii=False, indent=2))


FORMS = {"table": _table, "csv": _csv, "json": _json}


def _fail(*lines: str) -> int:
    print(*lines, sep="\n", file=sys.stderr)
    return 1
