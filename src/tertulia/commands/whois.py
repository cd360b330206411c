"""WHOIS and WHOWAS: all about one user."""

from __future__ import annotations

from tertulia.commands import arguments
from tertulia.commands.agents import AGENT_OF, MODEL_OF, NOBODY_NAMED
from tertulia.commands.registry import command
from tertulia.commands.service import Service, service_of
from tertulia.commands.turn import Refuse, Turn
from tertulia.commands.who import idle_seconds
from tertulia.policy.user import may_see_address, may_see_membership
from tertulia.protocol.capabilities import MULTI_PREFIX
from tertulia.protocol.casemap import fold
from tertulia.protocol.modes import symbols
from tertulia.protocol.numerics import words
from tertulia.state.user import User

OPERATOR_TITLE = ("is an operator of this server", "es operador de este servidor")
"""Of those whose class has none of its own."""


@command("WHOIS [<server>] <nick>", "Say who somebody is.", "Di quién es alguien.", cost=2.0)
async def whois(turn: Turn, params: list[str]) -> None:
    if not params:
        raise Refuse("ERR_NONICKNAMEGIVEN")
    nick = arguments.items(params[-1])[0] if arguments.items(params[-1]) else "*"
    user = turn.network.user(nick)
    if user is None and (service := service_of(nick)) is not None:
        _service(turn, service)
    elif user is None:
        turn.numeric("ERR_NOSUCHNICK", arguments.shown(nick))
    else:
        _whois(turn, user)
    turn.numeric("RPL_ENDOFWHOIS", arguments.shown(nick))


def _whois(turn: Turn, user: User) -> None:
    settings = turn.world.settings
    turn.numeric("RPL_WHOISUSER", user.nick, user.username, user.host, "*", user.realname)
    _rooms(turn, user)
    turn.numeric("RPL_WHOISSERVER", user.nick, settings.name, settings.description)
    if user.operator is not None:
        title = user.title or words(OPERATOR_TITLE, turn.session.language)
        turn.numeric("RPL_WHOISOPERATOR", user.nick, title)
    if user.account is not None:
        turn.numeric("RPL_WHOISACCOUNT", user.nick, user.account)
    if user.agent is not None:
        text = words(AGENT_OF, turn.session.language, owner=user.agent.owner)
        turn.numeric("RPL_WHOISSPECIAL", user.nick, text)
    elif user.bot and any(one.peer.trusted for one in turn.world.sessions(user)):
        owner = " · ".join(settings.admin) or words(NOBODY_NAMED, turn.session.language)
        text = words(MODEL_OF, turn.session.language, owner=owner)
        turn.numeric("RPL_WHOISSPECIAL", user.nick, text)
    if user.bot:
        turn.numeric("RPL_WHOISBOT", user.nick)
    if user.secure:
        turn.numeric("RPL_WHOISSECURE", user.nick)
    if may_see_address(turn.user, user):
        for address in {one.peer.address: None for one in turn.world.sessions(user)}:
            turn.numeric("RPL_WHOISHOST", user.nick, mask=f"*@{user.host}", address=address)
        for gateway in sorted({one.peer.gateway for one in turn.world.sessions(user)} - {""}):
            turn.numeric("RPL_WHOISGATEWAY", user.nick, gateway)
        turn.numeric("RPL_WHOISMODES", user.nick, modes=f"+{user.modes}")
        if user.fingerprint:
            turn.numeric("RPL_WHOISCERTFP", user.nick, fingerprint=user.fingerprint)
    if user.away is not None:
        turn.numeric("RPL_AWAY", user.nick, user.away)
    turn.numeric("RPL_WHOISIDLE", user.nick, str(idle_seconds(turn, user)), str(user.signon))


def _service(turn: Turn, service: Service) -> None:
    settings = turn.world.settings
    about = service.about_es if turn.session.language == "es" else service.about_en
    turn.numeric("RPL_WHOISUSER", service.name, "services", settings.name, "*", about)
    turn.numeric("RPL_WHOISSERVER", service.name, settings.name, settings.description)
    turn.numeric("RPL_WHOISSERVICE", service.name)


def _rooms(turn: Turn, user: User) -> None:
    every = bool(turn.session.capabilities & MULTI_PREFIX)
    words = [
        symbols(room.members[user], every) + room.name
        for room in user.rooms
        if may_see_membership(turn.user, user, room)
    ]
    if words:
        turn.words("RPL_WHOISCHANNELS", words, user.nick)


@command("WHOWAS <nick> [<count>]", "Say who somebody was.", "Di quién era alguien.", cost=2.0)
async def whowas(turn: Turn, params: list[str]) -> None:
    if not params:
        raise Refuse("ERR_NONICKNAMEGIVEN")
    key = fold(params[0])
    count = int(params[1]) if len(params) > 1 and params[1].isdecimal() and int(params[1][:6]) > 0 else 10
    gone = [entry for entry in reversed(turn.network.whowas) if fold(entry.nick) == key][:count]
    if not gone:
        turn.numeric("ERR_WASNOSUCHNICK", arguments.shown(params[0]))
    for entry in gone:
        turn.numeric("RPL_WHOWASUSER", entry.nick, entry.username, entry.host, "*", entry.realname)
    turn.numeric("RPL_ENDOFWHOWAS", arguments.shown(params[0]))
