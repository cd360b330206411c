"""Accounts as values: what is kept of one, and the name under which its private talk is remembered.

What belongs here: the shapes shared by the state, the store and the shell. What must not: hashing
(`ports.Passwords`), logging in (`commands`), SQL.
"""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """All that is kept of an account. A change of it is a new value."""

    key: str  # folded name
    name: str
    created_at: int  # seconds since 1970
    password: str = ""  # argon2id hash; "": no password opens it
    scram: str = ""  # SCRAM-SHA-256 verifier, see `scram.Verifier`; "": none
    certificates: tuple[str, ...] = ()  # SHA-256 fingerprints, lower-case hexadecimal, in order of addition
    email: str = ""
    verified: bool = True
    suspended: str = ""  # why nobody may log in to it; "": not suspended
    settings: str = "{}"  # what its owner prefers, as a small JSON object: {"language": "es"}
    seen_at: int = 0  # seconds since 1970: when somebody last logged in to it


@dataclass(frozen=True, slots=True)
class AccountGone:
    """An account that is deleted: what it said loses its name, or with `words` goes with it."""

    key: str
    name: str
    words: bool


def identity_of(record: AccountRecord) -> str:
    """Under which name the private talk of an account is remembered.

    With the moment of its creation: whoever registers a deleted name again does not inherit its letters.
    """
    return f"account:{record.key}@{record.created_at}"


def setting(record: AccountRecord, name: str) -> str:
    """What its owner prefers, "" when nothing was said about it."""
    found = json.loads(record.settings).get(name, "")
    return found if isinstance(found, str) else ""


def with_setting(record: AccountRecord, name: str, value: str) -> str:
    """The settings with one of them changed, as they are kept."""
    return json.dumps({**json.loads(record.settings), name: value}, ensure_ascii=False, sort_keys=True)
