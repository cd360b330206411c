"""A provider's server for tests, on loopback: it speaks the streaming formats of three providers and
misbehaves when the model's name says so.

What belongs here: formats and misbehaviour. What must not: what our side makes of them.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

ANSWER = ("Hola", ", soy", " un programa.")
KEY = "sk-test-0123456789abcdef"
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

REFUSALS: dict[str, tuple[int, dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    # model: (status, OpenAI's error, Anthropic's error, Google's error)
    "wrong_key": (
        401,
        {"message": f"Incorrect API key provided: {KEY}", "code": "invalid_api_key"},
        {"type": "authentication_error", "message": "invalid x-api-key"},
        {"code": 401, "status": "UNAUTHENTICATED", "message": "API key not valid"},
    ),
    "no_such_model": (
        404,
        {"message": "The model does not exist", "code": "model_not_found"},
        {"type": "not_found_error", "message": "model: no_such_model"},
        {"code": 404, "status": "NOT_FOUND", "message": "models/no_such_model is not found"},
    ),
    "no_credit": (
        402,
        {"message": "You exceeded your current quota", "code": "insufficient_quota"},
        {"type": "billing_error", "message": "credit balance too low"},
        {"code": 402, "status": "FAILED_PRECONDITION", "message": "enable billing"},
    ),
    "overloaded": (
        429,
        {"message": "Rate limit reached", "code": "rate_limit_exceeded"},
        {"type": "rate_limit_error", "message": "too many"},
        {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "too many"},
    ),
    "failed": (
        500,
        {"message": "boom"},
        {"type": "api_error", "message": "boom"},
        {"code": 500, "message": "boom"},
    ),
}


class FakeProvider:
    """The ASGI application, and what it saw."""

    def __init__(self) -> None:
        self.url = ""
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.gone = threading.Event()  # a client went away before its answer ended

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        asked = json.loads(body)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.requests.append(asked)
        key = headers.get("x-api-key") or headers.get("x-goog-api-key")
        self.keys.append(key or headers.get("authorization", "").removeprefix("Bearer "))
        form = next(form for part, form in FORMS.items() if part in scope["path"])
        model = asked.get("model") or scope["path"].rpartition("/")[2].partition(":")[0]
        await self._answer(form, model, receive, send)

    async def _answer(self, form: type[OpenAI], model: str, receive: Receive, send: Send) -> None:
        if model in REFUSALS:
            body = json.dumps({"type": "error", "error": REFUSALS[model][form.column]}).encode()
            headers = [(b"content-type", b"application/json"), (b"retry-after", b"7")]
            await send({"type": "http.response.start", "status": REFUSALS[model][0], "headers": headers})
            await send({"type": "http.response.body", "body": body})
            return
        kind = b"text/html" if model == "html" else b"text/event-stream"
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
        for part in form.parts(model):
            await send({"type": "http.response.body", "body": part, "more_body": True})
            await asyncio.sleep(0)
        if model == "endless":
            while (await receive())["type"] != "http.disconnect":
                pass
            self.gone.set()
            return
        await send({"type": "http.response.body", "body": b""})


def _event(data: dict[str, Any], name: str = "") -> bytes:
    return (f"event: {name}\n" if name else "").encode() + f"data: {json.dumps(data)}\n\n".encode()


class OpenAI:
    """Chat completions."""

    column = 1

    @classmethod
    def parts(cls, model: str) -> Iterator[bytes]:
        yield cls._chunk({"role": "assistant", "content": None})
        for text in ANSWER:
            yield cls._chunk({"content": text})
        if model in ("cut", "endless"):
            return
        if model == "malformed":
            yield b"data: {not json\n\n"
        if model == "error_inside":
            yield _event({"error": {"message": "busy", "type": "overloaded_error"}})
        yield cls._chunk({}, "stop")
        usage = {"prompt_tokens": 11, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 4}}
        yield _event({"choices": [], "model": "m", "object": "chat.completion.chunk", "usage": usage})
        yield b"data: [DONE]\n\n"

    @staticmethod
    def _chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _event(
            {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
        )


class Anthropic(OpenAI):
    """Messages."""

    column = 2

    @classmethod
    def parts(cls, model: str) -> Iterator[bytes]:
        usage = {"input_tokens": 11, "output_tokens": 1}
        message = {
            "id": "m", "type": "message", "role": "assistant", "model": model, "content": [],
            "stop_reason": None, "stop_sequence": None, "usage": usage,
        }  # fmt: skip
        yield _event({"type": "message_start", "message": message}, "message_start")
        block = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
        yield _event(block, "content_block_start")
        for text in ANSWER:
            delta = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}}
            yield _event(delta, "content_block_delta")
        if model in ("cut", "endless"):
            return
        yield _event({"type": "content_block_stop", "index": 0}, "content_block_stop")
        end = {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None}}
        yield _event({**end, "usage": {"output_tokens": 3}}, "message_delta")
        yield _event({"type": "message_stop"}, "message_stop")


class Google(OpenAI):
    """streamGenerateContent with alt=sse."""

    column = 3

    @classmethod
    def parts(cls, model: str) -> Iterator[bytes]:
        for text in ANSWER:
            yield cls._candidate(text)
        if model in ("cut", "endless"):
            return
        usage = {"promptTokenCount": 11, "candidatesTokenCount": 3, "totalTokenCount": 14}
        yield cls._candidate("", "STOP", usage)

    @staticmethod
    def _candidate(text: str, finish: str | None = None, usage: dict[str, int] | None = None) -> bytes:
        candidate: dict[str, Any] = {"content": {"role": "model", "parts": [{"text": text}]}, "index": 0}
        if finish:
            candidate["finishReason"] = finish
        return _event({"candidates": [candidate], **({"usageMetadata": usage} if usage else {})})


FORMS: dict[str, type[OpenAI]] = {
    "/chat/completions": OpenAI,
    "/messages": Anthropic,
    ":streamGenerateContent": Google,
}


@contextmanager
def fake_provider() -> Iterator[FakeProvider]:
    """It listens on a port of the system's choice, in a thread of its own."""
    application = FakeProvider()
    listener = socket.create_server(("127.0.0.1", 0))
    application.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    app: Any = application
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        yield application
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(10)
        listener.close()
