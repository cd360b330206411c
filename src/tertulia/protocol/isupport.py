"""ISUPPORT tokens, derived from the tables and the limits (modern-irc, "Feature Advertisement")."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from tertulia import limits
from tertulia.protocol import extbans
from tertulia.protocol.capabilities import CHATHISTORY, names
from tertulia.protocol.modes import RANKS, ROOM_MODES, USER_MODES, Kind, letters_of
from tertulia.protocol.names import ACCOUNT_BANS, CHANTYPES

TOKENS_PER_LINE = (
    13  # RPL_ISUPPORT: "up to 13 tokens", so that with nick and text there are at most 15 parameters
)

TOKEN_BYTES = 380  # of one line: what the longest server name, nick and text leave of 512

MODE_LETTERS = tuple(
    "".join(sorted(letters))
    for letters in (
        USER_MODES,
        ROOM_MODES,
        (x for x, mode in ROOM_MODES.items() if mode.kind is not Kind.FLAG),
    )
)
"""User modes, room modes, and room modes with a parameter: what RPL_MYINFO says."""


def tokens(network: str, more: tuple[str, ...] = ()) -> list[str]:
    """Every token, `NAME=value` or `NAME`, sorted; `more` are those that the configuration asks for."""
    values: dict[str, str | int] = {
        "AWAYLEN": limits.AWAY_CHARACTERS,
        "BOT": "B",
        "CASEMAPPING": "ascii",
        "CHANLIMIT": f"{CHANTYPES}:{limits.ROOMS_PER_USER}",
        "CHANMODES": ",".join(
            letters_of(kind) for kind in (Kind.LIST, Kind.ALWAYS, Kind.WHEN_SET, Kind.FLAG)
        ),
        "CHANNELLEN": limits.ROOM_CHARACTERS,
        "CHANTYPES": CHANTYPES,
        "ELIST": "CMNTU",
        "ACCOUNTEXTBAN": ",".join(ACCOUNT_BANS),
        "EXCEPTS": "e",
        "EXTBAN": f"~,{''.join(extbans.LETTERS)}",
        "INVEX": "I",
        "KEYLEN": limits.KEY_CHARACTERS,
        "KICKLEN": limits.KICK_CHARACTERS,
        "KNOCK": "",
        "LINELEN": limits.LINE_BYTES,
        "MAXLIST": ",".join(f"{letter}:{limits.MASKS_PER_LIST}" for letter in letters_of(Kind.LIST)),
        "MODES": limits.MODES_PER_COMMAND,
        "MONITOR": limits.MONITOR_TARGETS,
        "MSGREFTYPES": "msgid,timestamp",
        "NAMELEN": limits.REALNAME_CHARACTERS,
        "NETWORK": network.replace(" ", "\\x20"),
        "NICKLEN": limits.NICK_CHARACTERS,
        "PREFIX": "({}){}".format("".join(r.letter for r in RANKS), "".join(r.symbol for r in RANKS)),
        "SAFELIST": "",
        "STATUSMSG": "".join(rank.symbol for rank in RANKS),
        "TARGMAX": ",".join(
            f"{command}:{number}"
            for command, number in [
                ("JOIN", ""),
                ("KICK", limits.TARGETS_PER_COMMAND),
                ("LIST", ""),
                ("NAMES", limits.TARGETS_PER_COMMAND),
                ("NOTICE", limits.TARGETS_PER_COMMAND),
                ("PART", ""),
                ("PRIVMSG", limits.TARGETS_PER_COMMAND),
                ("TAGMSG", limits.TARGETS_PER_COMMAND),
                ("WHOIS", 1),
                ("WHOWAS", 1),
            ]
        ),
        "TOPICLEN": limits.TOPIC_CHARACTERS,
        "USERLEN": limits.USER_BYTES,
        "UTF8ONLY": "",
        "WHOX": "",
    }
    if names(CHATHISTORY):
        values["CHATHISTORY"] = limits.HISTORY_PAGE
    return sorted([*more, *(f"{name}={value}" if value != "" else name for name, value in values.items())])


@lru_cache(maxsize=8)  # a server has one network name; each arrival asks
def lines(network: str, more: tuple[str, ...] = ()) -> list[list[str]]:
    """The tokens, in the groups that RPL_ISUPPORT sends."""
    return in_lines(tokens(network, more))


def in_lines(every: Sequence[str]) -> list[list[str]]:
    """Tokens in groups that fit a line: at most 13, and not too many bytes."""
    groups: list[list[str]] = [[]]
    used = 0
    for token in every:
        size = len(token.encode()) + 1
        if groups[-1] and (len(groups[-1]) == TOKENS_PER_LINE or used + size > TOKEN_BYTES):
            groups.append([])
            used = 0
        groups[-1].append(token)
        used += size
    return groups
