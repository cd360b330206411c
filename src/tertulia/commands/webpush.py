"""WEBPUSH (draft/webpush, soju.im/webpush): an account's devices say where they are reached.

What belongs here: the command and its FAILs. What must not: what is pushed to whom (`server.pushes`), sending
(`transports.push`).
"""

from __future__ import annotations

from tertulia import limits
from tertulia.commands.arguments import shown
from tertulia.commands.registry import command
from tertulia.commands.turn import NotStored, PushFull, Turn
from tertulia.protocol import capabilities as cap
from tertulia.protocol.casemap import fold
from tertulia.protocol.webpush import Subscription, keys_of

SYNTAX = "WEBPUSH <REGISTER | UNREGISTER> <endpoint> [<keys>]"
PARAMETERS = {"REGISTER": 3, "UNREGISTER": 2}


@command(SYNTAX, "Have what is said to you while you are away pushed to a device.",
         "Recibe en un dispositivo los avisos de lo que te dicen cuando no estás.", cost=2.0)  # fmt: skip
async def webpush(turn: Turn, params: list[str]) -> None:
    subcommand = params[0].upper() if params else "*"
    if PARAMETERS.get(subcommand) != len(params) or len(params[1].encode()) > limits.PUSH_ENDPOINT_BYTES:
        context = [shown(one) for one in params[1:2]] or ["*"]
        turn.fail("WEBPUSH", "INVALID_PARAMS", shown(subcommand) or "*", *context, syntax=SYNTAX)
        return
    endpoint = params[1]
    if turn.user.account is None:
        turn.line("FAIL", "WEBPUSH", "ACCOUNT_REQUIRED", subcommand, shown(endpoint),
                  text=turn.words_of("ACCOUNT_NEEDED"))  # fmt: skip
        return
    try:
        if subcommand == "REGISTER":
            _register(turn, fold(turn.user.account), endpoint, params[2])
        else:  # "Servers MUST silently ignore `UNREGISTER` commands for non-existing subscriptions"
            turn.world.pushes.unregister(fold(turn.user.account), endpoint)
            turn.line("WEBPUSH", "UNREGISTER", endpoint)
    except NotStored:
        turn.fail("WEBPUSH", "INTERNAL_ERROR", subcommand, shown(endpoint))
    except PushFull:
        turn.fail("WEBPUSH", "MAX_REGISTRATIONS", subcommand, shown(endpoint), most=limits.PUSH_DEVICES)


def _register(turn: Turn, account: str, endpoint: str, given: str) -> None:
    service, keys = turn.world.pushes.service, keys_of(given)
    names = " ".join(cap.names(turn.session.capabilities))
    one = Subscription(account, endpoint, *(keys or ("", "")), names, turn.world.now_ms // 1000)
    if service is None or not service.key:
        turn.fail("WEBPUSH", "FORBIDDEN", "REGISTER", shown(endpoint))
    elif keys is None or not service.takes(one):
        turn.fail("WEBPUSH", "INVALID_PARAMS", "REGISTER", shown(endpoint), syntax=SYNTAX)
    else:
        turn.world.pushes.register(one)
        turn.line("WEBPUSH", "REGISTER", endpoint)
