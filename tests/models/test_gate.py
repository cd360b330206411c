"""The semaphore that knows its queue."""

from __future__ import annotations

import asyncio

import pytest

from tertulia.models.gate import Gate


def test_it_counts_who_is_inside_and_who_waits() -> None:
    async def go() -> None:
        gate = Gate(2)
        assert gate.ahead == 0
        await gate.acquire()
        assert gate.ahead == 0, "there is room for one more"
        await gate.acquire()
        waiting = [asyncio.create_task(gate.acquire()) for _ in range(2)]
        await asyncio.sleep(0)
        assert (gate.inside, gate.waiting, gate.ahead) == (2, 2, 4)
        waiting[0].cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting[0]
        assert gate.waiting == 1
        gate.release()
        await waiting[1]
        assert (gate.inside, gate.waiting) == (2, 0)
        gate.release()
        gate.release()
        assert (gate.inside, gate.ahead) == (0, 0)

    asyncio.run(go())
