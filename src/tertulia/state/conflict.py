"""A conflict that an event can lose: the one error of the state."""

from __future__ import annotations


class Conflict(Exception):
    """The event lost: what it wanted is no longer possible. `reason` is a word for the caller to answer
    by.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        # "nick in use" | "gone" | "room limit" | "room changed" | "room exists"
        # "account exists" | "account limit" | "ban limit" | "agent limit"
        self.reason = reason
