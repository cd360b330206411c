"""NickServ: the commands about accounts that people know by heart, in English and Spanish.

What belongs here: verbs and their answers. What must not: what they share with SASL and REGISTER
(`credentials`, `register`), and texts (`account_words`). What is said to NickServ is
never relayed, and never stored.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

from tertulia.commands import (
    account_export,
    account_sessions,
    credentials,
    persistence,
    preferences,
    register,
)
from tertulia.commands.answering import NICKSERV, Said, Verb, Verbs, answer, own, say, words
from tertulia.commands.credentials import Closed, Suspended
from tertulia.commands.registry import command
from tertulia.commands.sentence import Words
from tertulia.commands.turn import Turn
from tertulia.limits import CERTIFICATES_PER_ACCOUNT
from tertulia.protocol.accounts import AccountRecord
from tertulia.protocol.casemap import fold
from tertulia.protocol.reasons import LOGIN_REASONS
from tertulia.state.events import ChangeAccount, DeleteAccount, LogOut
from tertulia.state.network import Conflict

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@command("NS <verb> [<words>]", "Talk to NickServ about your account: HELP.",
         "Habla con NickServ de tu cuenta: AYUDA.", cost=3.0)  # fmt: skip
async def ns(turn: Turn, params: list[str]) -> None:
    await heard(turn, " ".join(params))


@command("NICKSERV <verb> [<words>]", "The same as NS.", "Lo mismo que NS.", cost=3.0)
async def nickserv(turn: Turn, params: list[str]) -> None:
    await heard(turn, " ".join(params))


async def heard(turn: Turn, text: str) -> None:
    """Carry out what was said to NickServ, and answer."""
    try:
        await VERBS.heard(turn, text)
    except Closed as closed:
        answer(turn, "closed", reason=LOGIN_REASONS[closed.why][turn.session.language == "es"])
    except Suspended as suspended:
        answer(turn, "suspended", reason=suspended.reason)
    except register.Unfit as unfit:
        say(turn, turn.words_of(unfit.code, **unfit.fields))


# --- coming and going -----------------------------------------------------------------------------


async def _register(turn: Turn, params: Words) -> None:
    """What ends with an address has one; all before it is the password."""
    if (mine := credentials.account_of(turn)) is not None:
        raise Said("already", account=mine.name)
    email = params[-1] if len(params) > 1 and "@" in params[-1] else ""
    password = params.rest(0, -1 if email else None)
    record = await register.make(turn, turn.user.nick, email, password)
    await credentials.log_in(turn, record)
    answer(turn, "registered", account=record.name)


async def _identify(turn: Turn, params: Words) -> None:
    named = len(params) > 1
    name, password = (params[0], params.rest(1)) if named else (turn.user.nick, params[0])
    record = await credentials.by_password(turn, name, password)
    await credentials.log_in(turn, record)
    answer(turn, "welcome", account=record.name)


async def _logout(turn: Turn, params: list[str]) -> None:
    own(turn)
    if len(turn.world.sessions(turn.user)) > 1:
        raise Closed("shared")
    await turn.world.propose(LogOut(turn.user.id), turn)


async def _password(turn: Turn, params: Words) -> None:
    record = own(turn)
    if record.password:
        record = await credentials.by_password(turn, record.name, params[0])
    given = params.rest(1)
    register.check_password(turn, record.name, given)
    password, scram = await turn.world.passwords.keep(credentials.canonical(given))
    await turn.world.propose(ChangeAccount(replace(own(turn), password=password, scram=scram)), turn)
    answer(turn, "password changed")


async def _set(turn: Turn, params: list[str]) -> None:
    before = own(turn).settings
    await preferences.verb(turn, params)
    if own(turn).settings != before:
        for session in turn.world.sessions_of_account(turn.user):
            persistence.tell(turn.world, session)


async def _drop(turn: Turn, params: Words) -> None:
    with_words = len(params) > 1 and fold(params[-1]) in ("words", "palabras")
    password = params.rest(0, -1 if with_words else None)
    record = await credentials.by_password(turn, own(turn).name, password)
    await turn.world.propose(DeleteAccount(record.key, with_words, turn.world.now_ms // 1000), turn)
    answer(turn, "dropped with words" if with_words else "dropped", account=record.name)


# --- certificates ---------------------------------------------------------------------------------


async def _cert(turn: Turn, params: list[str]) -> None:
    record = own(turn)
    action = fold(params[0]) if params else "list"
    if action in ("list", "lista"):
        _list_certificates(turn, record)
    elif action in ("add", "añadir"):
        await _add_certificate(turn, record, params[1] if len(params) > 1 else None)
    elif action in ("del", "borrar") and len(params) > 1:
        await _delete_certificate(turn, record, _fingerprint(params[1]))
    else:
        raise Said("syntax")


def _list_certificates(turn: Turn, record: AccountRecord) -> None:
    if not record.certificates:
        raise Said("no certificates")
    for number, fingerprint in enumerate(record.certificates, 1):
        answer(turn, "certificate", number=number, fingerprint=fingerprint)


async def _add_certificate(turn: Turn, record: AccountRecord, given: str | None) -> None:
    fingerprint = _fingerprint(given) if given else turn.session.peer.fingerprint
    if fingerprint is None:
        raise Said("no certificate")
    if fingerprint in record.certificates:
        raise Said("certificate there")
    if len(record.certificates) >= CERTIFICATES_PER_ACCOUNT:
        raise Said("certificate limit", limit=CERTIFICATES_PER_ACCOUNT)
    changed = replace(record, certificates=(*record.certificates, fingerprint))
    try:
        await turn.world.propose(ChangeAccount(changed), turn)
    except Conflict:
        raise Said("certificate taken") from None
    answer(turn, "certificate added", fingerprint=fingerprint)


async def _delete_certificate(turn: Turn, record: AccountRecord, fingerprint: str) -> None:
    if fingerprint not in record.certificates:
        raise Said("certificate unknown")
    left = tuple(one for one in record.certificates if one != fingerprint)
    await turn.world.propose(ChangeAccount(replace(record, certificates=left)), turn)
    answer(turn, "certificate gone")


def _fingerprint(text: str) -> str:
    """As `openssl x509 -fingerprint -sha256` writes it, with colons, or without."""
    found = text.replace(":", "").lower()
    if not _FINGERPRINT.fullmatch(found):
        raise Said("bad fingerprint")
    return found


# --- telling --------------------------------------------------------------------------------------


async def _info(turn: Turn, params: list[str]) -> None:
    name = params[0] if params else own(turn).name
    record = turn.network.accounts.named(name)
    if record is None:
        raise Said("no account", account=name[:64])
    state = words(turn, "is suspended") if record.suspended else ""
    answer(turn, "info", account=record.name, created=_day(record.created_at), seen=_day(record.seen_at),
           state=state)  # fmt: skip
    mine = credentials.account_of(turn)
    if mine is not None and mine.key == record.key:
        sessions = len(turn.network.logged_in(record.key))
        answer(turn, "info own", email=record.email or words(turn, "none"),
               certificates=len(record.certificates), sessions=sessions)  # fmt: skip


def _day(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"


_TABLE = (
    Verb("REGISTER", "REGISTRAR", "REGISTER <password> [<email>]", "make an account of your nick",
         "haz de tu nombre una cuenta", 1, _register),
    Verb("IDENTIFY", "ENTRAR", "IDENTIFY [<account>] <password>", "log in", "entra en tu cuenta", 1,
         _identify),
    Verb("LOGOUT", "SALIR", "LOGOUT", "log out", "sal de tu cuenta", 0, _logout),
    Verb("PASSWORD", "CONTRASEÑA", "PASSWORD <old> <new>", "change the password", "cambia la contraseña", 2,
         _password),
    Verb("CERT", "CERTIFICADO", "CERT [LIST | ADD [<fingerprint>] | DEL <fingerprint>]",
         "certificates that open your account", "certificados que abren tu cuenta", 0, _cert),
    Verb("SESSIONS", "SESIONES", "SESSIONS [LIST | CLOSE <number> | CLOSE OTHERS]",
         "where you are logged in", "dónde has entrado", 0, account_sessions.sessions),
    Verb("GHOST", "FANTASMA", "GHOST <nick>", "end the sessions of a user of your account",
         "corta las sesiones de un usuario de tu cuenta", 1, account_sessions.ghost),
    Verb("SET", "PONER", "SET [<setting> [<value>]]", "what you prefer", "lo que prefieres", 0,
         _set),
    Verb("INFO", "DATOS", "INFO [<account>]", "about an account", "sobre una cuenta", 0, _info),
    Verb("EXPORT", "EXPORTAR", "EXPORT", "your own data, to take along", "tus datos, para llevártelos", 0,
         account_export.export),
    Verb("DROP", "BORRAR", "DROP <password> [WORDS]", "delete your account, and with WORDS all that it said",
         "borra tu cuenta, y con PALABRAS todo lo que dijo", 1, _drop),
)  # fmt: skip

_OTHER_NAMES = {
    "IDENTIFY": ("ID", "LOGIN"),
    "PASSWORD": ("PASSWD", "CONTRASENA"),
    "CERT": ("CERTIFICATE",),
    "SESSIONS": ("CLIENTS",),
    "GHOST": ("RECOVER", "RELEASE", "REGAIN"),
    "DROP": ("DELETE", "UNREGISTER"),
}
VERBS = Verbs(NICKSERV, _TABLE, _OTHER_NAMES, quotes=True)
