"""The verbs: one file per family of commands. Handlers check, ask the policy, propose an event and reply.

Importing this package fills the table (`registry.COMMANDS`).
"""

from tertulia.commands import (
    away,
    batch,
    channel_list,
    chathistory,
    connection,
    help,
    information,
    invite,
    join,
    kick,
    message,
    mode,
    names,
    oper,
    registration,
    topic,
    who,
    whois,
)

__all__ = [
    "away",
    "batch",
    "channel_list",
    "chathistory",
    "connection",
    "help",
    "information",
    "invite",
    "join",
    "kick",
    "message",
    "mode",
    "names",
    "oper",
    "registration",
    "topic",
    "who",
    "whois",
]
