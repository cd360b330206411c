"""A growing text cut into plain lines: what clients that know no streams are sent
(docs/extensions/stream.md).

What belongs here: when a piece of unfinished text is complete enough to be a line. What must not: to whom it
goes.
"""

from __future__ import annotations

import re

from tertulia.protocol.text import cut

SHORTEST_BYTES = 48  # shorter sentences wait for the next, so that "1." and "Sr." do not become lines
_SENTENCE_END = re.compile(r"[.!?…:;][\"'»”)\]*_`]*\s+")


class PlainLines:
    """Pieces in, complete lines out; blank lines are left out."""

    __slots__ = ("_room", "_waiting")

    def __init__(self, room_bytes: int) -> None:
        self._room = room_bytes  # of text in one line
        self._waiting = ""

    def feed(self, text: str, concat: bool) -> list[str]:
        """Lines that are complete now. `concat`: the piece continues the line before it."""
        lines = [] if concat else self._take(self._waiting)
        self._waiting = self._waiting + text if concat else text
        while (end := self._sentence()) or len(self._waiting.encode()) > self._room:
            at = end or len(cut(self._waiting, self._room)[0])
            lines += self._take(self._waiting[:at])
            self._waiting = self._waiting[at:]
        return lines

    def end(self) -> list[str]:
        """What is left."""
        lines, self._waiting = self._take(self._waiting), ""
        return lines

    def _sentence(self) -> int:
        """Where the last sentence end is that leaves a line neither too short nor too long; 0 for none."""
        found = 0
        for match in _SENTENCE_END.finditer(self._waiting):
            size = len(self._waiting[: match.end()].encode())
            if size > self._room:
                break
            if size >= SHORTEST_BYTES:
                found = match.end()
        return found

    def _take(self, text: str) -> list[str]:
        return [line.rstrip() for line in cut(text, self._room)] if text.strip() else []
