"""Saying something in the best form that a server offers: stream, multiline, plain lines
(docs/extensions/stream.md).

What belongs here: the three forms. What must not: what is said, and why.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final, Protocol

from tertulia.limits import LINE_BYTES, MULTILINE_BYTES, MULTILINE_LINES, STREAM_BYTES, STREAM_LINES
from tertulia.protocol.text import cut

Send = Callable[..., None]  # session.send(command, *params, tags=None)
PREFIX_BYTES: Final = 120  # ":nick!user@host " of a model, as the server relays it: 32 + 20 + 64 and signs
_END_TAGS: Final = {
    "": {},
    "stopped": {"tertulia.chat/stopped": ""},
    "incomplete": {"tertulia.chat/incomplete": ""},
}


class Speech(Protocol):
    """One answer being said. `say` may be called often; nothing is sent before there is text."""

    def say(self, text: str) -> None: ...
    def tag(self, tags: Mapping[str, str]) -> None:
        """More tags of the message; too late once it has begun."""

    def close(self, end: str, tags: Mapping[str, str]) -> None:
        """`end`: "", "stopped" or "incomplete"."""

    @property
    def begun(self) -> bool: ...


class _Tagged:
    _tags: Mapping[str, str]

    def tag(self, tags: Mapping[str, str]) -> None:
        self._tags = {**self._tags, **tags}


class StreamSpeech(_Tagged):
    """`tertulia.chat/stream`: every piece at once."""

    def __init__(self, send: Send, target: str, reference: str, tags: Mapping[str, str]) -> None:
        self._send = send
        self.target = self._target = target
        self._reference = reference
        self._tags = tags
        self._room = LINE_BYTES - PREFIX_BYTES - len(f"PRIVMSG {target} :\r\n".encode())
        self._fresh = True  # the next text begins a line
        self._bytes = 0
        self._lines = 0
        self.begun = False
        self.full = False  # the stream's own limits were reached; the rest is not said

    def say(self, text: str) -> None:
        if self.full or not text:
            return
        self.open()
        for number, line in enumerate(text.split("\n")):
            self._fresh = self._fresh or bool(number)
            self._line(line, last=number == text.count("\n"))

    def open(self) -> None:
        """Begin, if it has not begun."""
        if not self.begun:
            self.begun = True
            self._send("BATCH", f"+{self._reference}", "tertulia.chat/stream", self._target, tags=self._tags)

    def _line(self, line: str, last: bool) -> None:
        if not line and (last or not self._fresh):
            return  # the text ended in a line feed: what follows it will begin a line
        for piece in cut(line, self._room):
            self._bytes += len(piece.encode()) + 1
            self._lines += self._fresh
            if self._bytes > STREAM_BYTES or self._lines > STREAM_LINES:
                self.full = True
                return
            concat = {} if self._fresh else {"tertulia.chat/concat": ""}
            self._send("PRIVMSG", self._target, piece, tags={"batch": self._reference, **concat})
            self._fresh = False

    def close(self, end: str, tags: Mapping[str, str]) -> None:
        if self.begun:
            end = end or ("incomplete" if self.full else "")
            self._send("BATCH", f"-{self._reference}", tags={**_END_TAGS[end], **tags})


class GatheredSpeech(_Tagged):
    """`draft/multiline`: the whole at the end, in as many batches as its limits ask for."""

    def __init__(self, send: Send, target: str, reference: str, tags: Mapping[str, str]) -> None:
        self._send = send
        self._target = target
        self._reference = reference
        self._tags = tags
        self._text = ""

    @property
    def begun(self) -> bool:
        return bool(self._text)

    def say(self, text: str) -> None:
        self._text += text

    def close(self, end: str, tags: Mapping[str, str]) -> None:
        room = LINE_BYTES - PREFIX_BYTES - len(f"PRIVMSG {self._target} :\r\n".encode())
        text = self._text + (" […]" if end else "")
        pieces = [
            (piece, bool(number)) for line in text.split("\n") for number, piece in enumerate(cut(line, room))
        ]
        batches: list[list[tuple[str, bool]]] = [[]]
        size = 0
        for piece, concat in pieces if self._text else []:
            size += len(piece.encode()) + 1
            if batches[-1] and (size > MULTILINE_BYTES or len(batches[-1]) >= MULTILINE_LINES):
                batches.append([])
                size = len(piece.encode()) + 1
            batches[-1].append((piece, concat and bool(batches[-1])))
        for number, batch in enumerate(batches):
            if any(piece for piece, _ in batch):
                self._batch(
                    f"{self._reference}-{number}", batch, {**self._tags, **tags} if not number else {}
                )

    def _batch(self, reference: str, batch: list[tuple[str, bool]], tags: Mapping[str, str]) -> None:
        self._send("BATCH", f"+{reference}", "draft/multiline", self._target, tags=tags)
        for piece, concat in batch:
            more = {"draft/multiline-concat": ""} if concat else {}
            self._send("PRIVMSG", self._target, piece, tags={"batch": reference, **more})
        self._send("BATCH", f"-{reference}")


class PlainSpeech(_Tagged):
    """PRIVMSG lines, each as soon as it is complete."""

    def __init__(self, send: Send, target: str, reference: str, tags: Mapping[str, str]) -> None:
        self._send = send
        self._target = target
        self._tags = tags
        self._room = LINE_BYTES - PREFIX_BYTES - len(f"PRIVMSG {target} :\r\n".encode())
        self._held = ""
        self.begun = False

    def say(self, text: str) -> None:
        *lines, self._held = (self._held + text).split("\n")
        for line in lines:
            self._line(line)
        *full, self._held = cut(self._held, self._room)
        for piece in full:
            self._line(piece)

    def _line(self, line: str) -> None:
        if line.strip():
            for piece in cut(line, self._room):
                self._send("PRIVMSG", self._target, piece, tags=None if self.begun else self._tags)
                self.begun = True

    def close(self, end: str, tags: Mapping[str, str]) -> None:
        if end and (self._held.strip() or self.begun):
            self._held += " […]"
        self._line(self._held)


def form_for(capabilities: Collection[str]) -> Callable[[Send, str, str, Mapping[str, str]], Speech]:
    """The best form that was negotiated."""
    if "tertulia.chat/stream" in capabilities:
        return StreamSpeech
    return GatheredSpeech if "draft/multiline" in capabilities else PlainSpeech
