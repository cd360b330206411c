"""INSPECT: how the server, its members and its models are, for operators; in words, and as facts.

What belongs here: who may ask for what, and which facts are told. What must not: words (`inspect_words`),
where numbers of the models come from (`ports.Inspector`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tertulia.commands import arguments, ban_words, facts
from tertulia.commands.inspect_words import BREAKER, amount, lasting, milliseconds, moment, words
from tertulia.commands.members import Wanted, found, member_facts
from tertulia.commands.registry import command, need
from tertulia.commands.turn import Refuse, Session, Turn
from tertulia.limits import INSPECT_PAGE
from tertulia.policy.bans import who_is
from tertulia.policy.user import may_see_address
from tertulia.protocol.bans import shown
from tertulia.protocol.inspected import ModelFacts, Spending
from tertulia.protocol.text import one_line
from tertulia.state.user import User

SYNTAX = (
    "INSPECT ME | MEMBERS [<pattern>] [sort=[-]<fact>] [from=<number>] | MEMBER <nick> | MODELS | METRICS"
)
ROOMS_BYTES = 600  # of the names of somebody's rooms; WHOIS has them all


@command(
    "INSPECT ME | MEMBERS [<pattern>] [sort=[-]<fact>] [from=<number>] | MEMBER <nick> | MODELS | METRICS",
    "For operators: your rights, members, models with their health and spending, numbers of the server.",
    "Para operadores: tus derechos, miembros, modelos con su salud y su gasto, números del servidor.",
    least=1,
    cost=2.0,
)
async def inspect(turn: Turn, params: list[str]) -> None:
    if turn.user.operator is None:
        raise Refuse("ERR_NOPRIVILEGES")
    verb = _VERBS.get(params[0].upper())
    if verb is None or len(params) <= verb.least:
        turn.fail("INSPECT", "INVALID_PARAMS", plainly=True, syntax=SYNTAX)
        return
    if verb.right:
        need(turn, verb.right)
    verb.handler(turn, " ".join(params[1:]).split())


def say(turn: Turn, word: str, **fields: object) -> str:
    return words(word, turn.session.language, **fields)


# --- Oneself ------------------------------------------------------------------------------------------------


def _me(turn: Turn, params: list[str]) -> None:
    user, rights = turn.user, sorted(turn.user.rights)
    text = say(
        turn, "me", name=user.operator, title=user.title or say(turn, "no title"), rights=" ".join(rights)
    )
    facts.tell(turn, text, "me", name=user.operator, title=user.title, rights=rights)


# --- Who is here --------------------------------------------------------------------------------------------


def _members(turn: Turn, params: list[str]) -> None:
    wanted = Wanted.of(params)
    users = found(turn, wanted)
    page = users[wanted.start : wanted.start + INSPECT_PAGE]
    for user in page:
        _member_line(turn, user)
    end = say(turn, "end", count=len(page), all=len(users))
    facts.tell(turn, end, "end", of="members", count=len(page), start=wanted.start, all=len(users))


def _member_line(turn: Turn, user: User) -> None:
    told = member_facts(turn, user)
    flags = [say(turn, name) for name in ("bot", "away", "absent") if told[name]]
    if user.operator is not None:
        flags.append(say(turn, "operator", name=user.operator))
    text = say(
        turn, "member", nick=user.nick, user=user.username, host=user.host,
        address=f", {told['address']}" if told["address"] else "", account=user.account or "*",
        door=user.door, since=moment(user.signon), rooms=len(user.rooms),
        idle=lasting(float(str(told["idle"]))), flags="".join(flags),
    )  # fmt: skip
    facts.tell(turn, text, "member", **told)


def _member(turn: Turn, params: list[str]) -> None:
    """One member, their rooms, each connection, and what there is on them."""
    user = arguments.user(turn, params[0])
    _member_line(turn, user)
    names = one_line(" ".join(room.name for room in user.rooms), ROOMS_BYTES, ROOMS_BYTES).split()
    facts.tell(turn, say(turn, "rooms", nick=user.nick, rooms=" ".join(names) or "–"), "rooms",
               nick=user.nick, rooms=names, realname=user.realname)  # fmt: skip
    for session in turn.world.sessions(user):
        _session(turn, user, session)
    now = turn.world.now_ms // 1_000
    for effect in ("ban", "login", "exempt"):
        record = turn.network.bans.of(who_is(user), effect, now)
        if record is not None:
            target = shown(*record.key)
            name = ban_words.words(effect, turn.session.language)
            text = say(turn, "hit", effect=name, nick=user.nick, target=target)
            facts.tell(turn, text, "hit", effect=effect, target=target, reason=record.reason)


def _session(turn: Turn, user: User, session: Session) -> None:
    world, peer = turn.world, session.peer
    address = peer.address if may_see_address(turn.user, user) else ""
    since = int(world.now_ms / 1_000 - (world.instant - session.opened_at))
    idle = max(0, int(world.instant - session.heard_at))
    waiting = world.vitals.waiting_bytes(session)
    text = say(
        turn, "session", nick=user.nick, door=peer.door, address=f" {address}" if address else "",
        device=f" @{session.device}" if session.device else "", since=moment(since), idle=lasting(idle),
        waiting=waiting,
    )  # fmt: skip
    facts.tell(turn, text, "session", nick=user.nick, door=peer.door, address=address, secure=peer.secure,
               device=session.device, since=since, idle=idle, waiting=waiting,
               own=session is turn.session)  # fmt: skip


# --- Models -------------------------------------------------------------------------------------------------


def _models(turn: Turn, params: list[str]) -> None:
    inspector = turn.world.vitals.inspector
    told = inspector.models() if inspector is not None else None
    if told is None or not told.models:
        facts.tell(turn, say(turn, "none"), "end", of="models", count=0, start=0, all=0)
        return
    for one in told.models:
        _model(turn, one, told.currency)
    everybody = say(turn, "everybody")
    _spent(turn, everybody, "", told.day, told.month, told.currency)
    count = len(told.models)
    facts.tell(
        turn, say(turn, "end", count=count, all=count), "end", of="models", count=count, start=0, all=count
    )


def _model(turn: Turn, one: ModelFacts, currency: str) -> None:
    at = turn.session.language == "es"
    text = say(
        turn, "model", nick=one.nick, provider=one.provider, model=one.model, state=one.text[at],
        breaker=BREAKER[one.breaker][at], waiting=one.waiting, speaking=one.speaking, queue=one.queue,
        calls=one.calls, failed=one.failed, first=milliseconds(one.first_ms),
    )  # fmt: skip
    facts.tell(
        turn, text, "model", nick=one.nick, provider=one.provider, model=one.model,
        rooms=list(one.rooms[:20]), state=one.state, text=one.text[at], breaker=one.breaker,
        rests=round(one.rests_seconds, 1), waiting=one.waiting, speaking=one.speaking,
        queue=one.queue, calls=one.calls, failed=one.failed, retries=one.retries,
        tokens_in=one.tokens_in, tokens_out=one.tokens_out, first_ms=one.first_ms,
    )  # fmt: skip
    _spent(turn, one.nick, one.nick, one.day, one.month, currency)
    if one.trouble is not None:
        kind, texts, at_ms = one.trouble
        said = say(turn, "trouble", nick=one.nick, at=moment(at_ms // 1_000), kind=kind, text=texts[at])
        facts.tell(turn, said, "trouble", nick=one.nick, error=kind, text=texts[at], at_ms=at_ms)


def _spent(
    turn: Turn, name: str, nick: str, day: Spending | None, month: Spending | None, currency: str
) -> None:
    """`nick`: "" for all models together."""
    language = turn.session.language
    text = say(turn, "spent", who=name, day=amount(day, currency, language),
               month=amount(month, currency, language))  # fmt: skip
    told: dict[str, facts.Value] = {}
    for per, spending in (("day", day), ("month", month)):
        if spending is not None:
            told |= {f"{per}_{field}": value for field, value in spending._asdict().items()}
    facts.tell(turn, text, "spending", nick=nick, currency=currency, **told)


# --- The server ---------------------------------------------------------------------------------------------


def _metrics(turn: Turn, params: list[str]) -> None:
    told = turn.world.vitals.numbers()
    text = say(
        turn, "metrics", up=lasting(float(str(told["up_seconds"]))), connections=told["connections"],
        members=told["members"], rooms=told["rooms"], messages=told["messages_total"],
        stored=told["stored_total"], queued=told["queued_bytes"], most=told["queued_most_bytes"],
        lag=milliseconds(told["lag_ms"]), calls=told.get("calls_total", 0), speaking=told.get("speaking", 0),
    )  # fmt: skip
    facts.tell(turn, text, "metrics", **told)


class Verb(NamedTuple):
    right: str  # "": any operator's
    least: int  # words after it
    handler: Callable[[Turn, list[str]], None]


_VERBS = {
    "ME": Verb("", 0, _me),
    "MEMBERS": Verb("see-rooms", 0, _members),
    "MEMBER": Verb("see-rooms", 1, _member),
    "MODELS": Verb("stats", 0, _models),
    "METRICS": Verb("stats", 0, _metrics),
}
