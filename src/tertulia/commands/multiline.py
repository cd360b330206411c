"""draft/multiline: one message of several lines, put together when its batch closes."""

from __future__ import annotations

from tertulia import limits
from tertulia.commands import room_text
from tertulia.commands.arguments import shown
from tertulia.commands.message import recipient, send
from tertulia.commands.turn import Refuse, Turn
from tertulia.protocol.casemap import fold
from tertulia.protocol.line import Line
from tertulia.protocol.tags import Tags
from tertulia.protocol.text import lines_and_cuts

CONCAT = "draft/multiline-concat"
ALLOWED_TAGS = frozenset({"batch", CONCAT})


class Multiline:
    """A batch being received. The first fault is answered at once, and the rest of the batch is ignored."""

    lifetime = float(limits.BATCH_SECONDS)

    def __init__(self, turn: Turn, reference: str, target: str) -> None:
        self.reference = reference
        self.target = target
        self.opened = turn.world.instant
        self.tags = (
            turn.tags
        )  # "all client-only tags associated with the message must be sent attached to the initial BATCH"
        self.label = turn.label
        turn.label = None  # it is answered when the batch closes
        self.kind = ""
        self.parts: list[tuple[str, bool]] = []
        self.size = 0
        self.broken = False

    def line(self, turn: Turn, line: Line) -> None:
        if self.broken:
            return
        text = line.params[1] if len(line.params) > 1 else ""
        concat = CONCAT in (line.tags or {})
        self.size += len(text.encode()) + (1 if self.parts and not concat else 0)
        fault = self._fault(line, text, concat)
        if fault:
            self._break(turn, *fault)
            return
        self.kind = line.command
        self.parts.append((text, concat))

    def _fault(self, line: Line, text: str, concat: bool) -> list[str]:
        if (
            line.command not in ("PRIVMSG", "NOTICE")
            or self.kind not in ("", line.command)
            or not line.params
        ):
            return ["MULTILINE_INVALID"]
        if fold(line.params[0]) != fold(self.target):
            return ["MULTILINE_INVALID_TARGET", shown(self.target), shown(line.params[0])]
        if concat and not text:
            return ["MULTILINE_INVALID"]  # "Clients MUST NOT send blank lines with the ... concat tag"
        if self.size > limits.MULTILINE_BYTES:
            return ["MULTILINE_MAX_BYTES", str(limits.MULTILINE_BYTES)]
        if len(self.parts) >= limits.MULTILINE_LINES:
            return ["MULTILINE_MAX_LINES", str(limits.MULTILINE_LINES)]
        return []

    def _break(self, turn: Turn, code: str, *context: str) -> None:
        self.broken = True
        turn.label, self.label = self.label, None
        turn.fail("BATCH", code, *context)

    def close(self, turn: Turn, tags: Tags | None) -> None:
        if self.broken:
            return
        if not any(text for text, _ in self.parts):
            self._break(
                turn, "MULTILINE_INVALID"
            )  # "MUST NOT send messages consisting entirely of blank lines"
            return
        turn.tags, turn.label = self.tags, self.label
        try:
            room, user, ranks = recipient(turn, self.target)
        except Refuse:
            if self.kind == "NOTICE":
                return
            raise
        if room is not None and not room_text.RULED.isdisjoint(room.flags):
            self.parts = [
                (room_text.ruled(room, self.kind, line) if line else "", concat)
                for line, concat in self.parts
            ]
        text, cuts = lines_and_cuts(self.parts)
        send(turn, self.kind, room, user, ranks, text, cuts)

    def abandon(self, turn: Turn | None, reason: str) -> None:
        if turn is not None and not self.broken:
            turn.label = self.label
            turn.fail("BATCH", "TIMEOUT", self.reference)
