"""Agents: somebody's programs, outside this server, let in with a token, and where each has got to.

What belongs here: shapes, and the form of a token. What must not: chance (it is passed in), and what an agent
may do (`policy.agents`).

An agent is an account without a password of its own, beside which stands this record. A token is 256 bits of
chance: its SHA-256 tells nothing about it, and costs the loop nothing.
"""

from __future__ import annotations

import re
from hashlib import sha256
from hmac import compare_digest
from typing import Final, NamedTuple

from tertulia.protocol.casemap import fold

RIGHTS: Final = {
    "read": ("come into its rooms, hear and read them", "entrar en sus salas, oírlas y leerlas"),
    "say": ("say something", "decir algo"),
    "stream": ("say something that grows", "decir algo que crece"),
    "search": ("search what it may read", "buscar en lo que puede leer"),
    "members": ("see who is there", "ver quién está"),
    "private": ("talk with single people", "hablar a solas con alguien"),
}
ANY_ROOM: Final = "*"
PREFIX: Final = "tta"  # so that one that leaks is recognized
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_TOKEN = re.compile(r"tta\.([A-Za-z][A-Za-z0-9_-]*)\.([A-Za-z0-9_-]{43})")


class AgentRecord(NamedTuple):
    """All that is kept of an agent. A change of it is a new value."""

    key: str  # folded name, which is its account's too
    name: str
    owner: str  # the account that answers for it
    token_hash: str  # SHA-256 in hexadecimal; "": its token was taken away
    rooms: tuple[str, ...]  # folded names; "*": all that anybody may enter
    rights: tuple[str, ...]  # of RIGHTS, in their order
    created_at: int  # seconds since 1970
    expires_at: int = 0  # seconds since 1970; 0: never


class Place(NamedTuple):
    """How far an agent has got with the talk of one buffer, and what it is working on."""

    agent: str  # folded name
    buffer: str
    upto: int = 0  # all that has an id up to this one is done with
    done: str = ""  # ids above it that are done with as well, in hexadecimal, separated by commas
    claim: str = ""  # who works on it has this word; "": nobody
    claimed: str = ""  # on which ids, written as `done` is
    until_ms: int = 0  # when the claim ends by itself


def is_agent_name(name: str) -> bool:
    """Letters, digits, "-" and "_": what fits a token as well as a nick."""
    return _NAME.fullmatch(name) is not None


def write_token(name: str, secret: str) -> str:
    """`secret`: 43 characters, of 256 bits in URL-safe base64."""
    return f"{PREFIX}.{name}.{secret}"


def name_in(token: str) -> str:
    """Whose a token says it is; "" when it is no token."""
    found = _TOKEN.fullmatch(token)
    return found[1] if found else ""


def hash_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def opens(record: AgentRecord, token: str) -> bool:
    """Whether it is the agent's token, in constant time."""
    return bool(record.token_hash) and compare_digest(record.token_hash, hash_of(token))


def is_over(record: AgentRecord, now: int) -> bool:
    """Whether nobody may come with its token any more. `now`: seconds since 1970."""
    return not record.token_hash or bool(record.expires_at and record.expires_at <= now)


def is_for(record: AgentRecord, room: str) -> bool:
    return ANY_ROOM in record.rooms or fold(room) in record.rooms


def ids_of(text: str) -> list[int]:
    return [int(one, 16) for one in text.split(",") if one]


def written(ids: list[int]) -> str:
    return ",".join(f"{one:x}" for one in sorted(ids))
