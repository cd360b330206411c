"""What a configuration says about one model.

What belongs here: the value, and what is there without a configuration. What must not: reading files
(`config`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

FIRST_ROOM: Final = "#tertulia"
_SHAPELESS: Final = ("rooms", "key_env", "price_in", "price_out", "price_cached", "fallback")


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """One `[[models]]` table."""

    nick: str
    provider: str = "local"  # a key of `providers.TABLE`
    model: str = ""  # the provider's name for it, a catalogue name, or a file; "": the provider's default
    base_url: str = ""  # "": the provider's own
    key_env: str = ""  # the variable that holds the key, never the key; "": the provider's usual one
    rooms: tuple[str, ...] = (FIRST_ROOM,)
    prompt: str = ""
    temperature: float | None = None
    answer_tokens: int | None = None  # None: as the provider's table says
    context_tokens: int | None = None
    tools: bool | None = None
    vision: bool | None = None
    price_in: float | None = None  # for a million tokens, in the ledger's currency; None: as is known
    price_out: float | None = None
    price_cached: float | None = None
    fallback: tuple[str, ...] = ()  # nicks of the models that answer when it cannot, in order
    script: tuple[str, ...] = ()  # what the scripted provider answers, in turn

    @property
    def fingerprint(self) -> str:
        """12 hexadecimal digits that change when anything which shapes an answer does
        (`tertulia.chat/config`)."""
        text = json.dumps({key: value for key, value in asdict(self).items() if key not in _SHAPELESS})
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def default_settings(environment: Mapping[str, str]) -> tuple[ModelSettings, ...]:
    """Who is there without a configuration: the local model, and `gpt` for those who have a key."""
    found = [ModelSettings(nick="lola", provider="local")]
    if environment.get("OPENAI_API_KEY"):
        model = environment.get("OPENAI_MODEL", "")
        base_url = environment.get("OPENAI_BASE_URL", "")
        found.append(ModelSettings(nick="gpt", provider="openai", model=model, base_url=base_url))
    return tuple(found)
