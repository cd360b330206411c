"""OPER, KILL, WALLOPS, REHASH: those who keep the server in order."""

from __future__ import annotations

from tertulia.commands import arguments, audit, opering
from tertulia.commands.notices import notify
from tertulia.commands.registry import command
from tertulia.commands.turn import Refuse, Turn
from tertulia.limits import HOST_BYTES, KICK_CHARACTERS, QUIT_BYTES
from tertulia.protocol.cloak import host_of, valid_host
from tertulia.protocol.text import one_line
from tertulia.state.events import SetHost


@command(
    "OPER <name> [<password>]",
    "Become an operator of the server.",
    "Hazte operador del servidor.",
    least=1,
    cost=5.0,
)
async def oper(turn: Turn, params: list[str]) -> None:
    await opering.by_name(turn, params[0], params[1] if len(params) > 1 else None)


@command(
    "KILL <nick> <reason>",
    "End somebody's connection.",
    "Corta la conexión de alguien.",
    least=2,
    right="kill",
)
async def kill(turn: Turn, params: list[str]) -> None:
    if params[0].lower() == turn.world.settings.name.lower():
        raise Refuse("ERR_CANTKILLSERVER")
    target = arguments.user(turn, params[0])
    reason = one_line(params[1], KICK_CHARACTERS, QUIT_BYTES - 64)
    audit.note(turn.world, turn, "KILL", target.nick, f"{target.prefix} {target.address}: {reason}")
    notify(turn.world, "k", "killed", who=turn.user.nick, target=target.prefix, reason=reason)
    turn.world.tell([target], _kill_line(turn, target.nick, reason))
    turn.world.drop_user(target, f"Killed ({turn.user.nick} ({reason}))")


def _kill_line(turn: Turn, nick: str, reason: str) -> Line:
    return Line(f":{turn.user.prefix} KILL {nick} :{turn.user.nick} ({reason})\r\n")


@command("WALLOPS <text>", "Say something to all who listen to operators (mode +w).",
         "Di algo a quienes escuchan a los operadores (modo +w).", least=1, right="wallops")  # fmt: skip
async def wallops(turn: Turn, params: list[str]) -> None:
    audit.note(turn.world, turn, "WALLOPS", "+w", params[0])
    listening = [user for user in turn.network.users.values() if "w" in user.modes]
    turn.world.tell(
        listening,
        Line(
            f":{turn.user.prefix} WALLOPS "
            f":{arguments.free_text(turn, params[0], KICK_CHARACTERS, 'WALLOPS')}\r\n"
        ),
    )


@command("REHASH", "Read the configuration again.", "Lee la configuración de nuevo.", right="rehash")
async def rehash(turn: Turn, params: list[str]) -> None:
    wrong = turn.world.rehash()
    audit.note(turn.world, turn, "REHASH", turn.world.settings.name, wrong or "")
    notify(turn.world, "s", "rehashed", who=turn.user.nick)
    turn.numeric("RPL_REHASHING", "tertulia.toml")
    if wrong is not None:
        turn.line("NOTICE", turn.me, text=one_line(wrong, KICK_CHARACTERS))


@command("CHGHOST <nick> [<host>]", "Give somebody another host; without one, their own again.",
         "Da a alguien otra dirección visible; sin ella, la suya de nuevo.", least=1, right="chghost",
         cost=3.0)  # fmt: skip
async def chghost(turn: Turn, params: list[str]) -> None:
    target = arguments.user(turn, params[0])
    host = params[1] if len(params) > 1 else host_of(target.address, turn.world.settings.cloak_key)
    if not valid_host(host):
        turn.fail("CHGHOST", "INVALID_HOST", arguments.shown(host), limit=HOST_BYTES)
        return
    await turn.world.propose(SetHost(target.id, host), turn)
    audit.note(turn.world, turn, "CHGHOST", target.nick, host)
    notify(turn.world, "o", "host changed", who=turn.user.nick, nick=target.nick, host=host)


class Line:
    """A line that is the same for everybody."""

    def __init__(self, text: str) -> None:
        self.text = text

    def render(self, capabilities: int) -> str:
        return self.text
