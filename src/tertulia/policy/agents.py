"""Questions about agents: what their token lets them do. An answer is the right that is missing, "" for yes.

What belongs here: the table of what each command needs. What must not: replies. What is not in the table is
not for agents: a new command is for people until somebody enters it here.
"""

from __future__ import annotations

from collections.abc import Sequence

from tertulia.protocol.agents import AgentRecord, is_for, is_over
from tertulia.protocol.names import is_room
from tertulia.state.network import Network

NEVER = "-"  # no token gives it
NEEDED = {
    "JOIN": "read", "CHATHISTORY": "read", "MARKREAD": "read", "INBOX": "read",
    "PRIVMSG": "say", "NOTICE": "say", "TAGMSG": "say", "REDACT": "say",
    "SEARCH": "search",
    "NAMES": "members", "WHO": "members", "WHOIS": "members", "WHOWAS": "members", "ISON": "members",
    "USERHOST": "members", "MONITOR": "members", "LIST": "members",
    "BATCH": "", "CAP": "", "AUTHENTICATE": "", "PING": "", "PONG": "", "QUIT": "", "PART": "", "AWAY": "",
    "TOPIC": "", "MODE": "", "MOTD": "", "VERSION": "", "TIME": "", "INFO": "", "HELP": "", "LUSERS": "",
    "ADMIN": "", "LANGUAGE": "",
}  # fmt: skip
_ONLY_ASK = ("TOPIC", "MODE")  # with one parameter they are questions
_ADDRESSED = ("JOIN", "PRIVMSG", "NOTICE", "TAGMSG", "REDACT", "MODE", "TOPIC")
_BATCHES = {"tertulia.chat/stream": "stream", "draft/multiline": "say"}
_PREFIXES = "~&@%+"


def lacks(agent: AgentRecord, command: str, params: Sequence[str]) -> str:
    """The right that the agent would need for this command, "" when it has it; "-" when no agent may."""
    needed = NEEDED.get(command, NEVER)
    if command in _ONLY_ASK and len(params) > 1:
        return NEVER
    if command == "BATCH":
        return _lacks_for_batch(agent, params)
    if needed and needed not in agent.rights:
        return needed
    return _lacks_for_targets(agent, params[0]) if command in _ADDRESSED and params else ""


def foreign_room(agent: AgentRecord, command: str, params: Sequence[str]) -> str:
    """The first room among a command's targets that the token is not for; "" when there is none."""
    at = 2 if command == "BATCH" else 0
    if command not in (*_ADDRESSED, "BATCH") or len(params) <= at:
        return ""
    names = (name.lstrip(_PREFIXES) for name in params[at].split(","))
    return next((name for name in names if is_room(name) and not is_for(agent, name)), "")


def may_speak_from_outside(agent: AgentRecord | None, room: str) -> bool:
    """Who may say and not read is never inside: what it has to tell it tells from the door."""
    return agent is not None and "read" not in agent.rights and is_for(agent, room)


def why_closed(network: Network, record: AgentRecord, now: int) -> str:
    """Why the agent may not come in, as a key of LOGIN_REASONS; "" when it may. `now`: seconds since 1970."""
    if is_over(record, now):
        return "expired" if record.token_hash else "wrong"
    owner = network.accounts.named(record.owner)
    return "owner" if owner is None or owner.suspended else ""


def _lacks_for_batch(agent: AgentRecord, params: Sequence[str]) -> str:
    if params[0][:1] != "+" or len(params) < 3:
        return ""
    needed = _BATCHES.get(params[1], NEVER)
    if "say" not in agent.rights:
        return "say"
    return needed if needed not in agent.rights else _lacks_for_targets(agent, params[2])


def _lacks_for_targets(agent: AgentRecord, targets: str) -> str:
    """Whoever is no room is a person, and talking with one is a right of its own."""
    people = any(not is_room(name.lstrip(_PREFIXES)) for name in targets.split(",") if name)
    return "private" if people and "private" not in agent.rights else ""
