"""Asking the server for history: requests in order, answers in the same order.

What belongs here: which answer belongs to which request. What must not: what is done with it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from tertulia.client import events as e
from tertulia.client.session import Session

Answer = Callable[[tuple[e.Message, ...]], None]


class Errands:
    """Of one connection. A server answers one session's commands one after the other."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._waiting: deque[Answer] = deque()

    @property
    def possible(self) -> bool:
        return "draft/chathistory" in self._session.capabilities

    def history(self, params: Sequence[str], answer: Answer) -> None:
        """CHATHISTORY with these parameters; `answer` gets the messages, none when it was refused. The caller
        flushes."""
        self._waiting.append(answer)
        self._session.send("CHATHISTORY", *params)

    def came(self, event: e.History) -> bool:
        """Hand it to whoever asked; False when nobody did: the server sent it by itself."""
        if not self._waiting:
            return False
        self._waiting.popleft()(event.messages)
        return True

    def refused(self, event: e.Reply) -> None:
        if event.command == "CHATHISTORY" and event.kind == "FAIL" and self._waiting:
            self._waiting.popleft()(())
