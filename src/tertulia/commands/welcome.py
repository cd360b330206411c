"""The welcome: what everybody is told first, whether they are new or one more connection of somebody here.

What belongs here: numerics 001 to 005 and those after them. What must not: becoming a user (`registration`,
`attaching`).
"""

from __future__ import annotations

from functools import lru_cache, partial

from tertulia.commands import information, metadata, persistence
from tertulia.commands.isupport import isupport_numerics
from tertulia.commands.tokens import service_list
from tertulia.commands.turn import Turn
from tertulia.protocol import capabilities as cap
from tertulia.protocol import isupport
from tertulia.protocol.numerics import NICK, NUMERICS, written


@lru_cache(maxsize=8)  # each arrival asks, and only the nick differs
def _first(server: str, network: str, version: str, started: str, language: str) -> list[str]:
    """001 to 004, cut where the nick belongs."""
    said = partial(written, server, NICK, language)
    letters = " ".join(isupport.MODE_LETTERS)
    lines = [
        said("RPL_WELCOME", (), {"network": network, "nick": NICK}),
        said("RPL_YOURHOST", (), {"server": server, "version": version}),
        said("RPL_CREATED", (), {"since": started}),
        f":{server} {NUMERICS['RPL_MYINFO'].number} {NICK} {server} {version} {letters}\r\n",
    ]
    return "".join(lines).split(NICK)


def welcome(turn: Turn) -> None:
    """Numerics 001 to 005, LUSERS, the message of the day, and the user's modes."""
    settings = turn.world.settings
    first = _first(settings.name, settings.network, settings.version, settings.started, turn.session.language)
    turn.items.append(turn.me.join(first))
    isupport_numerics(turn)
    persistence.at_the_start(turn)
    if turn.session.capabilities & cap.AUTHTOKEN and turn.session.capabilities & cap.BATCH:
        service_list(turn)  # authtoken: "after sending ISUPPORT and before sending any LUSERS"
    metadata.at_the_start(turn)
    information.lusers_numerics(turn)
    information.motd_numerics(turn)
    if turn.user.modes:
        turn.plain_numeric("RPL_UMODEIS", f"+{turn.user.modes}")
