"""The process: signals, its limit of files, its exit code."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import threading

from tertulia.cli.runtime import WORKERS, Signals, raise_file_limit, run_to_end


def test_the_exit_code_is_the_programs() -> None:
    async def program(_: Signals) -> int:
        return 3

    assert run_to_end(program) == 3


def test_threads_that_have_nothing_to_do_are_not_waited_for() -> None:
    async def program(signals: Signals) -> int:
        await asyncio.to_thread(int)
        signals.stop.set()
        return 0

    assert run_to_end(program) == 0
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(WORKERS)]


def test_a_signal_stops_and_another_reloads() -> None:
    reloaded = asyncio.Event()

    async def program(signals: Signals) -> int:
        signals.reload = reloaded.set
        os.kill(os.getpid(), signal.SIGHUP)
        await asyncio.wait_for(reloaded.wait(), 60)
        assert not signals.stop.is_set()
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(signals.stop.wait(), 60)
        return 0

    assert run_to_end(program) == 0


def test_as_many_files_may_be_open_as_the_system_allows() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        soft = min(before[1], 256)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, before[1]))
        assert raise_file_limit() == (soft, before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
