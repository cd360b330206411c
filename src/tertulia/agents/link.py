"""One agent's connection, as tools use it: questions with their answers, and a bell for what happens.

What belongs here: logging in, asking one thing at a time, telling an error from an answer. What must not:
what is asked (`tools.py`), sockets (`links.py`).
"""

from __future__ import annotations

import asyncio
import itertools
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final

from tertulia.client import events as e
from tertulia.client.session import WANTED, Session
from tertulia.client.speech import StreamSpeech
from tertulia.client.view import View
from tertulia.protocol.agents import name_in
from tertulia.protocol.casemap import fold

ANSWER_SECONDS: Final = 30.0  # a search in a large history takes some; a dead server none
MORE: Final = ("sasl", "soju.im/search")
STOPPED: Final = 16  # messages that others ended, whose words wait for whoever appends to them
ERRORS: Final = frozenset({"263", "723", "751", "752", "753", "754"})  # beside 400 to 599

# What to do about an error, by its code; the server's own words come before it.
HINTS: Final = {
    "403": "call rooms to see which there are",
    "442": "call join first",
    "752": "call rooms to see where you are",
    "754": "call wait_for_events again and do not repeat the answer",
    "401": "call members to see who is here",
    "STALE_CLAIM": "call wait_for_events again",
    "INVALID_TARGET": "call join first",
    "751": "ask whoever runs the server for another token",
}


class LinkError(Exception):
    """What went wrong, in words for whoever asked."""


class Link:
    """Feed it with `received`; it sends through `send`."""

    def __init__(self, token: str, send: Callable[[bytes], None], close: Callable[[], None]) -> None:
        self.name = name_in(token)
        self.session = Session(
            self.name, user=self.name, login=(self.name, token), wanted=dict.fromkeys((*WANTED, *MORE))
        )
        self.view = View(self.name)
        self.bell = asyncio.Event()  # something was said, or somebody came
        self.lost = ""  # why it is over; "" while it is not
        self.refused = ""  # the server's words, when it will not have us
        self.streams: dict[str, StreamSpeech] = {}
        self.stopped: OrderedDict[str, str] = OrderedDict()  # of those that others ended: the words for it
        self.used_at = 0.0  # monotonic seconds, for who closes idle ones
        self._send, self._close = send, close
        self._ready = asyncio.Event()
        self._turn = asyncio.Lock()
        self._numbers = itertools.count(1)
        self._fence = ""
        self._passed = asyncio.Event()
        self._heard: list[e.Event] = []
        self.flush()

    # --- the wire -----------------------------------------------------------------------------------

    def received(self, data: bytes) -> None:
        for event in self.session.receive(data):
            self.view.apply(event)
            self._note(event)
        self.flush()

    def flush(self) -> None:
        if data := self.session.take():
            self._send(data)

    def gone(self, reason: str) -> None:
        """The connection is over."""
        self.lost = self.lost or reason or "closed"
        for event in (self._ready, self._passed, self.bell):
            event.set()

    def close(self) -> None:
        self.session.send("QUIT")
        self.flush()
        self._close()
        self.gone("closed")

    def _note(self, event: e.Event) -> None:
        match event:
            case e.Registered():
                self._ready.set()
            case e.Refused(text=text):
                self.refused = text
                self.gone(text)
            case e.Closed(reason=reason):
                self.gone(reason)
            case e.Pong(token=token) if token == self._fence:
                self._passed.set()
            case e.Message() | e.StreamClosed() | e.Invited():
                self.bell.set()
            case e.Reply(code="STREAM_STOPPED"):
                self._stopped(event)
                return  # whatever is asked just now, it is no answer to that
        if self._fence:
            self._heard.append(event)

    def _stopped(self, reply: e.Reply) -> None:
        """A message that was growing has been taken back: whoever appends to it next is told."""
        speech = self.streams.pop(reply.context[0], None) if reply.context else None
        if speech is not None:
            speech.close("", {})
            self.stopped[reply.context[0]] = reply.text
            while len(self.stopped) > STOPPED:
                self.stopped.popitem(last=False)

    # --- questions ----------------------------------------------------------------------------------

    async def ready(self) -> None:
        """Raises `LinkError` when the server does not let us in."""
        with suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._ready.wait()
        if self.refused:
            raise LinkError(f"The server refused the token: {self.refused}")
        if self.lost or not self._ready.is_set():
            raise LinkError(f"There is no connection to the server ({self.lost or 'it does not answer'})")

    async def ask(self, *send: Callable[[Session], None]) -> list[e.Event]:
        """Have lines sent; what was heard until the server had dealt with them. Raises `LinkError`."""
        async with self._turn:
            await self.ready()
            self._fence, self._heard = f"fence{next(self._numbers)}", []
            self._passed.clear()
            for one in send:
                one(self.session)
            self.session.send("PING", self._fence)
            self.flush()
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    await self._passed.wait()
            except TimeoutError:
                raise LinkError(
                    "The server did not answer in time; nothing is known of what was asked"
                ) from None
            finally:
                heard, self._heard, self._fence = self._heard, [], ""
        if self.lost:
            raise LinkError(
                f"The connection was lost ({self.lost}). What was asked may have been done: read before "
                "you say anything again. The next call connects again."
            )
        return heard

    async def command(self, command: str, *params: str, tags: dict[str, str] | None = None) -> list[e.Event]:
        """One command, and its answer. Raises `LinkError` with the server's words when it failed."""
        heard = await self.ask(lambda session: session.send(command, *params, tags=tags))
        check(heard)
        return heard

    def next_reference(self) -> str:
        """A name for a batch of one's own."""
        return f"s{next(self._numbers)}"

    def said(self, heard: Iterable[e.Event], target: str) -> str:
        """The msgid of one's own message among what was heard (echo-message); "" when it is not there."""
        for event in heard:
            message = event.message if isinstance(event, e.StreamClosed) else event
            if not isinstance(message, e.Message) or fold(message.target) != fold(target):
                continue
            if fold(message.nick) == fold(self.session.nick) and message.msgid:
                return message.msgid
        return ""


def check(heard: Iterable[e.Event]) -> None:
    """Raises `LinkError` when there is an error among the answers."""
    for event in heard:
        if isinstance(event, e.Reply) and event.kind == "FAIL":
            raise LinkError(_words(event.text, event.code))
        if isinstance(event, e.Numeric) and (event.code in ERRORS or "400" <= event.code <= "599"):
            raise LinkError(_words(": ".join(event.parameters[-2:]), event.code))


def _words(text: str, code: str) -> str:
    hint = HINTS.get(code, "")
    return f"{text} [{code}]" + (f"; {hint}" if hint else "")
