"""Showing that an account is one's own, and being logged in to it: what SASL, REGISTER and NickServ share.

What belongs here: passwords and certificates to accounts, and the login itself. What must not: the words of
the protocol around it.
"""

from __future__ import annotations

from tertulia.commands import ban_words, opering
from tertulia.commands.turn import Turn, World
from tertulia.limits import PASSWORD_BYTES
from tertulia.policy import agents
from tertulia.protocol import scram
from tertulia.protocol.accounts import AccountRecord, setting
from tertulia.protocol.agents import opens
from tertulia.protocol.casemap import fold
from tertulia.protocol.cloak import host_of
from tertulia.protocol.numerics import LANGUAGES
from tertulia.state.events import LogIn


class Closed(Exception):
    """The account does not open. `why` is a key of `reasons.LOGIN_REASONS`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Suspended(Exception):
    """The account is suspended; `reason` is what its owner is told."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


async def by_password(turn: Turn, name: str, given: str) -> AccountRecord:
    """The account of this name, once the password has opened it; waits for the hash. Raises `Closed`,
    `Suspended`."""
    return await password_opens(turn.world, _address(turn), name, given, turn.world.instant)


async def password_opens(
    world: World, address: str | None, name: str, given: str, now: float
) -> AccountRecord:
    """The same without a session. `address`: whom the attempt is counted against; `now`: monotonic."""
    if not world.guesses.guess(fold(name), address, now):
        raise Closed("throttled")
    record = world.network.accounts.named(name)
    agent = world.network.agents.of(record.key) if record is not None else None
    if record is not None and agent is not None:
        if not opens(agent, given):
            raise Closed("wrong")
        if why := agents.why_closed(world.network, agent, world.now_ms // 1000):
            raise Closed(why)
        return _still_open(world, record, address, now)
    if record is None or not record.password or len(given.encode()) > PASSWORD_BYTES:
        raise Closed("wrong")
    if not await world.passwords.verify(record.password, canonical(given)):
        raise Closed("wrong")
    return _still_open(world, record, address, now)


def by_certificate(turn: Turn, name: str) -> AccountRecord:
    """The account that the client's certificate opens, which must be `name` unless that is empty."""
    fingerprint = turn.session.peer.fingerprint
    if fingerprint is None:
        raise Closed("no certificate")
    record = turn.network.accounts.of_certificate(fingerprint)
    if record is None or (name and fold(name) != record.key):
        raise Closed("certificate")
    return _usable(turn.world, record)


def guess(turn: Turn, name: str) -> None:
    """Count an attempt. Raises `Closed` when there were too many."""
    if not turn.world.guesses.guess(fold(name), _address(turn), turn.world.instant):
        raise Closed("throttled")


def opened(turn: Turn, record: AccountRecord) -> AccountRecord:
    """The attempt succeeded. Raises when the account has changed meanwhile or may not be used."""
    return _still_open(turn.world, record, _address(turn), turn.world.instant)


def _still_open(world: World, record: AccountRecord, address: str | None, instant: float) -> AccountRecord:
    now = world.network.accounts.named(record.key)
    if now is None or (now.created_at, now.password) != (record.created_at, record.password):
        raise Closed("wrong")
    world.guesses.right(record.key, address, instant)
    return _usable(world, now)


def _usable(world: World, record: AccountRecord) -> AccountRecord:
    if record.suspended:
        raise Suspended(record.suspended)
    ban = world.network.bans.of_account(record.key, "ban", world.now_ms // 1000)
    if ban is not None:
        raise Suspended(ban_words.told(ban, world.settings.language, world.settings.admin))
    if not record.verified:
        raise Closed("unverified")
    return record


def _address(turn: Turn) -> str | None:
    """Whom attempts are counted against. Those on this machine share one address, maybe a proxy's."""
    peer = turn.session.peer
    return None if peer.local else peer.address


def canonical(password: str) -> str:
    """The one form in which a password is hashed and compared: as typed when SASLprep has none for it."""
    try:
        return scram.prepared(password)
    except ValueError:
        return password


async def log_in(turn: Turn, record: AccountRecord) -> None:
    """The session is logged in from now on, whether it has a user already or not; RPL_LOGGEDIN says so.
    Raises `Closed`."""
    session, world = turn.session, turn.world
    late = session.user is not None and session.user.account != record.name
    if late and world.network.agents.of(record.key) is not None:
        raise Closed("agent")  # it would be in rooms that its token is not for
    if (language := setting(record, "language")) in LANGUAGES:
        session.language = language
    if session.user is None or session.user.account == record.name:
        session.account = record.key
        turn.numeric("RPL_LOGGEDIN", prefix(turn), record.name, account=record.name)
        return
    if session.user.account is not None and len(world.sessions(session.user)) > 1:
        raise Closed("shared")  # the others have not shown that they own that account
    await world.propose(LogIn(turn.user.id, record.key, world.now_ms // 1000), turn)
    await opering.automatic(turn)


def account_of(turn: Turn) -> AccountRecord | None:
    """The account that the session is logged in to, before or after it has a user."""
    session = turn.session
    name = session.account if session.user is None else session.user.account
    return turn.network.accounts.named(name) if name else None


def prefix(turn: Turn) -> str:
    """nick!user@host, as far as it is known."""
    session = turn.session
    if session.user is not None:
        return session.user.prefix
    host = host_of(session.peer.address, turn.world.settings.cloak_key)
    return f"{session.nick_wanted or '*'}!{session.username or '*'}@{host}"
