"""Metadata as values: keys, what may be under them, and how they are kept.

What belongs here: the shapes shared by users and rooms, and the keys that this server knows. What must not:
who may set them (`commands.metadata`), who is told (`server.metadata`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from tertulia.limits import METADATA_KEY_BYTES, METADATA_VALUE_BYTES

SETTING = "metadata"
"""Under which name the settings of an account or a room keep it."""

NO_MODELS = "tertulia.chat/no-models"
"""`1`: what the user says is not sent to models that run elsewhere."""

LANGUAGE = "tertulia.chat/language"
"""In which language programs should speak to the user: `es`."""

CHECKED: dict[str, re.Pattern[str]] = {
    NO_MODELS: re.compile(r"[01]"),
    LANGUAGE: re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?"),
    "color": re.compile(r"#[0-9A-Fa-f]{6}"),
    "avatar": re.compile(r"https?://\S+"),
    "homepage": re.compile(r"(https?|gemini|gopher)://\S+"),
}
"""Keys whose values are not free; `display-name`, `pronouns`, `status`, `bot` and all others are."""

_KEY = re.compile(r"[a-z0-9_./-][a-z0-9_.:/-]{0,63}")
assert METADATA_KEY_BYTES == 64, "as the pattern has it"


def key_of(text: str) -> str | None:
    """A key as it is kept; None when it is none. "case-insensitive", "MUST NOT start with a colon"."""
    key = text.lower()
    return key if _KEY.fullmatch(key) else None


def is_value(key: str, value: str) -> bool:
    pattern = CHECKED.get(key)
    fits = len(value.encode()) <= METADATA_VALUE_BYTES
    return fits and (pattern is None or pattern.fullmatch(value) is not None)


def read(text: str) -> dict[str, str]:
    """What a setting keeps; "" is nothing."""
    return dict(json.loads(text)) if text else {}


def write(values: Mapping[str, str]) -> str:
    return json.dumps(dict(values), ensure_ascii=False, sort_keys=True) if values else ""
