"""Saying an answer: what of a model's text is said, cut into lines, in the best form the server offers.

What belongs here: the filter over a model's text, and the three forms: stream, multiline, plain lines. What
must not: who asked, queues, providers. Specified in docs/extensions/stream.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Final, Protocol

from tertulia.limits import (
    LINE_BYTES,
    MODEL_ANSWER_CHARACTERS,
    MULTILINE_BYTES,
    MULTILINE_LINES,
    STREAM_BYTES,
    STREAM_LINES,
)  # fmt: skip
from tertulia.protocol.text import cut

Send = Callable[..., None]  # session.send(command, *params, tags=None)

PREFIX_BYTES: Final = 120  # ":nick!user@host " of a model, as the server relays it: 32 + 20 + 64 and signs
_END_TAGS: Final = {
    "": {},
    "stopped": {"tertulia.chat/stopped": ""},
    "incomplete": {"tertulia.chat/incomplete": ""},
}


# --- What of the text is said -----------------------------------------------------------------------------


class Filter:
    """A model's text as it comes; what of it may be said now.

    Leaves out white space around the answer and names before it ("lola: ...", "ana: ..."), and ends the
    answer where it begins to speak for others: small models go on with the transcript. An answer that begins
    with `[silence]` is none. Bounded by `MODEL_ANSWER_CHARACTERS`.
    """

    def __init__(self, nick: str, others: Collection[str] = ()) -> None:
        names = "|".join(re.escape(name) for name in sorted(others, key=len, reverse=True)) or r"(?!)"
        self._others = tuple(others)
        self._all = (nick, *others)
        own = re.escape(nick)
        self._lead = re.compile(rf"\s*[<\[*]*(?:{own}|{names})[>\]*]*\s*:[>\]*]*\s*", re.IGNORECASE)
        self._other = re.compile(rf"\n\s*[<\[*]*(?:{names})[>\]*]*\s*:[>\]*]*\s", re.IGNORECASE)
        self._held = ""
        self._begun = False
        self._said = 0
        self.ended = False  # nothing more will be said, whatever comes
        self.silent = False  # it chose to say nothing

    def feed(self, text: str) -> str:
        """What may be said of all that came. Keeps back what cannot be judged yet."""
        if self.ended:
            return ""
        self._held += text
        if not self._begin():
            return ""
        if found := self._other.search(self._held):
            self._held = self._held[: found.start()].rstrip()
            return self._out(len(self._held), ended=True)
        return self._out(self._safe())

    def finish(self) -> str:
        """What was kept back, at the end of the answer."""
        if self.ended:
            return ""
        if not self._begin(finish=True):
            return ""
        self._held = self._held.rstrip()
        return self._out(len(self._held), ended=True)

    def _begin(self, finish: bool = False) -> bool:
        """Take the names off its beginning; False while what is there could still become one."""
        while not self._begun:
            if not finish and (_may_become(self._held, self._all) or _may_be_silence(self._held)):
                return False
            if _SILENCE.match(self._held):
                self.silent = self.ended = True
                self._held = ""
                return False
            lead = self._lead.match(self._held)
            self._held = self._held[lead.end() :] if lead else self._held.lstrip()
            self._begun = lead is None
        return True

    def _safe(self) -> int:
        """How much can be neither the beginning of another speaker's line, nor white space at the end."""
        line = self._held.rfind("\n")
        held = line != -1 and _may_become(self._held[line:], self._others)
        return len(self._held[: line if held else len(self._held)].rstrip())

    def _out(self, end: int, ended: bool = False) -> str:
        text, self._held = self._held[:end], self._held[end:]
        room = MODEL_ANSWER_CHARACTERS - self._said
        self.ended = ended or len(text) >= room
        text = text[:room]
        self._said += len(text)
        return text


_MARKS: Final = dict.fromkeys(map(ord, " \t\r\n<>[]*"))


def _may_become(text: str, names: Collection[str]) -> bool:
    """Whether this beginning of a line could still turn out to be `name: `, marked up or not."""
    start = text.translate(_MARKS).casefold()
    return not start or any(f"{name}:".translate(_MARKS).casefold().startswith(start) for name in names)


_SILENCE: Final = re.compile(r"\s*(?:[\[<(]\s*(?:silence|silencio)\s*[\])>]|NO_REPLY\b)", re.IGNORECASE)
_SILENCES: Final = (
    "[silence]",
    "[silencio]",
    "<silence>",
    "<silencio>",
    "(silence)",
    "(silencio)",
    "no_reply",
)


def _may_be_silence(text: str) -> bool:
    """Whether this beginning could still turn out to be the word for saying nothing."""
    start = "".join(text.split()).casefold()
    return any(word != start and word.startswith(start) for word in _SILENCES)


# --- The forms --------------------------------------------------------------------------------------------


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
        self._target = target
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
        if not self.begun:
            self.begun = True
            self._send("BATCH", f"+{self._reference}", "tertulia.chat/stream", self._target, tags=self._tags)
        for number, line in enumerate(text.split("\n")):
            self._fresh = self._fresh or bool(number)
            self._line(line, last=number == text.count("\n"))

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
                    f"{self._reference}.{number}", batch, {**self._tags, **tags} if not number else {}
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
