"""How often somebody may try: wrong passwords per account and address, new accounts per address, forgiven one
by one.

What belongs here: the counting, bounded and on the clock that is given. What must not: what a right guess
opens.
"""

from __future__ import annotations

from collections import OrderedDict

from tertulia import limits


class Guesses:
    """A guess is counted when it is made, and taken back when it was right: so many at once gain nothing."""

    def __init__(self) -> None:
        self._made: OrderedDict[str, tuple[float, float]] = OrderedDict()  # count at a monotonic second

    def guess(self, account: str, address: str | None, now: float) -> bool:
        """Whether one more guess may be made, and count it. `address`: None for those who may share one."""
        keys = [(f"a {account}", limits.GUESSES_PER_ACCOUNT)]
        if address is not None:
            keys.append((f"h {address}", limits.GUESSES_PER_ADDRESS))
        return self._take(keys, now)

    def registration(self, address: str | None, now: float) -> bool:
        """Whether one more account may be made from there, and count it."""
        return address is None or self._take([(f"r {address}", limits.REGISTRATIONS_PER_ADDRESS)], now)

    def _take(self, keys: list[tuple[str, int]], now: float) -> bool:
        if any(self._count(key, now) + 1 > most for key, most in keys):
            return False
        for key, _ in keys:
            self._note(key, self._count(key, now) + 1, now)
        return True

    def right(self, account: str, address: str | None, now: float) -> None:
        """The guess was none: its owner came in."""
        for key in (f"a {account}", f"h {address}"):
            if key in self._made:
                self._note(key, max(0.0, self._count(key, now) - 1), now)

    def _count(self, key: str, now: float) -> float:
        count, at = self._made.get(key, (0.0, now))
        return max(0.0, count - (now - at) / limits.GUESS_SECONDS)

    def _note(self, key: str, count: float, now: float) -> None:
        self._made[key] = (count, now)
        self._made.move_to_end(key)
        if count == 0.0:
            del self._made[key]
        elif len(self._made) > limits.GUESSES_REMEMBERED:
            self._made.popitem(last=False)
