"""What the server has done since it started: for health and metrics."""

from __future__ import annotations


class Counts:
    __slots__ = ("connections", "lines", "refused", "said", "stored", "ticks")

    def __init__(self) -> None:
        self.connections = 0  # accepted, also those that are gone
        self.lines = 0  # commands carried out
        self.said = 0  # messages, streams as one
        self.stored = 0  # records committed
        self.refused = 0  # records that the store could not take
        self.ticks = 0
