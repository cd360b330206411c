"""What is said about bans of the server, in English and Spanish: to operators, and to the banned.

What belongs here: texts with their fields. What must not: when they are said (`bans`, `banning`).
"""

from __future__ import annotations

from datetime import UTC, datetime

from tertulia.protocol.bans import BanRecord, shown

WORDS: dict[str, tuple[str, str]] = {
    "set": (
        "{effect} on {target} {until}: {reason}; {hit} put out",
        "{effect} a {target} {until}: {reason}; {hit} fuera",
    ),
    "lifted": ("Lifted: {target}", "Levantado: {target}"),
    "unknown": (
        "There is no ban on {target}; UBAN LIST shows those there are",
        "No hay veto sobre {target}; UBAN LIST dice cuáles hay",
    ),
    "no target": (
        "{target} is nobody here, and no address, network, mask, account:name or realname:pattern",
        "{target} no es nadie de aquí, ni dirección, red, máscara, account:cuenta o realname:patrón",
    ),
    "account unknown": ("There is no account {target}", "No existe la cuenta {target}"),
    "wide": (
        "{target} would shut out too many by mistake; with FORCE it is done all the same",
        "{target} dejaría fuera a demasiada gente por error; con FORCE se hace de todos modos",
    ),
    "yourself": (
        "{target} would shut yourself out; with FORCE it is done all the same",
        "{target} te dejaría fuera a ti; con FORCE se hace de todos modos",
    ),
    "many": (
        "{target} would shut out many who have been here for a while; with FORCE it is done all the same",
        "{target} dejaría fuera a mucha gente que lleva un rato aquí; con FORCE se hace de todos modos",
    ),
    "duration": (
        "{duration} is no duration: 30m, 2h, 1d12h, 2w",
        "{duration} no es una duración: 30m, 2h, 1d12h, 2w",
    ),
    "full": ("There are too many bans already; lift some", "Ya hay demasiados vetos; levanta alguno"),
    "entry": (
        "{number}. {effect} {target} {until}, by {by} on {at}: {reason}{note}",
        "{number}. {effect} {target} {until}, por {by} el {at}: {reason}{note}",
    ),
    "none": ("No bans", "No hay vetos"),
    "end": ("End: {count}", "Fin: {count}"),
    "test": ("{target} would hit {hit} of {all} here: {nicks}", "{target} afecta a {hit} de {all}: {nicks}"),
    "info": (
        "{nick} is {prefix}, address {address}, account {account}: {state}",
        "{nick} es {prefix}, dirección {address}, cuenta {account}: {state}",
    ),
    "free": ("nothing hits them", "nada le afecta"),
    "syntax": ("Syntax: {syntax}", "Se escribe: {syntax}"),
    "ban": ("ban", "veto"),
    "login": ("login needed", "solo con cuenta"),
    "exempt": ("exemption", "exención"),
    "for ever": ("for ever", "sin fin"),
    "until": ("until {until} UTC", "hasta el {until} UTC"),
    "no reason": ("no reason given", "sin motivo"),
}

TOLD = (
    "You are banned from this server: {reason}. {until}.",
    "Tienes un veto en este servidor: {reason}. {until}.",
)
CONTACT = (" Questions: {contact}", " Preguntas: {contact}")
FOR_EVER = ("It does not expire", "No caduca")
EXPIRES = ("It ends on {until} UTC", "Acaba el {until} UTC")


def words(word: str, language: str, **fields: object) -> str:
    return WORDS[word][language == "es"].format(**fields)


def told(record: BanRecord, language: str, admin: tuple[str, ...]) -> str:
    """What the banned are told: why, until when, and whom to ask (the last line of `server.admin`)."""
    at = language == "es"
    until = EXPIRES[at].format(until=moment(record.expires_at)) if record.expires_at else FOR_EVER[at]
    text = TOLD[at].format(reason=reason_of(record, language), until=until)
    contact = next((line for line in reversed(admin) if line), "")
    return text + (CONTACT[at].format(contact=contact) if contact else "")


def ends(record: BanRecord, language: str) -> str:
    if not record.expires_at:
        return words("for ever", language)
    return words("until", language, until=moment(record.expires_at))


def reason_of(record: BanRecord, language: str) -> str:
    return record.reason or words("no reason", language)


def entry(number: int, record: BanRecord, language: str) -> str:
    """One line of the list."""
    return words(
        "entry", language, number=number, effect=words(record.effect, language),
        target=shown(record.kind, record.target), until=ends(record, language), by=record.set_by,
        at=moment(record.set_at), reason=reason_of(record, language), note=note_of(record),
    )  # fmt: skip


def note_of(record: BanRecord) -> str:
    return f" | {record.note}" if record.note else ""


def moment(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M}"
