"""How many calls go to one provider at once, and how many wait for that.

What belongs here: the semaphore and its count. What must not: whose calls they are.
"""

from __future__ import annotations

import asyncio


class Gate(asyncio.Semaphore):
    """A semaphore that knows how long its queue is. First come, first served."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size
        self.waiting = 0
        self.inside = 0

    @property
    def ahead(self) -> int:
        """How many are before the next who comes; 0 when it need not wait."""
        return self.waiting + self.inside if self.locked() else 0

    async def acquire(self) -> bool:  # type: ignore[override]
        self.waiting += 1
        try:
            await super().acquire()
        finally:
            self.waiting -= 1
        self.inside += 1
        return True

    def release(self) -> None:
        self.inside -= 1
        super().release()
