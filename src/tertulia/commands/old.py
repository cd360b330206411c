"""Commands that people still type: LINKS, MAP, STATS, SERVLIST, SQUERY, SUMMON, USERS.

What belongs here: short and honest answers of one server (RFC 1459, RFC 2812). What must not: anything that a
client depends on.
"""

from __future__ import annotations

from tertulia.commands import arguments
from tertulia.commands.bans import sorted_bans
from tertulia.commands.registry import command, need
from tertulia.commands.turn import Refuse, Turn
from tertulia.protocol.bans import KINDS, shown


@command("LINKS", "List the servers of the network.", "Lista los servidores de la red.", cost=2.0)
async def links(turn: Turn, params: list[str]) -> None:
    settings = turn.world.settings
    turn.numeric("RPL_LINKS", settings.name, settings.name, f"0 {settings.description}")
    turn.numeric("RPL_ENDOFLINKS", "*")


@command("MAP", "Show the servers of the network and how many are on each.",
         "Muestra los servidores de la red y cuánta gente hay en cada uno.", cost=2.0)  # fmt: skip
async def map_servers(turn: Turn, params: list[str]) -> None:
    turn.numeric("RPL_MAP", f"{turn.world.settings.name} [{len(turn.network.users)}]")
    turn.numeric("RPL_MAPEND")


@command("STATS [<letter>]",
         "u: how long the server is up; p: operators here; for operators o: operator blocks, k, d, e: bans.",
         "u: cuánto lleva en marcha; p: operadores presentes; para operadores o: bloques, k, d, e: vetos.",
         cost=2.0)  # fmt: skip
async def stats(turn: Turn, params: list[str]) -> None:
    letter = params[0][:1] if params else ""
    if letter == "u":
        minutes, seconds = divmod((turn.world.now_ms - turn.world.started_ms) // 1000, 60)
        hours, minutes = divmod(minutes, 60)
        days, hours = divmod(hours, 24)
        turn.numeric("RPL_STATSUPTIME", days=days, hours=hours, minutes=minutes, seconds=seconds)
    elif letter == "o":
        need(turn, "stats")
        for operator in turn.world.settings.operators:
            turn.plain_numeric("RPL_STATSOLINE", "O", "*", "*", operator.name)
    elif letter.lower() == "p":
        for user in turn.network.operators:
            turn.numeric("RPL_STATSDEBUG", "p", f"{user.nick} {user.title}".rstrip())
    elif letter and letter in _BANS:
        need(turn, "stats")
        _bans(turn, *_BANS[letter])
    turn.numeric("RPL_ENDOFSTATS", arguments.shown(letter))


_BANS = {
    "k": ("RPL_STATSKLINE", "K", "ban", ("mask", "account", "realname")),
    "d": ("RPL_STATSDLINE", "D", "ban", ("address",)),
    "e": ("RPL_STATSDLINE", "e", "exempt", KINDS),
}
_BANS |= {letter.upper(): row for letter, row in _BANS.items()}


def _bans(turn: Turn, numeric: str, sign: str, effect: str, kinds: tuple[str, ...]) -> None:
    """ "K <host> * <username> :<reason>", as other servers write it."""
    for record in sorted_bans(turn.network.bans):
        if record.effect != effect or record.kind not in kinds:
            continue
        target = arguments.shown(shown(record.kind, record.target))
        if numeric == "RPL_STATSKLINE" and record.kind == "mask":
            username, _, host = target.partition("!")[2].partition("@")
            turn.numeric(numeric, sign, host, "*", username, record.reason or "-")
        else:
            turn.numeric(numeric, sign, target, "*", "*", record.reason or "-")


@command("SERVLIST", "List services of the old kind: none.", "Lista servicios antiguos: ninguno.")
async def servlist(turn: Turn, params: list[str]) -> None:
    turn.numeric("RPL_SERVLISTEND", "*", "*")


@command("SQUERY <service> <text>", "Write to a service of the old kind.", "Escribe a un servicio antiguo.")
async def squery(turn: Turn, params: list[str]) -> None:
    raise Refuse("ERR_NOSUCHSERVICE", arguments.shown(params[0] if params else "*"))


@command("SUMMON", "Is switched off here.", "Aquí no está disponible.")
async def summon(turn: Turn, params: list[str]) -> None:
    raise Refuse("ERR_SUMMONDISABLED")


@command("USERS", "Is switched off here.", "Aquí no está disponible.")
async def users(turn: Turn, params: list[str]) -> None:
    raise Refuse("ERR_USERSDISABLED")
