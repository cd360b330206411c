"""The `metadata` batches: what is said inside belongs to one answer.

What belongs here: the brackets. What must not: what stands between them (`metadata`, `server.metadata`).
"""

from __future__ import annotations

from types import TracebackType

from tertulia.commands.turn import Turn
from tertulia.protocol.capabilities import BATCH, METADATA

ALL = "*ALL"
"""The target that stands for everybody and every room of which a client is told."""


class InBatch:
    """`with InBatch(turn, "ana"):` what is said meanwhile becomes one batch, where batches are known. "This
    parameter contains the target for which the metadata was requested"."""

    def __init__(self, turn: Turn, *words: str, kind: str = "metadata", unless_empty: bool = False) -> None:
        self._turn, self._words, self._kind, self._unless_empty = turn, words, kind, unless_empty

    def __enter__(self) -> None:
        self._start = len(self._turn.items)

    def __exit__(
        self, _: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        turn, inner = self._turn, self._turn.items[self._start :]
        knows = turn.session.capabilities & BATCH and turn.session.capabilities & METADATA
        if failure is not None or not knows or (self._unless_empty and not inner):
            return
        reference = turn.world.ids.token()
        del turn.items[self._start :]
        turn.line("BATCH", f"+{reference}", self._kind, *self._words)
        turn.items += [f"@batch={reference} {item}" for item in inner]
        turn.line("BATCH", f"-{reference}")
