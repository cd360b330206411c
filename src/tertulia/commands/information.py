"""What the server says of itself: MOTD, LUSERS, VERSION, TIME, ADMIN, INFO, and LANGUAGE."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache, partial

from tertulia.commands import arguments, credentials
from tertulia.commands.isupport import isupport_numerics
from tertulia.commands.registry import command
from tertulia.commands.turn import Refuse, Turn
from tertulia.protocol.accounts import setting, with_setting
from tertulia.protocol.casemap import fold
from tertulia.protocol.names import mask_matches
from tertulia.protocol.numerics import LANGUAGES, written
from tertulia.protocol.text import cut
from tertulia.state.events import ChangeAccount

MOTD_BYTES = 320  # of one line; longer ones become several


@command("MOTD [<server>]", "Show the message of the day.", "Muestra el mensaje del día.", cost=2.0)
async def motd(turn: Turn, params: list[str]) -> None:
    _only_this_server(turn, params)
    motd_numerics(turn)


def motd_numerics(turn: Turn) -> None:
    settings = turn.world.settings
    if not settings.motd:
        turn.numeric("ERR_NOMOTD")
        return
    turn.numeric("RPL_MOTDSTART", server=settings.name)
    for line in settings.motd:
        for piece in cut(line, MOTD_BYTES):
            turn.numeric("RPL_MOTD", f"- {piece}")
    turn.numeric("RPL_ENDOFMOTD")


@command("LUSERS", "Count users and rooms.", "Cuenta usuarios y salas.", cost=2.0)
async def lusers(turn: Turn, params: list[str]) -> None:
    lusers_numerics(turn)


def lusers_numerics(turn: Turn) -> None:
    network = turn.network
    users, most = len(network.users), network.most_users
    hidden = len(network.invisible)
    form = _lusers(turn.world.settings.name, turn.session.language)
    turn.items.append(
        form.format(
            nick=turn.me, visible=users - hidden, invisible=hidden, operators=len(network.operators),
            unknown=turn.world.unregistered(), rooms=len(network.rooms), users=users, most=most,
        )
    )  # fmt: skip


@lru_cache(maxsize=8)  # each arrival asks, and only the numbers differ
def _lusers(server: str, language: str) -> str:
    """The numerics, with fields where nick and numbers belong."""
    said = partial(written, server, "{nick}", language)
    counts, most = {"users": "{users}", "most": "{most}"}, ("{users}", "{most}")
    lines = [
        said("RPL_LUSERCLIENT", (), {"users": "{visible}", "invisible": "{invisible}", "servers": 1}),
        said("RPL_LUSEROP", ("{operators}",), {}),
        said("RPL_LUSERUNKNOWN", ("{unknown}",), {}),
        said("RPL_LUSERCHANNELS", ("{rooms}",), {}),
        said("RPL_LUSERME", (), {"users": "{users}", "servers": 0}),
        said("RPL_LOCALUSERS", most, counts),
        said("RPL_GLOBALUSERS", most, counts),
    ]
    return "".join(lines)


@command("VERSION [<server>]", "Say which software this is.", "Di qué programa es este.")
async def version(turn: Turn, params: list[str]) -> None:
    _only_this_server(turn, params)
    settings = turn.world.settings
    turn.numeric("RPL_VERSION", settings.version, settings.name, settings.description)
    isupport_numerics(turn)


@command("TIME [<server>]", "Say what time it is here.", "Di qué hora es aquí.")
async def time(turn: Turn, params: list[str]) -> None:
    _only_this_server(turn, params)
    now = datetime.fromtimestamp(turn.world.now_ms // 1000, UTC)
    turn.numeric("RPL_TIME", turn.world.settings.name, f"{now:%A %d %B %Y, %H:%M:%S} UTC")


@command("ADMIN [<server>]", "Say who runs this server.", "Di quién lleva este servidor.")
async def admin(turn: Turn, params: list[str]) -> None:
    _only_this_server(turn, params)
    lines = (*turn.world.settings.admin, "", "", "")[:3]
    turn.numeric("RPL_ADMINME", turn.world.settings.name)
    for name, line in zip(("RPL_ADMINLOC1", "RPL_ADMINLOC2", "RPL_ADMINEMAIL"), lines, strict=True):
        turn.numeric(name, line or "-")


@command("INFO [<server>]", "Say what this software is for.", "Di para qué sirve este programa.", cost=2.0)
async def info(turn: Turn, params: list[str]) -> None:
    _only_this_server(turn, params)
    settings = turn.world.settings
    for line in (
        f"{settings.version}: people and language models as members of the same rooms",
        f"{settings.version}: personas y modelos de lenguaje en las mismas salas",
        settings.description,
        f"Since / desde {settings.started}",
    ):
        turn.numeric("RPL_INFO", line)
    turn.numeric("RPL_ENDOFINFO")


@command("LANGUAGE [<code>]", "Choose the language of the server's answers: en or es.",
         "Elige el idioma de las respuestas del servidor: en o es.", before=True)  # fmt: skip
async def language(turn: Turn, params: list[str]) -> None:
    wanted = params[0].lower()[:2] if params else turn.session.language
    if wanted not in LANGUAGES:
        raise Refuse("ERR_NOLANGUAGE", str(len(LANGUAGES)), languages=", ".join(LANGUAGES))
    turn.session.language = wanted
    turn.session.language_chosen = turn.session.language_chosen or bool(params)
    mine = credentials.account_of(turn)
    if mine is not None and setting(mine, "language") != wanted:
        settings = with_setting(mine, "language", wanted)
        await turn.world.propose(ChangeAccount(replace(mine, settings=settings)), turn)
    turn.numeric("RPL_YOURLANGUAGESARE", wanted)


def _only_this_server(turn: Turn, params: list[str]) -> None:
    """A server may be named, by a mask or by one of its users: this one, or none."""
    if (
        not params
        or mask_matches(params[0], turn.world.settings.name)
        or fold(params[0]) in turn.network.nicks
    ):
        return
    raise Refuse("ERR_NOSUCHSERVER", arguments.shown(params[0]))
