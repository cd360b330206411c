"""The process around the server: its loop, its signals, its limit of files, its end.

What belongs here: what every long-running program needs. What must not: anything about chat.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable, Coroutine
from typing import Any

STOPPING = (signal.SIGTERM, signal.SIGINT)


def run_to_end(program: Coroutine[Any, Any, int]) -> int:
    """Run on uvloop where it is available; the program's exit code."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        code = runner.run(program)
        if threading.active_count() > 1:
            _leave(code)  # a thread in the middle of an import or a hash would keep us for its own time
    return code


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        from uvloop import new_event_loop
    except ImportError:
        return None
    return new_event_loop


def _leave(code: int) -> None:
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


class Signals:
    """What the operator says: the first SIGTERM or SIGINT sets `stop`, the second ends at once."""

    def __init__(self, loop: asyncio.AbstractEventLoop, reload: Callable[[], None]) -> None:
        self.stop = asyncio.Event()
        for number in STOPPING:
            loop.add_signal_handler(number, self._stop, number)
        loop.add_signal_handler(signal.SIGHUP, reload)

    def _stop(self, number: int) -> None:
        if self.stop.is_set():
            _leave(128 + number)
        self.stop.set()


def raise_file_limit() -> tuple[int, int]:
    """Allow as many open files as the hard limit does. (before, now)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with contextlib.suppress(OSError, ValueError):  # macOS refuses "no limit"
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return soft, resource.getrlimit(resource.RLIMIT_NOFILE)[0]
