"""Providers with wire formats of their own, through pydantic-ai's model layer.

What belongs here: its events and errors into ours. What must not: agents, messages (`library_messages`),
carrying out what a model calls. The library takes a second to import and is optional: it is imported at first
use, in a thread.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from contextlib import aclosing
from typing import Any, Final

from tertulia.models.library_messages import calls_of, messages, parameters
from tertulia.models.provider import Answer, Capabilities, Delta, Kind, ProviderError, Request, Usage

CONNECT_SECONDS: Final = 10.0
EXTRA: Final = "pip install 'tertulia[providers]'"

_KINDS: Final[tuple[tuple[str, Kind], ...]] = (
    # pydantic_ai.exceptions, most telling first
    ("ModelAuthenticationError", "wrong_key"),
    ("ModelNotFoundError", "no_such_model"),
    ("ModelQuotaExceededError", "no_credit"),
    ("ContentFilterError", "refused"),
    ("ModelContextWindowExceededError", "too_long"),
    ("ModelRateLimitError", "overloaded"),
    ("ModelUnavailableError", "overloaded"),
    ("ModelTimeoutError", "timed_out"),
    ("ModelRequestTimeout", "timed_out"),
    ("ModelConnectionError", "no_network"),
)


def _anthropic(model: str, key: str, base_url: str, client: Any) -> Any:
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider

    provider = AnthropicProvider(api_key=key, base_url=base_url or None, http_client=client)
    return AnthropicModel(model, provider=provider)


def _google(model: str, key: str, base_url: str, client: Any) -> Any:
    from pydantic_ai.models.google import GoogleModel
    from pydantic_ai.providers.google import GoogleProvider

    provider = GoogleProvider(api_key=key, base_url=base_url or None, http_client=client)
    return GoogleModel(model, provider=provider)


MAKERS: Final[dict[str, Callable[[str, str, str, Any], Any]]] = {"anthropic": _anthropic, "google": _google}


class Library:
    """One model of a provider in `MAKERS`."""

    def __init__(self, *, name: str, model: str, base_url: str, key: str, capabilities: Capabilities) -> None:
        self.name = name
        self.model = model
        self.capabilities = capabilities
        self._key = key
        self._base_url = base_url
        self._trust: ssl.SSLContext | None = None

    def __repr__(self) -> str:
        return f"Library({self.name}, {self.model})"

    async def stream(self, request: Request) -> Answer:
        try:
            model, client = await asyncio.to_thread(self._make)
        except ImportError as error:
            raise ProviderError("missing", EXTRA) from error
        try:
            async with client, aclosing(self._events(model, request)) as events:
                async for item in events:
                    yield item
        except ProviderError:
            raise
        except Exception as error:  # the library's tree of errors, and what its SDKs let through
            raise self._error(error) from error

    def _make(self) -> tuple[Any, Any]:
        """The library's model, and a client for this call alone: closing it ends the call, which not every
        SDK under the library does when it is cancelled. Certificates are read once."""
        import httpx2

        self._trust = self._trust or ssl.create_default_context()
        client = httpx2.AsyncClient(
            verify=self._trust,
            timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS),
            event_hooks={"response": [_check_stream]},
        )
        return MAKERS[self.name](self.model, self._key, self._base_url, client), client

    async def _events(self, model: Any, request: Request) -> Answer:
        from pydantic_ai.direct import model_request_stream
        from pydantic_ai.messages import PartDeltaEvent, PartStartEvent, TextPart, TextPartDelta
        from pydantic_ai.settings import ModelSettings

        tokens = min(request.answer_tokens, self.capabilities.answer_tokens)
        settings = ModelSettings(max_tokens=tokens, max_retries=0)  # trying again is decided by `turns`
        if request.temperature is not None:
            settings["temperature"] = request.temperature
        if request.must_answer and request.tools:
            settings["tool_choice"] = "none"
        async with model_request_stream(
            model, messages(request), model_settings=settings, model_request_parameters=parameters(request)
        ) as reply:
            async for event in reply:
                if (
                    isinstance(event, PartStartEvent)
                    and isinstance(event.part, TextPart)
                    and event.part.content
                ):
                    yield Delta(event.part.content)
                elif isinstance(event, PartDeltaEvent) and isinstance(event.delta, TextPartDelta):
                    yield Delta(event.delta.content_delta or "")
            if reply.finish_reason is None:
                raise ProviderError("failed", "the answer broke off")
            usage = reply.usage() if callable(reply.usage) else reply.usage
            if usage.input_tokens or usage.output_tokens:  # zeros: the provider said nothing of it
                yield Usage(usage.input_tokens, usage.output_tokens, usage.cache_read_tokens)
            if reply.finish_reason == "content_filter":
                raise ProviderError("refused", "content_filter")
            for call in calls_of(reply.get(), request):
                yield call

    def _error(self, error: Exception) -> ProviderError:
        inner: BaseException | None = error
        while inner is not None:  # what `_check_stream` raised may come wrapped
            if isinstance(inner, ProviderError):
                return inner
            inner = inner.__cause__ or inner.__context__
        names = {base.__name__ for base in type(error).__mro__}
        kind: Kind = next((kind for name, kind in _KINDS if name in names), "failed")
        text = self.model if kind == "no_such_model" else str(error).replace(self._key, "…")
        return ProviderError(kind, text, getattr(error, "retry_after", None))

    async def close(self) -> None:
        pass


async def _check_stream(reply: Any) -> None:
    """A page of HTML with status 200 is somebody else's; the SDKs would read it as an empty answer."""
    if reply.status_code == 200 and "text/event-stream" not in reply.headers.get("content-type", ""):
        raise ProviderError("failed", "the answer is not a stream; is the base_url right?")
