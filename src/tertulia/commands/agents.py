"""The gate of agents: before a command of theirs is carried out, their token is asked.

What belongs here: refusals. What must not: which rights there are (`policy.agents`).
"""

from __future__ import annotations

from collections.abc import Sequence

from tertulia.commands.service import service_of
from tertulia.commands.turn import Refuse
from tertulia.policy import agents
from tertulia.state.user import User

MODEL_OF = (
    "is a language model of this server, run by: {owner}",
    "es un modelo de lenguaje de este servidor, a cargo de: {owner}",
)
NOBODY_NAMED = ("whoever runs it", "quien lo lleva")
AGENT_OF = ("is an agent, and answers to {owner}", "es un agente, y responde de él {owner}")


def check(user: User, command: str, params: Sequence[str]) -> None:
    """Raises `Refuse` when the user's token is not for this."""
    assert user.agent is not None
    if command in ("PRIVMSG", "NOTICE") and params and service_of(params[0]) is not None:
        raise Refuse("ERR_AGENTNEVER", command)  # an agent changes nothing of its account
    lacking = agents.lacks(user.agent, command, params)
    if lacking == agents.NEVER:
        raise Refuse("ERR_AGENTNEVER", command)
    if lacking:
        raise Refuse("ERR_AGENTRIGHT", lacking, right=lacking)
    foreign = agents.foreign_room(user.agent, command, params)
    if foreign:
        raise Refuse("ERR_AGENTROOM", foreign)
