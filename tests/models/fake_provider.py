"""A provider's server for tests, on loopback: it speaks the streaming formats of three providers and
misbehaves when the model's name says so.

What belongs here: formats and misbehaviour. What must not: what our side makes of them.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
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


ODD: dict[str, Any] = {
    # JSON that is no chunk of chat completions
    "odd_choices": {"choices": {"delta": {}}},
    "odd_choice": {"choices": ["x"]},
    "odd_delta": {"choices": [{"delta": "x"}]},
    "odd_usage": {"choices": [], "usage": "x"},
}
RETRY_AFTER_SECONDS = 7
DATE_SECONDS = 90  # how far ahead the other form of Retry-After lies
WITHOUT_END = ("cut", "cut_chunk", "endless", "endless_talk")


class FakeProvider:
    """The ASGI application, and what it saw.

    The model's name is the behaviour: a key of `REFUSALS`; "overloaded_date" (429, Retry-After as a date);
    "slow" (no byte before `go` is set); "cut" and "cut_chunk" (the body ends between two chunks, or within
    one); "endless" (silence after the answer) and "endless_talk" (it never stops talking); "malformed";
    "html"; "no_usage"; "refusal" (of what was asked); "broken_tool" (a call whose arguments are no JSON);
    "tool" (a whole call, in pieces);
    "error_inside". What is in `next` goes before it, once.
    """

    def __init__(self) -> None:
        self.url = ""
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.next: deque[str] = deque()
        self.asked = threading.Event()
        self.go = threading.Event()
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
        self.asked.set()
        key = headers.get("x-api-key") or headers.get("x-goog-api-key")
        self.keys.append(key or headers.get("authorization", "").removeprefix("Bearer "))
        form = next(form for part, form in FORMS.items() if part in scope["path"])
        model = asked.get("model") or scope["path"].rpartition("/")[2].partition(":")[0]
        await self._answer(form, self.next.popleft() if self.next else model, receive, send)

    async def _answer(self, form: type[OpenAI], model: str, receive: Receive, send: Send) -> None:
        kind = model.removesuffix("_date")
        if kind in REFUSALS:
            body = json.dumps({"type": "error", "error": REFUSALS[kind][form.column]}).encode()
            headers = [(b"content-type", b"application/json"), (b"retry-after", _retry_after(model))]
            await send({"type": "http.response.start", "status": REFUSALS[kind][0], "headers": headers})
            await send({"type": "http.response.body", "body": body})
            return
        media = b"text/html" if model == "html" else b"text/event-stream"
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", media)]})
        if model == "slow" and not await self._let_go(receive):
            return
        for part in form.parts(model):
            await send({"type": "http.response.body", "body": part, "more_body": True})
            await asyncio.sleep(0)
        if model.startswith("endless"):
            await self._on_and_on(form, model, receive, send)
            return
        await send({"type": "http.response.body", "body": b""})

    async def _let_go(self, receive: Receive) -> bool:
        """Wait for the test, or for the client to hang up (then it is false)."""
        gone = asyncio.create_task(_disconnected(receive))
        while not self.go.is_set() and not gone.done():
            await asyncio.wait({gone}, timeout=0.005)
        if gone.done():
            self.gone.set()
        gone.cancel()
        return not gone.done()

    async def _on_and_on(self, form: type[OpenAI], model: str, receive: Receive, send: Send) -> None:
        gone = asyncio.create_task(_disconnected(receive))
        while not gone.done():
            if model == "endless_talk":
                await send({"type": "http.response.body", "body": form.piece("y más "), "more_body": True})
            await asyncio.wait({gone}, timeout=0.005)
        self.gone.set()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _retry_after(model: str) -> bytes:
    if model.endswith("_date"):
        return format_datetime(datetime.now(UTC) + timedelta(seconds=DATE_SECONDS), usegmt=True).encode()
    return str(RETRY_AFTER_SECONDS).encode()


def _event(data: dict[str, Any], name: str = "") -> bytes:
    return (f"event: {name}\n" if name else "").encode() + f"data: {json.dumps(data)}\n\n".encode()


class OpenAI:
    """Chat completions."""

    column = 1

    @classmethod
    def parts(cls, model: str) -> Iterator[bytes]:
        yield cls._chunk({"role": "assistant", "content": None})
        for text in ANSWER:
            yield cls.piece(text)
        if model == "cut_chunk":
            yield cls.piece("nunca entera")[:-20]
        if model in WITHOUT_END:
            return
        if model == "malformed":
            yield b"data: {not json\n\n"
        if model in ODD:
            yield _event(ODD[model])
        if model == "error_inside":
            yield _event({"error": {"message": "busy", "type": "overloaded_error"}})
        if model == "broken_tool":
            call = {"name": "search", "arguments": '{"query": "so'}
            yield cls._chunk({"tool_calls": [{"index": 0, "id": "t", "type": "function", "function": call}]})
        if model == "tool":
            begin = {
                "index": 0,
                "id": "t",
                "type": "function",
                "function": {"name": "search", "arguments": ""},
            }
            yield cls._chunk({"tool_calls": [begin]})
            for piece in ('{"query": ', '"sockets"}'):
                yield cls._chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})
        ends = {"refusal": "content_filter", "broken_tool": "tool_calls", "tool": "tool_calls"}
        yield cls._chunk({}, ends.get(model, "stop"))
        if model == "no_usage":
            yield b"data: [DONE]\n\n"
            return
        usage = {"prompt_tokens": 11, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 4}}
        yield _event({"choices": [], "model": "m", "object": "chat.completion.chunk", "usage": usage})
        yield b"data: [DONE]\n\n"

    @classmethod
    def piece(cls, text: str) -> bytes:
        """One more piece of the answer."""
        return cls._chunk({"content": text})

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
        usage = {"input_tokens": 0 if model == "no_usage" else 11, "output_tokens": 0}
        message = {
            "id": "m", "type": "message", "role": "assistant", "model": model, "content": [],
            "stop_reason": None, "stop_sequence": None, "usage": usage,
        }  # fmt: skip
        yield _event({"type": "message_start", "message": message}, "message_start")
        yield cls._block(0, {"type": "text", "text": ""})
        for text in ANSWER:
            yield cls.piece(text)
        if model == "cut_chunk":
            yield cls.piece("nunca entera")[:-20]
        if model in WITHOUT_END:
            return
        if model == "malformed":
            yield b"event: content_block_delta\ndata: {not json\n\n"
        yield _event({"type": "content_block_stop", "index": 0}, "content_block_stop")
        if model == "broken_tool":
            yield cls._block(1, {"type": "tool_use", "id": "t", "name": "search", "input": {}})
            yield cls._delta(1, {"type": "input_json_delta", "partial_json": '{"query": "so'})
            yield _event({"type": "content_block_stop", "index": 1}, "content_block_stop")
        if model == "tool":
            yield cls._block(1, {"type": "tool_use", "id": "t", "name": "search", "input": {}})
            for piece in ('{"query": ', '"sockets"}'):
                yield cls._delta(1, {"type": "input_json_delta", "partial_json": piece})
            yield _event({"type": "content_block_stop", "index": 1}, "content_block_stop")
        ends = {"refusal": "refusal", "broken_tool": "tool_use", "tool": "tool_use"}
        reason = ends.get(model, "end_turn")
        end = {"type": "message_delta", "delta": {"stop_reason": reason, "stop_sequence": None}}
        yield _event({**end, "usage": {"output_tokens": 0 if model == "no_usage" else 3}}, "message_delta")
        yield _event({"type": "message_stop"}, "message_stop")

    @classmethod
    def piece(cls, text: str) -> bytes:
        return cls._delta(0, {"type": "text_delta", "text": text})

    @staticmethod
    def _block(index: int, block: dict[str, Any]) -> bytes:
        whole = {"type": "content_block_start", "index": index, "content_block": block}
        return _event(whole, "content_block_start")

    @staticmethod
    def _delta(index: int, delta: dict[str, Any]) -> bytes:
        whole = {"type": "content_block_delta", "index": index, "delta": delta}
        return _event(whole, "content_block_delta")


class Google(OpenAI):
    """streamGenerateContent with alt=sse."""

    column = 3

    @classmethod
    def parts(cls, model: str) -> Iterator[bytes]:
        for text in ANSWER:
            yield cls.piece(text)
        if model == "cut_chunk":
            yield cls.piece("nunca entera")[:-20]
        if model in WITHOUT_END:
            return
        if model == "malformed":
            yield b"data: {not json\n\n"
        if model == "broken_tool":
            yield cls._candidate({"functionCall": {"name": "search", "args": "so"}})
        if model == "tool":
            yield cls._candidate({"functionCall": {"name": "search", "args": {"query": "sockets"}}})
        usage = {"promptTokenCount": 11, "candidatesTokenCount": 3, "totalTokenCount": 14}
        finish = "SAFETY" if model == "refusal" else "STOP"
        yield cls._candidate({"text": ""}, finish, None if model == "no_usage" else usage)

    @classmethod
    def piece(cls, text: str) -> bytes:
        return cls._candidate({"text": text})

    @staticmethod
    def _candidate(
        part: dict[str, Any], finish: str | None = None, usage: dict[str, int] | None = None
    ) -> bytes:
        candidate: dict[str, Any] = {"content": {"role": "model", "parts": [part]}, "index": 0}
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
        application.go.set()
        server.should_exit = True
        server.force_exit = True
        thread.join(60)
        listener.close()
