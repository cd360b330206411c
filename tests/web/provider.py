"""A provider whose words a test gives one by one: it stands for OpenAI on a loopback port.

What belongs here: asking, and answering when the test says so. What must not: browsers.
"""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.cli.process import WAIT_SECONDS


class Answer:
    """One question that the model is at, and the answer as the test dictates it."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self.asked = asked
        self.gone = threading.Event()  # whoever asked has hung up
        self._words: queue.Queue[str | None] = queue.Queue()

    def say(self, words: str) -> None:
        self._words.put(words)

    def end(self) -> None:
        self._words.put(None)

    def words(self) -> Iterator[str]:
        while (word := self._words.get(timeout=2 * WAIT_SECONDS)) is not None:
            yield word


class Provider:
    """`next(words)` is the next question that ends with these; who asks waits for what is said to it."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.questions: queue.Queue[Answer] = queue.Queue()

    def next(self, words: str) -> Answer:
        """Questions before it, which nobody waits for (models follow a thread), get no answer."""
        while True:
            answer = self.questions.get(timeout=WAIT_SECONDS)
            if words in json.dumps(answer.asked["messages"][-1], ensure_ascii=False):
                return answer
            answer.end()


@contextmanager
def dictated() -> Iterator[Provider]:
    """A provider for as long as the block lasts."""
    open_answers: list[Answer] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            answer = Answer(json.loads(body))
            open_answers.append(answer)
            provider.questions.put(answer)
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("connection", "close")
            self.end_headers()
            try:
                for word in answer.words():
                    self._event({"choices": [{"index": 0, "delta": {"content": word}}]})
                self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
                usage = {"prompt_tokens": 12, "completion_tokens": 34, "total_tokens": 46}
                self._event({"choices": [], "usage": usage})
                self.wfile.write(b"data: [DONE]\n\n")
            except OSError:
                answer.gone.set()
            self.close_connection = True

        def _event(self, part: dict[str, Any]) -> None:
            head = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "dictated"}
            self.wfile.write(b"data: " + json.dumps({**head, **part}).encode() + b"\n\n")
            self.wfile.flush()

        def log_message(self, *_: object) -> None:
            """Nothing: a test reads its own outcome."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider = Provider(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        for answer in open_answers:
            answer.end()
        server.shutdown()
        server.server_close()
        thread.join(WAIT_SECONDS)
