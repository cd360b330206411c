"""The configuration as models, tools and doors with TLS want to have it.

What belongs here: one value made of another, for the server and for the shell. What must not: anything that
loads the server, or a provider: `tertulia check` must be quick.
"""

from __future__ import annotations

from collections.abc import Mapping

from tertulia.config import Model, Settings
from tertulia.models.settings import ModelSettings, default_settings
from tertulia.models.tools.mcp_settings import McpSettings
from tertulia.transports.certificates import TlsFiles


def for_models(settings: Settings, environ: Mapping[str, str]) -> tuple[ModelSettings, ...]:
    """Whom to seat: those named (an empty list: nobody), else the default ones."""
    if settings.models is None:
        return default_settings(environ)
    return tuple(_seat(model) for model in settings.models)


def for_tools(settings: Settings) -> tuple[McpSettings, ...]:
    """The servers of tools."""
    return tuple(
        McpSettings(**{**one.model_dump(), "url": one.url or "", "key_env": one.key_env or ""})
        for one in settings.mcp
    )


def tls_files(settings: Settings) -> TlsFiles:
    """The certificate that is named, else the one in the data folder."""
    tls, data = settings.tls, settings.server.data
    return TlsFiles(tls.certificate or data / "tls" / "certificate.pem", tls.key or data / "tls" / "key.pem")


def _seat(model: Model) -> ModelSettings:
    values = model.model_dump()
    return ModelSettings(**{**values, "base_url": model.base_url or "", "key_env": model.key_env or ""})
