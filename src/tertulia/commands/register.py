"""REGISTER and VERIFY (IRCv3 account-registration), and making an account, which NickServ shares.

What belongs here: what a new account must be. What must not: logging in (`credentials`), hashing
(`ports.Passwords`).
"""

from __future__ import annotations

import re
from typing import Any

from tertulia.commands import arguments, credentials
from tertulia.commands.registry import command
from tertulia.commands.turn import Turn
from tertulia.limits import EMAIL_BYTES, PASSWORD_BYTES
from tertulia.policy.defence import may_register
from tertulia.policy.user import may_take_nick
from tertulia.protocol import scram
from tertulia.protocol.accounts import AccountRecord
from tertulia.protocol.casemap import fold
from tertulia.state.events import RegisterAccount
from tertulia.state.network import Conflict

_EMAIL = re.compile(r"[^\s@<>,;:\"()\x00-\x20]+@[^\s@<>,;:\"()\x00-\x20]+")


class Unfit(Exception):
    """No account can be made of that: the code of a FAIL, and the fields of its words."""

    def __init__(self, code: str, **fields: Any) -> None:
        super().__init__(code)
        self.code, self.fields = code, fields


@command(
    "REGISTER <account> <email> <password>",
    "Make an account; * is your nick, or no address.",
    "Crea una cuenta; * es tu nombre, o ninguna dirección.",
    least=3,
    before=True,
    cost=5.0,
)
async def register(turn: Turn, params: list[str]) -> None:
    name, email, password = params[:3]
    if not _connected_enough(turn, "REGISTER"):
        return
    if turn.me == "*":
        turn.fail("REGISTER", "NEED_NICK", "*")
        return
    name = turn.me if name == "*" else name
    if (mine := credentials.account_of(turn)) is not None:
        turn.fail("REGISTER", "ALREADY_AUTHENTICATED", mine.name)
        return
    try:
        record = await make(turn, name, "" if email == "*" else email, password)
    except Unfit as unfit:
        turn.fail("REGISTER", unfit.code, arguments.shown(name), **unfit.fields)
        return
    turn.line("REGISTER", "SUCCESS", record.name, text=turn.words_of("REGISTERED"))
    await credentials.log_in(turn, record)


@command(
    "VERIFY <account> <code>",
    "Complete a registration; here none needs it.",
    "Completa un registro; aquí ninguno lo necesita.",
    least=2,
    before=True,
    cost=2.0,
)
async def verify(turn: Turn, params: list[str]) -> None:
    if not _connected_enough(turn, "VERIFY"):
        return
    if (mine := credentials.account_of(turn)) is not None:
        turn.fail("VERIFY", "ALREADY_AUTHENTICATED", mine.name)
        return
    turn.fail("VERIFY", "INVALID_CODE", arguments.shown(params[0]))


def _connected_enough(turn: Turn, verb: str) -> bool:
    """ "The server MUST NOT sent these replies if it advertizes the `before-connect` key"."""
    if turn.session.user is not None or turn.world.settings.before_connect:
        return True
    turn.fail(verb, "COMPLETE_CONNECTION_REQUIRED")
    return False


async def make(turn: Turn, name: str, email: str, password: str) -> AccountRecord:
    """A new account, stored; waits for the hash. Raises `Unfit`, `NotStored`."""
    world = turn.world
    if not (world.settings.accounts.registration and may_register(turn.network, turn.session.user)):
        raise Unfit("TEMPORARILY_UNAVAILABLE")
    if not may_take_nick(name):
        raise Unfit("BAD_ACCOUNT_NAME")
    holder = turn.network.user(name)
    if turn.network.accounts.named(name) is not None or holder not in (None, turn.session.user):
        raise Unfit("ACCOUNT_EXISTS")
    if email and (len(email.encode()) > EMAIL_BYTES or not _EMAIL.fullmatch(email)):
        raise Unfit("INVALID_EMAIL")
    check_password(turn, name, password)
    address = None if turn.session.peer.local else turn.session.peer.address
    if not world.guesses.registration(address, world.instant):
        raise Unfit("TEMPORARILY_UNAVAILABLE")
    hashed, verifier = await world.passwords.keep(credentials.canonical(password))
    now = world.now_ms // 1000
    record = AccountRecord(fold(name), name, now, hashed, verifier, email=email, seen_at=now)
    try:
        await world.propose(RegisterAccount(record), turn)
    except Conflict as conflict:
        full = conflict.reason == "account limit"
        raise Unfit("TEMPORARILY_UNAVAILABLE" if full else "ACCOUNT_EXISTS") from None
    return record


def check_password(turn: Turn, name: str, password: str) -> None:
    """Whether an account may have this password. Raises `Unfit`."""
    least = turn.world.settings.accounts.password_characters
    try:
        prepared = scram.prepared(password)
    except ValueError:
        raise Unfit("UNACCEPTABLE_PASSWORD", most=PASSWORD_BYTES) from None
    if len(password.encode()) > PASSWORD_BYTES:
        raise Unfit("UNACCEPTABLE_PASSWORD", most=PASSWORD_BYTES)
    if len(prepared) < least or fold(prepared) == fold(name):
        raise Unfit("WEAK_PASSWORD", least=least)
