"""The welcome: what everybody is told first, whether they are new or one more connection of somebody here.

What belongs here: numerics 001 to 005 and those after them. What must not: becoming a user (`registration`,
`attaching`).
"""

from __future__ import annotations

from tertulia.commands import information, metadata, persistence
from tertulia.commands.isupport import isupport_numerics
from tertulia.commands.tokens import service_list
from tertulia.commands.turn import Turn
from tertulia.protocol import capabilities as cap
from tertulia.protocol import isupport


def welcome(turn: Turn) -> None:
    """Numerics 001 to 005, LUSERS, the message of the day, and the user's modes."""
    settings = turn.world.settings
    turn.numeric("RPL_WELCOME", network=settings.network, nick=turn.user.nick)
    turn.numeric("RPL_YOURHOST", server=settings.name, version=settings.version)
    turn.numeric("RPL_CREATED", since=settings.started)
    turn.plain_numeric("RPL_MYINFO", settings.name, settings.version, *isupport.MODE_LETTERS)
    isupport_numerics(turn)
    persistence.at_the_start(turn)
    if turn.session.capabilities & cap.AUTHTOKEN and turn.session.capabilities & cap.BATCH:
        service_list(turn)  # authtoken: "after sending ISUPPORT and before sending any LUSERS"
    metadata.at_the_start(turn)
    information.lusers_numerics(turn)
    information.motd_numerics(turn)
    if turn.user.modes:
        turn.plain_numeric("RPL_UMODEIS", f"+{turn.user.modes}")
