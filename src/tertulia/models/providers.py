"""Which providers there are: one table, and making one from a model's settings.

What belongs here: defaults per provider, and where its key is looked for. What must not: wire formats.
Names of models and their limits were read from the providers' documentation in November 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final, Literal

from tertulia.models import known
from tertulia.models.provider import Capabilities, Provider, ProviderError
from tertulia.models.scripted import Scripted
from tertulia.models.settings import ModelSettings
from tertulia.protocol.ledger import Price, free

SCRIPT: Final = "I am a script, not a model. · Soy un guion, no un modelo."


@dataclass(frozen=True, slots=True)
class Kind:
    """One row: how a provider is reached, and what its default model can do."""

    by: Literal["openai_compatible", "library", "local", "scripted"]
    capabilities: Capabilities
    model: str = ""
    base_url: str = ""
    key_env: str = ""
    needs_key: bool = True
    limit_field: str = "max_tokens"
    extra: tuple[tuple[str, Any], ...] = ()  # sent with the default model only: others may refuse it


TABLE: Final[dict[str, Kind]] = {
    "local": Kind(
        "local", Capabilities(context_tokens=8_192, answer_tokens=768, local=True), needs_key=False
    ),
    "openai": Kind(
        "openai_compatible",
        Capabilities(context_tokens=1_050_000, answer_tokens=4_096, tools=True, vision=True),
        model="gpt-6-luna",
        base_url="https://api.openai.com/v1",
        key_env="OPENAI_API_KEY",
        limit_field="max_completion_tokens",  # "max_tokens" is refused by models that reason
        extra=(("reasoning_effort", "none"),),  # in a room the first word counts
    ),
    "anthropic": Kind(
        "library",
        Capabilities(context_tokens=200_000, answer_tokens=4_096, tools=True, vision=True),
        model="claude-haiku-5-5",
        key_env="ANTHROPIC_API_KEY",
    ),
    "google": Kind(
        "library",
        Capabilities(context_tokens=1_000_000, answer_tokens=4_096, tools=True, vision=True),
        model="gemini-3.5-flash-lite",
        key_env="GEMINI_API_KEY",
    ),
    "openai-compatible": Kind(
        "openai_compatible", Capabilities(context_tokens=8_192, answer_tokens=1_024), needs_key=False
    ),
    "scripted": Kind(
        "scripted", Capabilities(context_tokens=8_192, local=True), model="scripted", needs_key=False
    ),
}


def make(settings: ModelSettings, environment: Mapping[str, str]) -> Provider:
    """The provider of a model that is not local.

    Raises `ProviderError` `no_key` when its key is not in the environment, `no_such_model` when it has no
    name, and `failed` when its endpoint is not named.
    """
    kind = TABLE[settings.provider]
    if kind.by == "scripted":
        return Scripted(settings.script or (SCRIPT,), tools=capabilities_of(settings).tools)
    capabilities = capabilities_of(settings)
    model = settings.model or kind.model
    key = key_of(settings, environment)
    if not model:
        raise ProviderError("no_such_model", f"model = … is missing for {settings.nick}")
    if kind.by == "library":
        from tertulia.models.library import Library  # loads nothing heavy; the other half of the table

        return Library(
            name=settings.provider,
            model=model,
            base_url=settings.base_url,
            key=key or "",
            capabilities=capabilities,
        )
    base_url = settings.base_url or kind.base_url
    if not base_url:
        raise ProviderError("failed", f"base_url = … is missing for {settings.nick}")
    from tertulia.models.openai_compatible import OpenAICompatible  # and with it a client for HTTP

    return OpenAICompatible(
        name=settings.provider,
        model=model,
        base_url=base_url,
        key=key,
        capabilities=capabilities,
        limit_field=kind.limit_field,
        extra=dict(kind.extra) if model == kind.model else None,
    )


def capabilities_of(settings: ModelSettings) -> Capabilities:
    """The known model's, else the provider's row; what the settings say goes over both."""
    kind = TABLE[settings.provider]
    found = kind.capabilities
    if row := known.find(settings.provider, settings.model or kind.model):
        found = replace(found, context_tokens=row.context_tokens, tools=row.tools, vision=row.vision)
    said = {name: getattr(settings, name) for name in ("answer_tokens", "context_tokens", "tools", "vision")}
    return replace(found, **{name: value for name, value in said.items() if value is not None})


def price_of(settings: ModelSettings, currency: str, dollar: Decimal | None) -> Price | None:
    """What a model costs, in `currency`; None when nobody knows. `dollar`: what a US dollar is worth in it.

    What the settings say goes first; what runs here is free; else the known model's, at its provider's own
    endpoint: others ask for other prices.
    """
    kind = TABLE[settings.provider]
    if settings.price_in is not None or settings.price_out is not None:
        tokens_in, tokens_out = _decimal(settings.price_in or 0), _decimal(settings.price_out or 0)
        cached = tokens_in if settings.price_cached is None else _decimal(settings.price_cached)
        return Price(tokens_in, tokens_out, cached, currency)
    if kind.capabilities.local:
        return free(currency)
    row = known.find(settings.provider, settings.model or kind.model)
    rate = Decimal(1) if currency == "USD" else dollar
    if row is None or rate is None or settings.base_url not in ("", kind.base_url):
        return None
    return row.price.times(rate, currency)


def _decimal(value: float) -> Decimal:
    return Decimal(str(value))  # as it was written: 0.1 is a tenth


def key_of(settings: ModelSettings, environment: Mapping[str, str]) -> str | None:
    """The key, from the variable that the settings or the table name. Raises `ProviderError` `no_key`."""
    kind = TABLE[settings.provider]
    variable = settings.key_env or kind.key_env
    key = environment.get(variable, "").strip() if variable else ""
    if not key and (kind.needs_key or settings.key_env):
        raise ProviderError("no_key", variable)
    return key or None
