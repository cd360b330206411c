"""Asking the server for history, and searching it: requests in order, answers in the same order.

What belongs here: which answer belongs to which request. What must not: what is done with it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence

from tertulia.client import events as e
from tertulia.client.session import Session
from tertulia.protocol.tags import format_tags

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

    @property
    def may_search(self) -> bool:
        return "soju.im/search" in self._session.capabilities

    def search(self, attributes: Mapping[str, str], answer: Answer) -> None:
        """SEARCH for these attributes; `answer` as of `history`."""
        self._waiting.append(answer)
        self._session.send("SEARCH", format_tags(dict(attributes)))

    def came(self, event: e.History) -> bool:
        """Hand it to whoever asked; False when nobody did: the server sent it by itself."""
        if not self._waiting:
            return False
        self._waiting.popleft()(event.messages)
        return True

    def refused(self, event: e.Reply) -> None:
        if event.command in ("CHATHISTORY", "SEARCH") and event.kind == "FAIL" and self._waiting:
            self._waiting.popleft()(())
