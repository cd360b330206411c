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
import time
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

STOPPING = (signal.SIGTERM, signal.SIGINT)
END_SECONDS = 0.95  # from the signal to the end of the process, at the most


class Signals:
    """What the operator says: SIGTERM or SIGINT sets `stop`, a second one ends at once; SIGHUP reloads."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.stop = asyncio.Event()
        self.reload: Callable[[], object] = lambda: None
        self._stopped_at = 0.0
        for number in STOPPING:
            loop.add_signal_handler(number, self._stop, number)
        loop.add_signal_handler(signal.SIGHUP, lambda: self.reload())

    def _stop(self, number: int) -> None:
        if self.stop.is_set():
            leave(128 + number)
        self._stopped_at = time.monotonic()
        self.stop.set()

    def seconds_left(self) -> float:
        """How long the end may still take."""
        return max(0.0, self._stopped_at + END_SECONDS - time.monotonic())


def run_to_end(program: Callable[[Signals], Coroutine[Any, Any, int]]) -> int:
    """Run on uvloop where it is available; the program's exit code.

    A thread that is still at work then, with a download or a hash, gets what is left of `END_SECONDS` to
    stop.
    """
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        signals = Signals(runner.get_loop())
        code = runner.run(program(signals))
        others = [one for one in threading.enumerate() if one is not threading.current_thread()]
        for thread in others:
            thread.join(signals.seconds_left())
        if any(thread.is_alive() and not thread.daemon for thread in others):
            leave(code)
    return code


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        from uvloop import new_event_loop
    except ImportError:
        return None
    return new_event_loop


def leave(code: int) -> NoReturn:
    """End the process now, whatever its threads do; what was printed is kept."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def raise_file_limit() -> tuple[int, int]:
    """Allow as many open files as the hard limit does. (before, now)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with contextlib.suppress(OSError, ValueError):  # macOS refuses "no limit"
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return soft, resource.getrlimit(resource.RLIMIT_NOFILE)[0]
