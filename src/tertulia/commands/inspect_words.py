"""What INSPECT says, in English and Spanish.

What belongs here: texts with their fields, and small pieces of them. What must not: who is told (`inspect`).
"""

from __future__ import annotations

from datetime import UTC, datetime

from tertulia.protocol.bans import written
from tertulia.protocol.inspected import Spending
from tertulia.protocol.ledger import NANO

WORDS: dict[str, tuple[str, str]] = {
    "me": ("You are the operator {name} ({title}). Rights: {rights}",
           "Eres el operador {name} ({title}). Derechos: {rights}"),
    "no title": ("no title", "sin título"),
    "member": (
        "{nick} ({user}@{host}{address}), account {account}, by {door} since {since} UTC, rooms: {rooms}, "
        "silent for {idle}{flags}",
        "{nick} ({user}@{host}{address}), cuenta {account}, por {door} desde {since} UTC, salas: {rooms}, "
        "en silencio {idle}{flags}",
    ),
    "operator": (", operator {name}", ", operador {name}"),
    "bot": (", a program", ", un programa"),
    "away": (", away", ", ausente"),
    "absent": (", without a connection", ", sin conexión"),
    "rooms": ("Rooms of {nick}: {rooms}", "Salas de {nick}: {rooms}"),
    "session": (
        "Connection of {nick}: {door}{address}{device}, since {since} UTC, silent for {idle}, "
        "waiting {waiting} bytes",
        "Conexión de {nick}: {door}{address}{device}, desde {since} UTC, en silencio {idle}, "
        "esperan {waiting} bytes",
    ),
    "hit": ("{effect} on {nick}: {target}", "{effect} para {nick}: {target}"),
    "model": (
        "{nick}: {provider} {model}, {state}; breaker {breaker}, {waiting} waiting, {speaking} speaking, "
        "queue {queue}; {calls} calls, {failed} failed, first word {first}",
        "{nick}: {provider} {model}, {state}; cortacircuitos {breaker}, {waiting} en espera, "
        "{speaking} hablando, cola {queue}; {calls} llamadas, {failed} fallidas, primera palabra {first}",
    ),
    "spent": ("{who}: today {day}; this month {month}", "{who}: hoy {day}; este mes {month}"),
    "everybody": ("All models", "Todos los modelos"),
    "trouble": ("{nick}, last error ({at} UTC, {kind}): {text}",
                "{nick}, último error ({at} UTC, {kind}): {text}"),
    "amount of one": ("1 call, {tokens} tokens, {cost}", "1 llamada, {tokens} tokens, {cost}"),
    "amount": ("{calls} calls, {tokens} tokens, {cost}", "{calls} llamadas, {tokens} tokens, {cost}"),
    "unpriced": ("price unknown", "precio desconocido"),
    "partly": ("{cost} + unknown", "{cost} + desconocido"),
    "of": (" of {bound}", " de {bound}"),
    "unknown": ("the ledger cannot be read", "no se puede leer el libro de cuentas"),
    "metrics": (
        "Up {up}; {connections} connections, {members} members, {rooms} rooms; {messages} messages, "
        "{stored} stored; send queues {queued} bytes, the longest {most}; lag {lag}; models: {calls} calls, "
        "{speaking} speaking",
        "En marcha {up}; {connections} conexiones, {members} miembros, {rooms} salas; {messages} mensajes, "
        "{stored} guardados; colas de envío {queued} bytes, la mayor {most}; retraso {lag}; "
        "modelos: {calls} llamadas, {speaking} hablando",
    ),
    "end": ("End: {count} of {all}", "Fin: {count} de {all}"),
    "none": ("There are no models here", "Aquí no hay modelos"),
}  # fmt: skip
BREAKER = {
    "closed": ("closed", "cerrado"),
    "half-open": ("half-open", "entreabierto"),
    "open": ("open", "abierto"),
}


def words(word: str, language: str, **fields: object) -> str:
    return WORDS[word][language == "es"].format(**fields)


def moment(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M}"


def lasting(seconds: float) -> str:
    """`3m12s`"""
    return written(int(seconds))


def milliseconds(value: object) -> str:
    return "–" if value is None else f"{value} ms"


def amount(spending: Spending | None, currency: str, language: str) -> str:
    """`3 calls, 1200 tokens, 0.0042 USD of 5.00 USD`"""
    if spending is None:
        return words("unknown", language)
    word = "amount of one" if spending.calls == 1 else "amount"
    cost = f"{spending.nano / NANO:.4f} {currency}"
    if spending.unpriced_tokens:  # no zero stands where nobody knows the price
        whole = spending.unpriced_tokens == spending.tokens
        cost = words("unpriced" if whole else "partly", language, cost=cost)
    text = words(word, language, calls=spending.calls, tokens=spending.tokens, cost=cost)
    bounds = []
    if spending.most_nano is not None:
        bounds.append(f"{spending.most_nano / NANO:.2f} {currency}")
    if spending.most_tokens is not None:
        bounds.append(f"{spending.most_tokens} tokens")
    return text + "".join(words("of", language, bound=bound) for bound in bounds)
