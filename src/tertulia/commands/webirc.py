"""WEBIRC: a web client's gateway says who is behind a connection (IRCv3 webirc).

What belongs here: believing a gateway or not. What must not: the PROXY protocol, which is the doors'.
"""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

from tertulia.commands.registry import command
from tertulia.commands.settings import Gateway
from tertulia.commands.turn import Turn
from tertulia.protocol.cloak import is_own


@command(
    "WEBIRC <password> <gateway> <hostname> <address> [<options>]",
    "For web gateways: say whose connection this is, before all else.",
    "Para pasarelas web: di de quién es la conexión, antes que nada.",
    least=4,
    before=True,
    after=False,
)
async def webirc(turn: Turn, params: list[str]) -> None:
    """The host name is not believed: nobody here looks names up, and the address says more."""
    session, world = turn.session, turn.world
    if session.nick_wanted or session.username or session.negotiating or session.peer.gateway:
        world.drop(session, "WEBIRC must be the first command")
        return
    gateway = await _gateway(turn, params[0])
    if gateway is None:
        world.drop(session, "Invalid WebIRC password")
        return
    try:
        address = ip_address(params[3]).compressed
    except ValueError:
        world.drop(session, "Invalid WebIRC address")
        return
    options = {option.partition("=")[0] for option in " ".join(params[4:]).split(" ")}
    peer = replace(
        session.peer,
        address=address,
        local=is_own(address),
        secure=session.peer.secure
        and "secure" in options,  # "MUST ONLY treat the connection as secure if ..."
        fingerprint=None,
        uid=None,
        admitted=False,  # it was the gateway that the door asked about
        gateway=gateway.name,
    )
    world.readdress(session, peer)


async def _gateway(turn: Turn, password: str) -> Gateway | None:
    """The gateway that comes from one of its addresses and knows its password."""
    peer, world = turn.session.peer, turn.world
    address = ip_address(peer.address if peer.address[:1] in "0123456789:" else "127.0.0.1")
    for gateway in world.settings.gateways:
        if gateway.is_at(address) and await world.passwords.verify(gateway.password, password):
            return gateway
    return None
