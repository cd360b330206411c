"""What a running server cannot change: it has built itself upon it.

What belongs here: the keys, and new settings without other values of them. What must not: reading settings,
and what becomes of those that can change (`house.py`).
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from tertulia.config import Settings

FIXED = (
    "server.name",
    "server.network",
    "server.listen",
    "server.data",
    "store",
    "http",
    "files.enabled",
    "files.folder",
    "push",
    "local",
    "limits.hops",
    "models",
    "mcp",
    "calls",
    "ledger",
)


def changeable(running: Settings, wanted: Settings) -> tuple[Settings, list[str]]:
    """The settings that are wanted, as far as they can be had now, and the keys that need a restart.

    None of these may be had by halves: what is offered must be there, and what is not is not offered.
    """
    differing = [key for key in FIXED if _value(running, key) != _value(wanted, key)]
    for key in differing:
        wanted = _with(wanted, key.split("."), _value(running, key))
    return wanted, differing


def _value(settings: BaseModel, key: str) -> Any:
    value: Any = settings
    for name in key.split("."):
        value = getattr(value, name)
    return value


def _with(settings: Any, names: list[str], value: Any) -> Any:
    name, *rest = names
    return settings.model_copy(update={name: _with(getattr(settings, name), rest, value) if rest else value})
