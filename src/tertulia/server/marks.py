"""How far each user has read: read from the store when somebody asks, and kept while the user is here.

What belongs here: marks in memory, within their bound, and their records. What must not: MARKREAD
(`commands.read_marker`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia.limits import READ_MARKS
from tertulia.protocol.casemap import fold
from tertulia.protocol.presence import AccountTime
from tertulia.state.user import User

if TYPE_CHECKING:
    from tertulia.server.hub import Hub


class Marks:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._of: dict[str | User, dict[str, int]] = {}  # by account, or guest; folded target to milliseconds

    def until(self, user: User, target: str) -> int:
        return self._marks(user).get(target, 0)

    def set(self, user: User, target: str, at_ms: int) -> bool:
        """Raises `NotStored` when it is not known how far it was read."""
        marks = self._marks(user)
        if marks.get(target, 0) >= at_ms:
            return False
        marks[target] = at_ms
        self._keep(user, target, at_ms)
        if len(marks) > READ_MARKS:
            oldest = min(marks, key=marks.__getitem__)
            del marks[oldest]
            self._keep(user, oldest, 0)
        return True

    def move(self, old: str, new: str) -> None:
        """A room has another name; the store has followed already."""
        for marks in self._of.values():
            if old in marks and old != new:
                marks[new] = marks.pop(old)

    def forget(self, user: User, account: str | None) -> None:
        """The user has left, or is no longer logged in to that account."""
        if account is None:
            self._of.pop(user, None)
        elif not self._hub.network.logged_in(fold(account)):
            self._of.pop(fold(account), None)

    def _marks(self, user: User) -> dict[str, int]:
        key = fold(user.account) if user.account is not None else user
        found = self._of.get(key)
        if found is None:
            found = {}
            if isinstance(key, str):
                times = self._hub.times(key)
                found = {one.name: one.at_ms for one in times if one.kind == "read"}
            self._of[key] = found
        return found

    def _keep(self, user: User, target: str, at_ms: int) -> None:
        if user.account is not None:
            self._hub.keep_soon(AccountTime(fold(user.account), "read", target, at_ms))
