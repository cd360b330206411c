"""AUTHENTICATE (IRCv3 sasl-3.1, sasl-3.2): a SASL exchange in lines of IRC.

What belongs here: chunks, numerics, and handing what a mechanism wants to know to `credentials`. What must
not: the mechanisms (`protocol.sasl`).
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as NotBase64

from tertulia.commands import credentials
from tertulia.commands.attaching import without_device
from tertulia.commands.credentials import Closed, Suspended
from tertulia.commands.registry import command
from tertulia.commands.turn import Turn
from tertulia.limits import SASL_BYTES, SASL_CHUNK
from tertulia.protocol import sasl, scram
from tertulia.protocol.accounts import AccountRecord
from tertulia.protocol.capabilities import SASL
from tertulia.protocol.reasons import LOGIN_REASONS


class Exchange:
    """One exchange under way."""

    __slots__ = ("mechanism", "record", "text")

    def __init__(self, mechanism: sasl.Mechanism) -> None:
        self.mechanism = mechanism
        self.text = ""  # of the response so far, in base64
        self.record: AccountRecord | None = None  # whose verifier SCRAM was given


@command(
    "AUTHENTICATE <mechanism or data>",
    "Log in to your account by SASL.",
    "Entra en tu cuenta por SASL.",
    least=1,
    before=True,
)
async def authenticate(turn: Turn, params: list[str]) -> None:
    session, data = turn.session, params[0]
    try:
        if not session.capabilities & SASL:
            raise Closed("capability")
        if session.exchange is None:
            _begin(turn, data)
        elif data == "*":
            abort(turn)
        elif len(data) > SASL_CHUNK or len(session.exchange.text) + len(data) > SASL_BYTES:
            session.exchange = None
            turn.numeric("ERR_SASLTOOLONG")
        else:
            await _go_on(turn, session.exchange, data)
    except (Closed, sasl.Malformed) as closed:
        session.exchange = None
        fail(turn, closed.why if isinstance(closed, Closed) else "wrong")
    except Suspended as suspended:
        session.exchange = None
        turn.numeric("ERR_NICKLOCKED", reason=suspended.reason)


def _begin(turn: Turn, name: str) -> None:
    """ "The initial client message specifies the SASL mechanism to be used"."""
    session = turn.session
    if name == "*":
        abort(turn)
        return
    if session.user is None and session.account:  # once there is a user, sasl-3.2: "reauthenticate"
        turn.numeric("ERR_SASLALREADY")
        return
    mechanism = sasl.MECHANISMS.get(name.upper())
    if mechanism is None:
        turn.numeric("RPL_SASLMECHS", ",".join(sasl.MECHANISMS))
        raise Closed("mechanism")
    session.exchange = Exchange(mechanism())
    turn.items.append("AUTHENTICATE +\r\n")


def abort(turn: Turn) -> None:
    turn.session.exchange = None
    turn.numeric("ERR_SASLABORTED")


async def _go_on(turn: Turn, exchange: Exchange, data: str) -> None:
    """ "If the last chunk was exactly 400 bytes long, it must also be followed by `AUTHENTICATE +`"."""
    exchange.text += "" if data == "+" else data
    if len(data) == SASL_CHUNK:
        return
    text, exchange.text = exchange.text, ""
    try:
        response = b64decode(text, validate=True)
    except (NotBase64, ValueError):
        raise Closed("base64") from None
    outcome = exchange.mechanism.receive(response)
    if isinstance(outcome, sasl.VerifierWanted):
        outcome = _scram_challenge(turn, exchange, without_device(turn, outcome.name))
    if isinstance(outcome, bytes):
        _challenge(turn, outcome)
    else:
        await _succeed(turn, await _opened(turn, exchange, outcome))


def _scram_challenge(turn: Turn, exchange: Exchange, name: str) -> bytes:
    """That there is no such account may be known: names of accounts are no secret, REGISTER tells them."""
    assert isinstance(exchange.mechanism, sasl.Scram)
    credentials.guess(turn, name)
    record = turn.network.accounts.named(name)
    if record is None or not record.scram:
        raise Closed("wrong")
    exchange.record = record
    ids = turn.world.ids
    return exchange.mechanism.challenge(scram.read(record.scram), ids.token() + ids.token())


async def _opened(turn: Turn, exchange: Exchange, outcome: sasl.Outcome) -> AccountRecord:
    """The account that is the client's, as it has shown. Raises `Closed`, `Suspended`."""
    if isinstance(outcome, sasl.GivenPassword):
        return await credentials.by_password(turn, without_device(turn, outcome.name), outcome.password)
    if isinstance(outcome, sasl.GivenCertificate):
        return credentials.by_certificate(turn, without_device(turn, outcome.name))
    assert exchange.record is not None
    return credentials.opened(turn, exchange.record)


async def _succeed(turn: Turn, record: AccountRecord) -> None:
    """ "If authentication is successful, a 900 and 903 numeric will be sent"."""
    turn.session.exchange = None
    await credentials.log_in(turn, record)
    turn.numeric("RPL_SASLSUCCESS")


def _challenge(turn: Turn, challenge: bytes) -> None:
    text = b64encode(challenge).decode()
    chunks = [text[at : at + SASL_CHUNK] for at in range(0, len(text), SASL_CHUNK)]
    if not chunks or len(chunks[-1]) == SASL_CHUNK:
        chunks.append("+")
    turn.items += [f"AUTHENTICATE {chunk}\r\n" for chunk in chunks]


def fail(turn: Turn, why: str) -> None:
    """ERR_SASLFAIL, with what went wrong in the session's language."""
    english, spanish = LOGIN_REASONS[why]
    turn.numeric("ERR_SASLFAIL", reason=spanish if turn.session.language == "es" else english)
