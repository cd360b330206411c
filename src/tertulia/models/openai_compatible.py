"""Any endpoint that speaks OpenAI's chat completions: OpenAI, vLLM, Ollama, llama.cpp, and the local runtime.

What belongs here: that wire format, over `aiohttp`. What must not: other formats (`library`), which key goes
where.

Why not through the library, and why this client: a chunk read and understood costs 40 µs of a processor this
way, 110 over `httpx`, and several times that through the library's own events (docs/performance.md, "A
model's words"); and a reply is to reach the room within two milliseconds.
"""

from __future__ import annotations

import asyncio
import json
import re
import ssl
from collections.abc import Mapping
from contextlib import aclosing
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp

from tertulia.models.openai_tools import Calls, messages_of, tools_of
from tertulia.models.provider import Answer, Capabilities, Delta, Kind, ProviderError, Request, Usage
from tertulia.models.retry_after import seconds_of
from tertulia.models.sse import TooLong, data_of

CONNECT_SECONDS: Final = 10.0
ERROR_BYTES: Final = 64 * 1024  # of an error's body that are read
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_KEY_LIKE: Final = re.compile(r"\b(sk|key|pk)-[\w*-]{4,}")

_BY_CODE: Final[dict[str, Kind]] = {
    # `code` or `type` of an error's body; more telling than its status
    "insufficient_quota": "no_credit",
    "billing_hard_limit_reached": "no_credit",
    "invalid_api_key": "wrong_key",
    "authentication_error": "wrong_key",
    "model_not_found": "no_such_model",
    "context_length_exceeded": "too_long",
    "exceed_context_size_error": "too_long",
    "content_filter": "refused",
    "content_policy_violation": "refused",
    "rate_limit_exceeded": "overloaded",
    "overloaded_error": "overloaded",
}
_BY_STATUS: Final[dict[int, Kind]] = {
    401: "wrong_key", 402: "no_credit", 403: "wrong_key", 404: "no_such_model", 408: "timed_out",
    413: "too_long", 429: "overloaded", 503: "overloaded", 504: "timed_out", 529: "overloaded",
}  # fmt: skip


