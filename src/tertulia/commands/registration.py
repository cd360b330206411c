"""Becoming a user: PASS, NICK, USER, CAP, and the welcome.

What belongs here: from a connection to a user. What must not: how somebody logs in (`credentials`, `sasl`).
"""

from __future__ import annotations

from tertulia.commands import (
    arguments,
    attaching,
    banning,
    credentials,
    metadata,
    missed,
    nicks,
    opering,
    sasl,
)
from tertulia.commands.away import away_from_the_start
from tertulia.commands.isupport import isupport_numerics, of_session
from tertulia.commands.registry import command
from tertulia.commands.settings import ServerSettings, Sts
from tertulia.commands.turn import Refuse, Turn
from tertulia.commands.welcome import welcome
from tertulia.limits import LINE_BYTES, NICK_CHARACTERS, REALNAME_BYTES, REALNAME_CHARACTERS
from tertulia.policy import bans as policy
from tertulia.policy import defence
from tertulia.policy.room import may_change_nick
from tertulia.policy.user import may_take_nick
from tertulia.ports import Peer
from tertulia.protocol import capabilities as cap
from tertulia.protocol.casemap import fold
from tertulia.protocol.cloak import host_of
from tertulia.protocol.names import clean_user
from tertulia.protocol.text import one_line
from tertulia.state.bans import Who
from tertulia.state.events import ChangeNick, Enter, SetRealname
from tertulia.state.network import Conflict


@command(
    "PASS <password>",
    "Give the server's password, before NICK and USER.",
    "Da la contraseña del servidor, antes de NICK y USER.",
    least=1,
    before=True,
    after=False,
)
async def password(turn: Turn, params: list[str]) -> None:
    turn.session.password = params[-1][:512]


@command(
    "NICK <nickname>", "Take a name, or change it.", "Toma un nombre, o cámbialo.", before=True, cost=2.0
)
async def nick(turn: Turn, params: list[str]) -> None:
    wanted = params[0] if params else ""
    if not wanted:
        raise Refuse("ERR_NONICKNAMEGIVEN")
    if not may_take_nick(wanted):
        raise Refuse("ERR_ERRONEUSNICKNAME", arguments.shown(wanted), limit=NICK_CHARACTERS)
    if turn.session.user is not None:
        await _change_nick(turn, wanted)
        return
    nicks.check(turn, wanted)
    turn.session.nick_wanted = wanted
    await enter_when_ready(turn)


async def _change_nick(turn: Turn, wanted: str) -> None:
    if wanted == turn.user.nick:
        return
    if (room := may_change_nick(turn.user)) is not None and fold(wanted) != turn.user.key:
        raise Refuse("ERR_CANTCHANGENICK", room.name)
    await nicks.make_free(turn, wanted)
    _not_banned(turn, policy.who_is(turn.user)._replace(nick=wanted))
    try:
        await turn.world.propose(ChangeNick(turn.user.id, wanted), turn)
    except Conflict:
        raise Refuse("ERR_NICKNAMEINUSE", wanted) from None


