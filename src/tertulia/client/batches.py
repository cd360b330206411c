"""Batches as a client reads them: what is gathered until its end, and what is passed on as it grows.

What belongs here: open batches by reference, nested ones included, and joining their lines. What must not:
any other command. A server is not trusted with our memory: open batches and their lines are bounded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from tertulia.client.events import Event, History, Message, StreamClosed, StreamOpened, StreamPiece
from tertulia.limits import HISTORY_PAGE, STREAM_BYTES
from tertulia.protocol.line import Line

STREAM: Final = "tertulia.chat/stream"
MULTILINE: Final = "draft/multiline"
CONCAT_TAGS: Final = ("tertulia.chat/concat", "draft/multiline-concat")
HISTORY_TYPES: Final = ("chathistory", "draft/chathistory-targets")
ANSWERS: Final = ("chathistory", "soju.im/search", "tertulia.chat/inbox")  # said before, asked for
OPEN_BATCHES: Final = 1_000  # five hundred models may speak at once; a server with more forgets to close them


@dataclass(slots=True)
class Batch:
    reference: str
    kind: str
    line: Line  # the opening
    parent: Batch | None
    text: list[str] = field(default_factory=list)
    size: int = 0
    messages: list[Message] = field(default_factory=list)

    @property
    def target(self) -> str:
        return self.line.params[2] if len(self.line.params) > 2 else ""

    def inside(self, kind: str) -> Batch | None:
        """This batch or the nearest one around it that is of a kind."""
        batch: Batch | None = self
        while batch is not None and batch.kind != kind:
            batch = batch.parent
        return batch

    def append(self, text: str, concat: bool) -> None:
        """Join as multiline does. What exceeds a stream's size is dropped."""
        self.size += len(text.encode()) + 1
        if self.size <= STREAM_BYTES * 2:
            self.text.append(text if concat or not self.text else "\n" + text)


class Batches:
    """The batches that are open on one connection."""

    def __init__(self) -> None:
        self._open: dict[str, Batch] = {}

    def of(self, line: Line) -> Batch | None:
        """The open batch a line says it belongs to."""
        return self._open.get(line.tags["batch"]) if line.tags and "batch" in line.tags else None

    def command(self, line: Line) -> list[Event]:
        """BATCH +reference type ..., or BATCH -reference."""
        sign, reference = line.params[0][:1], line.params[0][1:]
        if sign == "+" and len(line.params) > 1 and len(self._open) < OPEN_BATCHES:
            batch = self._open[reference] = Batch(reference, line.params[1], line, self.of(line))
            if batch.kind == STREAM:
                return [StreamOpened(reference, line.source or "", batch.target, line.tags or {})]
        elif sign == "-" and reference in self._open:
            return self._ended(self._open.pop(reference), line)
        return []

    def message(self, message: Message, batch: Batch, concat: bool) -> list[Event]:
        """A message inside a batch: gathered, or, of a stream, passed on."""
        if batch.kind in (MULTILINE, STREAM):
            batch.append(message.text, concat)
            return [StreamPiece(batch.reference, message.text, concat)] if batch.kind == STREAM else []
        return self._whole(message, batch)

    def _whole(self, message: Message, batch: Batch | None) -> list[Event]:
        kinds = (batch.inside(kind) for kind in ANSWERS) if batch else ()
        history = next((found for found in kinds if found), None)
        if history is None:
            return [message]
        if len(history.messages) < HISTORY_PAGE:
            history.messages.append(message)
        return []

    def _ended(self, batch: Batch, line: Line) -> list[Event]:
        if batch.kind in ANSWERS:
            return [History(batch.target, tuple(batch.messages))]
        if batch.kind not in (MULTILINE, STREAM):
            return []
        tags = {**(batch.line.tags or {}), **(line.tags or {})}
        tags.pop("batch", None)
        message = Message("PRIVMSG", batch.line.source or "", batch.target, "".join(batch.text), tags)
        if batch.kind == MULTILINE:
            return self._whole(message, batch.parent) if batch.text else []
        return [StreamClosed(batch.reference, message, _end(tags))]


def _end(tags: dict[str, str]) -> Literal["", "stopped", "incomplete"]:
    if "tertulia.chat/stopped" in tags:
        return "stopped"
    return "incomplete" if "tertulia.chat/incomplete" in tags else ""