class OpenAICompatible:
    """One model behind one endpoint. `base_url` ends before `/chat/completions`, commonly in `/v1`."""

    def __init__(
        self,
        *,
        name: str,
        model: str,
        base_url: str,
        key: str | None,
        capabilities: Capabilities,
        limit_field: str = "max_tokens",
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self.name = name
        self.model = model
        self.capabilities = capabilities
        self._url = base_url.rstrip("/") + "/chat/completions"
        address = urlsplit(self._url)
        self._host = f"{address.hostname}:{address.port}" if address.port else f"{address.hostname}"
        self._key = key
        self._limit_field = limit_field  # OpenAI's newer models refuse "max_tokens"
        self._extra = dict(extra or {})
        self._client: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        return f"OpenAICompatible({self.name}, {self.model}, {self._host})"

    async def stream(self, request: Request) -> Answer:
        try:
            client = await self._http()
            async with client.post(
                self._url, json=self._body(request), headers=self._headers(), allow_redirects=False
            ) as reply:
                if reply.status != 200:
                    raise await self._refusal(reply)
                if "text/event-stream" not in reply.headers.get("content-type", ""):
                    raise ProviderError("failed", "the answer is not a stream; is the base_url right?")
                async with aclosing(self._chunks(reply, bool(request.tools))) as chunks:
                    async for item in chunks:
                        yield item
        except TimeoutError as error:
            raise ProviderError("timed_out", type(error).__name__) from error
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
            raise ProviderError("no_network", f"{self._host}: {self._why(error)}") from error
        except (aiohttp.ClientError, OSError, TooLong) as error:
            raise ProviderError("failed", self._clean(str(error) or type(error).__name__)) from error
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            # JSON of another shape; a key or an address that cannot stand in a header
            raise ProviderError("failed", f"not as chat completions are: {self._why(error)}") from error

    async def _chunks(self, reply: aiohttp.ClientResponse, with_tools: bool) -> Answer:
        """Deltas until `[DONE]`; a body that ends before a finish reason was cut. Calls of tools come last,
        and not at all when none were offered."""
        finished = refused = False
        calls = Calls()
        async with aclosing(data_of(reply.content.readany)) as events:
            async for data in events:
                if data == "[DONE]":
                    break
                chunk = self._chunk(data)
                for choice in chunk.get("choices") or ():
                    delta = choice.get("delta") or {}
                    if (text := delta.get("content")) and isinstance(text, str):
                        yield Delta(text)
                    if with_tools and (pieces := delta.get("tool_calls")):
                        calls.add(pieces)
                    finished = finished or bool(choice.get("finish_reason"))
                    refused = refused or choice.get("finish_reason") == "content_filter"
                if usage := chunk.get("usage"):
                    cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0
                    yield Usage(usage.get("prompt_tokens") or 0, usage.get("completion_tokens") or 0, cached)
            else:
                if not finished:
                    raise ProviderError("failed", "the answer broke off")
        if refused:
            raise ProviderError("refused", "content_filter")
        for call in calls.whole():
            yield call

    def _chunk(self, data: str) -> dict[str, Any]:
        try:
            chunk = json.loads(data)
        except ValueError as error:
            raise ProviderError("failed", "a piece of the answer is not JSON") from error
        if not isinstance(chunk, dict):
            raise ProviderError("failed", "a piece of the answer is not an object")
        if chunk.get("error"):
            raise self._error(200, chunk, None)
        return chunk

    def _body(self, request: Request) -> dict[str, Any]:
        messages: list[dict[str, Any]] = [{"role": "system", "content": request.system}]
        messages = messages if request.system else []
        messages += [message for turn in request.turns for message in messages_of(turn)]
        body: dict[str, Any] = {
            "model": self.model,
            "messages": messages,
            "stream": True,
            "stream_options": {"include_usage": True},
            self._limit_field: min(request.answer_tokens, self.capabilities.answer_tokens),
            **self._extra,
        }
        if request.temperature is not None:
            body["temperature"] = request.temperature
        if request.tools:
            body |= tools_of(request)
        return body

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key}"} if self._key else {}

    async def _http(self) -> aiohttp.ClientSession:
        """Made at first use, in the loop that uses it. Deadlines between bytes are the caller's."""
        if self._client is None:
            address = urlsplit(self._url)
            trust = await asyncio.to_thread(_trust) if address.scheme == "https" else True
            if self._client is None:  # nobody else made one in the meantime
                self._client = aiohttp.ClientSession(
                    connector=aiohttp.TCPConnector(limit=0, ssl=trust),  # the semaphore bounds calls
                    timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
                    cookie_jar=aiohttp.DummyCookieJar(),
                    trust_env=address.hostname not in _LOOPBACK,
                )
        return self._client

    async def _refusal(self, reply: aiohttp.ClientResponse) -> ProviderError:
        body = b""
        while chunk := await reply.content.readany():
            body += chunk
            if len(body) > ERROR_BYTES:
                break
        try:
            parsed = json.loads(body)
        except ValueError:
            parsed = {"error": {"message": body[:200].decode(errors="replace")}}
        return self._error(reply.status, parsed, reply.headers.get("retry-after"))

    def _error(self, status: int, parsed: Any, retry_after: str | None) -> ProviderError:
        error = parsed.get("error") if isinstance(parsed, dict) else None
        if not isinstance(error, dict):
            error = {"message": str(error or parsed)}
        named = (_BY_CODE.get(str(error.get(field))) for field in ("code", "type"))
        kind = next((kind for kind in named if kind), None) or _BY_STATUS.get(status, "failed")
        detail = self.model if kind == "no_such_model" else self._clean(str(error.get("message") or status))
        return ProviderError(kind, detail, seconds_of(retry_after, datetime.now(UTC)))

    def _why(self, error: Exception) -> str:
        """In words without the address, which could hold a password."""
        if isinstance(error, OSError) and error.strerror:
            return error.strerror
        return type(error).__name__

    def _clean(self, text: str) -> str:
        """A provider's words without anything that looks like a key: some repeat it."""
        if self._key:
            text = text.replace(self._key, "…")
        return _KEY_LIKE.sub("…", text)

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.close()


@cache
def _trust() -> ssl.SSLContext:
    """Whom to believe, for all providers: reading the certificates takes a twentieth of a second. httpx's,
    which brings its own where the system has none, and heeds SSL_CERT_FILE."""
    import httpx

    return httpx.create_ssl_context()
