"""The process around the server: its loop, its signals, its limit of files, its end.

What belongs here: what every long-running program needs. What must not: anything about chat.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NoReturn

STOPPING = (signal.SIGTERM, signal.SIGINT)
SPARE_FILES = 256  # beside the connections: database, models, libraries
END_SECONDS = 0.95  # from the signal to the end of the process, at the most

WORKERS = "tertulia-worker"  # names of the threads that downloads and hashes run in


class Signals:
    """What the operator says: SIGTERM or SIGINT sets `stop`, a second one ends at once; SIGHUP reloads."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.stop = asyncio.Event()
        self.reload: Callable[[], object] = lambda: None
        self._stopped_at: float | None = None
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
        now = time.monotonic()
        return max(0.0, (self._stopped_at or now) + END_SECONDS - now)


def run_to_end(program: Callable[[Signals], Coroutine[Any, Any, int]]) -> int:
    """Run on uvloop where it is available; the program's exit code.

    A thread still at work then, with a download or a hash, gets what is left of `END_SECONDS` to stop.
    """
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        loop, threads = runner.get_loop(), ThreadPoolExecutor(thread_name_prefix=WORKERS)
        loop.set_default_executor(threads)
        signals = Signals(loop)
        code = runner.run(program(signals))
        threads.shutdown(wait=False, cancel_futures=True)
        for thread in threading.enumerate():
            if thread.name.startswith(WORKERS):
                thread.join(signals.seconds_left())
                if thread.is_alive():
                    leave(code)
    return code


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        from uvloop import new_event_loop
    except ImportError:
        return None
    return new_event_loop


def calm_collector() -> None:
    """Collect garbage seldom, and never look again at what the start has made.

    A tick makes thousands of small objects that reference counting frees by itself; at Python's usual
    threshold of 700 the search for cycles among them took a fifth of the time of a busy server.
    """
    gc.freeze()
    gc.set_threshold(20_000, 50, 1_000)


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
