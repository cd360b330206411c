"""Commands that people still type: LINKS, MAP, STATS, SERVLIST, SQUERY, SUMMON, USERS.

What belongs here: short and honest answers of one server (RFC 1459, RFC 2812). What must not: anything that a
client depends on.
"""

from __future__ import annotations

from tertulia.commands import arguments
from tertulia.commands.registry import command, need
from tertulia.commands.turn import Refuse, Turn


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


@command("STATS [<letter>]", "u: how long the server has been up; o: its operators, for operators.",
         "u: cuánto lleva en marcha el servidor; o: sus operadores, para operadores.", cost=2.0)  # fmt: skip
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
    turn.numeric("RPL_ENDOFSTATS", arguments.shown(letter))


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
