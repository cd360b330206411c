"""What was done in rooms, and reactions, in memory: the newest of each buffer.

What belongs here: the part of `memory.py` that is about `Happening`. What must not: messages.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from tertulia.limits import MEMORY_HAPPENINGS_PER_ROOM
from tertulia.protocol.accounts import AccountGone
from tertulia.protocol.history import Forgetting, Happening, Message, Page, Redaction


class MemoryHappenings:
    def __init__(self) -> None:
        self._buffers: dict[str, deque[Happening]] = {}  # ascending by id

    def keep(self, happening: Happening) -> None:
        kept = self._buffers.setdefault(happening.buffer, deque(maxlen=MEMORY_HAPPENINGS_PER_ROOM))
        if kept and happening.id <= kept[-1].id:  # it came late, or again
            others = [one for one in kept if one.id != happening.id]
            kept.clear()
            kept.extend(sorted([*others, happening], key=lambda one: one.id))
        else:
            kept.append(happening)

    def page(self, page: Page) -> list[Message]:
        """As `happenings.page`, without its limit."""
        return [
            one.as_message()
            for buffer in dict.fromkeys(page.buffers)
            for one in self._buffers.get(buffer, ())
            if page.after < one.id < page.before
        ]

    def redact(self, redaction: Redaction) -> None:
        self._change(redaction.buffer, lambda one: one if one.id != redaction.message_id else None)

    def forget_account(self, gone: AccountGone) -> None:
        def forgotten(one: Happening) -> Happening | None:
            if one.account != gone.name:
                return one
            return None if gone.words else one._replace(account=None)

        for buffer in list(self._buffers):
            self._change(buffer, forgotten)

    def forget(self, forgetting: Forgetting) -> int:
        old = sorted(
            (one.id, one.buffer)
            for buffer, kept in self._buffers.items()
            for one in kept
            if one.id < forgetting.before and forgetting.buffer in ("", buffer)
        )[: forgetting.limit]
        for place, buffer in old:
            self.redact(Redaction(place, buffer))
        return len(old)

    def _change(self, buffer: str, change: Callable[[Happening], Happening | None]) -> None:
        kept = self._buffers.get(buffer)
        if kept is not None:
            left = [changed for one in kept if (changed := change(one)) is not None]
            kept.clear()
            kept.extend(left)
