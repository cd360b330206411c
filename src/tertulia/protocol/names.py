"""Which nicks, user names, rooms and keys are valid, and how masks match.

What belongs here: pure questions about names. What must not: who holds them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from tertulia.limits import KEY_CHARACTERS, NICK_CHARACTERS, ROOM_CHARACTERS, USER_BYTES
from tertulia.protocol import extbans
from tertulia.protocol.casemap import fold

CHANTYPES = "#"
ACCOUNT_BANS = ("a", "account")  # ISUPPORT ACCOUNTEXTBAN: how a ban by account may be written

# RFC 2812 2.3.1 nickname, and the letters of Latin scripts, so that José and Begoña keep their names. Other
# scripts
# stay out until look-alikes (a Cyrillic "а" in "admin") can be told apart.
_LATIN = "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
_NICK = re.compile(rf"[A-Za-z{_LATIN}\[\]\\`_^{{|}}][A-Za-z0-9{_LATIN}\[\]\\`_^{{|}}-]*")
_ROOM = re.compile(r"#[^\x00-\x20,\x07\x7f:\u0080-\u00a0\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_USER = re.compile(r"[^\x00-\x20@!:\x7f]+")
_RESERVED = frozenset({"*", "server", "servicio", "nickserv", "chanserv", "histserv", "hostserv", "operserv"})


def valid_nick(nick: str) -> bool:
    return len(nick) <= NICK_CHARACTERS and _NICK.fullmatch(nick) is not None and nick == _composed(nick)


def reserved_nick(nick: str) -> bool:
    """Names that speak with authority and belong to nobody."""
    return fold(nick) in _RESERVED


def valid_room(name: str) -> bool:
    return len(name) <= ROOM_CHARACTERS and _ROOM.fullmatch(name) is not None and name == _composed(name)


def is_room(target: str) -> bool:
    """Whether a target is meant as a room (rather than a nick)."""
    return target[:1] == CHANTYPES


def valid_key(key: str) -> bool:
    """Mode k: "any 7-bit US_ASCII except NUL, CR, LF, FF, h/v TABs and space" (RFC 2812), and no comma
    (JOIN's list).
    """
    return (
        0 < len(key) <= KEY_CHARACTERS
        and key.isascii()
        and not re.search(r"[\x00-\x20,\x7f]", key)
        and key[0] != ":"
    )


def clean_user(text: str) -> str:
    """A user name for the prefix out of what USER gave: no "@", "!", spaces or controls; "~" says it is
    unproved.
    """
    kept = "".join(_USER.findall(text)) or "user"
    return "~" + kept.encode()[: USER_BYTES - 1].decode(errors="ignore")


def _composed(name: str) -> str:
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def complete_mask(mask: str) -> str:
    """A ban as it is kept: `nick` and `nick!user` and `user@host` are filled up to nick!user@host; extended
    ones are written as `extbans` says."""
    extended = extbans.read(mask)
    if extended is not None:
        value = extended.value or "*"
        if extended.letter == "m":
            value = complete_mask(value).removeprefix(extbans.MUTE)
        elif extended.letter == "z":
            value = "*"
        return extbans.written(extended._replace(value=value))
    if "!" in mask or "@" in mask:
        nick, bang, rest = mask.partition("!")
        if not bang:
            nick, rest = "*", mask
        user, _, host = rest.partition("@")
        return f"{nick or '*'}!{user or '*'}@{host or '*'}"
    return f"{mask or '*'}!*@*"


@lru_cache(maxsize=8192)  # bounded: masks are set by people; a list has at most 100 of them
def _matcher(mask: str) -> re.Pattern[str]:
    """Between stars each piece is taken at its first place and kept (atomic), so that matching stays
    linear.
    """
    first, *rest = [_piece(part) for part in re.split(r"\*+", fold(mask))]
    if not rest:
        return re.compile(first, re.DOTALL)
    middle = "".join(f"(?>.*?{piece})" for piece in rest[:-1])
    return re.compile(f"{first}{middle}.*{rest[-1]}", re.DOTALL)


def _piece(part: str) -> str:
    return "".join("." if letter == "?" else re.escape(letter) for letter in part)


def mask_matches(mask: str, prefix: str) -> bool:
    """Whether a name (often nick!user@host) falls under a mask with `*` and `?`."""
    return _matcher(mask).fullmatch(fold(prefix)) is not None