def _not_banned(turn: Turn, who: Who) -> None:
    """Nobody takes a name that is banned. Raises `Refuse`."""
    record = policy.banned(turn.network.bans, who, turn.world.now_ms // 1000)
    if record is not None:
        raise Refuse("ERR_YOUREBANNEDCREEP", banning.told(turn.world, turn.session, record))


@command(
    "USER <username> 0 * <realname>", "Say who you are.", "Di quién eres.", least=4, before=True, after=False
)
async def user(turn: Turn, params: list[str]) -> None:
    realname = one_line(params[3], REALNAME_CHARACTERS, REALNAME_BYTES)
    if not realname.strip() or not params[0]:
        raise Refuse("ERR_NEEDMOREPARAMS", "USER", syntax="USER <username> 0 * <realname>")
    name = attaching.without_device(turn, params[0])
    turn.session.username, turn.session.realname = clean_user(name), realname
    await enter_when_ready(turn)


@command("SETNAME <realname>", "Change your real name.", "Cambia tu nombre real.", least=1, cost=2.0)
async def setname(turn: Turn, params: list[str]) -> None:
    wanted = params[0].strip()
    if not wanted or len(wanted) > REALNAME_CHARACTERS:
        turn.fail("SETNAME", "INVALID_REALNAME")
        return
    realname = one_line(wanted, REALNAME_CHARACTERS, REALNAME_BYTES)
    _not_banned(turn, policy.who_is(turn.user)._replace(realname=realname))
    await turn.world.propose(SetRealname(turn.user.id, realname), turn)


# --- capabilities (IRCv3 capability-negotiation) --------------------------------------------------


@command(
    "CAP <subcommand> [:<capabilities>]",
    "Negotiate capabilities: LS, LIST, REQ, END.",
    "Negocia capacidades: LS, LIST, REQ, END.",
    least=1,
    before=True,
    cost=0.5,
)
async def capability(turn: Turn, params: list[str]) -> None:
    subcommand = params[0].upper()
    text = params[1] if len(params) > 1 else ""
    if subcommand == "END":
        if turn.session.user is None and turn.session.negotiating:
            turn.session.negotiating = False
            await enter_when_ready(turn)
        return
    handler = _CAP.get(subcommand)
    if handler is None:
        raise Refuse("ERR_INVALIDCAPCMD", arguments.shown(params[0]))
    handler(turn, text)


def _ls(turn: Turn, text: str) -> None:
    session = turn.session
    session.negotiating = session.user is None
    version = int(text[:5]) if text.isascii() and text.isdecimal() else 301
    session.cap_version = max(session.cap_version, version)
    if session.cap_version >= 302:  # "implicitly indicates support for the cap-notify capability"
        session.capabilities |= cap.CAP_NOTIFY
    _cap_lines(turn, "LS", _offered(turn, version), version)  # "consistent with the request's version"


def _offered(turn: Turn, version: int) -> list[str]:
    settings, peer = turn.world.settings, turn.session.peer
    return offered(settings, version) + (sts_policy(settings.sts, peer) if version >= 302 else [])


def offered(settings: ServerSettings, version: int) -> list[str]:
    """What is offered to everybody by these settings."""
    items = cap.offered(version, settings.capabilities_off, settings.capability_values)
    return items if settings.accounts.guests else [*items, "draft/account-required"]


def sts_policy(sts: Sts | None, peer: Peer) -> list[str]:
    """What this peer is told of strict transport security; nothing where it does not hold."""
    if sts is None or peer.local or peer.door not in _STS_DOORS:
        return []
    # "servers MUST send this key to securely connected clients"; and the port to all others
    duration, port = f"duration={sts.duration}", f"port={sts.port}"
    return [f"sts={duration}" if peer.secure else f"sts={duration},{port}"]


def _list(turn: Turn, text: str) -> None:
    _cap_lines(turn, "LIST", cap.names(turn.session.capabilities), turn.session.cap_version)


def _cap_lines(turn: Turn, subcommand: str, items: list[str], version: int) -> None:
    """One line, or several with "*" before all but the last, for those who can read that (302). What an older
    client may ask for fits one line (`LATER`); what it asked for all the same may not."""
    groups, more = in_lines(turn, items), ["*"] if version >= 302 else []
    for group in groups[:-1]:
        turn.line("CAP", turn.me, subcommand, *more, text=" ".join(group))
    turn.line("CAP", turn.me, subcommand, text=" ".join(groups[-1]))


def in_lines(turn: Turn, items: list[str]) -> list[list[str]]:
    """Capabilities in lines that are not too long; one at the least."""
    room = LINE_BYTES - len(f":{turn.world.settings.name} CAP {turn.me} LIST * :\r\n".encode())
    groups: list[list[str]] = [[]]
    for item in items:
        if len(item) > room // 4:  # no name that anybody has, but a NAK repeats what was asked for
            item = item.encode()[:room].decode(errors="ignore")
        if groups[-1] and len(" ".join([*groups[-1], item]).encode()) > room:
            groups.append([])
        groups[-1].append(item)
    return groups


def _req(turn: Turn, text: str) -> None:
    session = turn.session
    session.negotiating = session.negotiating or session.user is None
    wanted = cap.request(session.capabilities, text, turn.world.settings.capabilities_off)
    if wanted is not None and session.cap_version >= 302:
        wanted |= cap.CAP_NOTIFY  # "MUST NOT be able to disable" it while on version 302
    answer = "ACK" if wanted is not None else "NAK"
    for group in in_lines(turn, text.split(" ")):
        turn.line("CAP", turn.me, answer, text=" ".join(group))
    if wanted is None:
        return
    turn.world.capabilities_changed(session)
    if session.capabilities & cap.METADATA and not wanted & cap.METADATA:
        turn.world.metadata.unsubscribe_all(session)  # "servers MUST clear that client's subscription list"
    newly = wanted & ~session.capabilities
    session.capabilities = wanted
    if session.user is not None and newly & cap.WEBPUSH and (tokens := of_session(turn)):
        isupport_numerics(turn, tokens)


_STS_DOORS = ("irc", "ircs")  # a policy binds the name of a host: not sockets, browsers, or this machine
_CAP = {"LS": _ls, "LIST": _list, "REQ": _req}


# --- the welcome ----------------------------------------------------------------------------------


async def enter_when_ready(turn: Turn) -> None:
    """Once NICK and USER are known and CAP is over, the connection becomes a user."""
    session, world = turn.session, turn.world
    if session.negotiating or not (session.nick_wanted and session.username):
        return
    if session.exchange is not None:
        sasl.abort(turn)  # "the server SHOULD abort it and send a 906 numeric"
    expected = world.settings.password
    if expected is not None and not await world.passwords.verify(expected, session.password):
        turn.numeric("ERR_PASSWDMISMATCH")
        _turn_away(turn, "Password incorrect")
        return
    peer = session.peer
    if needs_account(turn) and not (peer.trusted or credentials.account_of(turn)):
        turn.fail("*", "ACCOUNT_REQUIRED", plainly=True)
        _turn_away(turn, "Log in to an account")
        return
    if not peer.trusted and (record := banning.refusal(turn)) is not None:
        banning.tell(turn.world, session, record)
        _turn_away(turn, banning.quit_reason(record))
        return
    if not world.at_the_gate(session):
        return
    shared = attaching.to_share(turn)
    if shared is not None:
        if not attaching.may_attach(turn, shared):
            _turn_away(turn, "Too many sessions of this account")
            return
        await attaching.attach(turn, shared)
        await opering.automatic(turn)
        return
    try:
        await nicks.make_free(turn, session.nick_wanted)
    except Refuse:
        session.nick_wanted = ""
        raise
    event = Enter(
        user=world.ids.message(world.now_ms),
        nick=session.nick_wanted,
        username=session.username,
        host=host_of(peer.address, turn.world.settings.cloak_key),
        realname=session.realname,
        identity=_identity(turn),
        at=world.now_ms // 1000,
        modes="B" if world.network.agents.of(session.account) is not None else "",
        door=peer.door,
        address=peer.address,
        secure=peer.secure,
        fingerprint=peer.fingerprint,
        account=session.account or None,
    )
    try:
        await world.propose(event, turn)
    except Conflict:
        wanted, session.nick_wanted = session.nick_wanted, ""
        raise Refuse("ERR_NICKNAMEINUSE", wanted) from None
    await away_from_the_start(turn)
    await metadata.settle(turn)
    welcome(turn)
    if session.device:
        missed.replay(turn)  # there is nothing yet; but the list of devices is kept short
    await opering.automatic(turn)


def needs_account(turn: Turn) -> bool:
    """Whether nobody, or nobody from there, enters without an account."""
    if not turn.world.settings.accounts.guests:
        return True
    if defence.needs_account(turn.network) and not turn.session.peer.local:
        return not turn.world.is_exempt(turn.session.peer.address)
    bans = turn.network.bans
    return (
        len(bans) > 0
        and policy.must_log_in(bans, banning.entering(turn), turn.world.now_ms // 1000) is not None
    )


def _turn_away(turn: Turn, reason: str) -> None:
    """Say what has been gathered, and end the connection."""
    turn.world.answer(turn)
    turn.items, turn.label = [], None
    turn.world.drop(turn.session, reason)


def _identity(turn: Turn) -> str:
    """Under which name private talk is remembered: what proves more comes first.

    A guest on this machine is known by the nick ("~nick"), so that private talk outlives a restart; anybody
    on this machine who takes the nick later can read it. A guest from elsewhere is known by the connection
    alone.
    """
    peer = turn.session.peer
    if peer.fingerprint:
        return f"cert:{peer.fingerprint}"
    if peer.local:
        return "~"
    return f"/{turn.world.ids.token()}"
