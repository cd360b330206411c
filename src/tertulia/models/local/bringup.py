"""A local model from nothing to answering, and again when it dies.

What belongs here: the order (find or fetch, start, watch), and what to tell on the way. What must not: how
each is done, members.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from tertulia.models.local import catalogue
from tertulia.models.local.folder import Progress, verified
from tertulia.models.local.pull import PullError, pull
from tertulia.models.local.runtime import Runtime
from tertulia.models.provider import Provider, ProviderError

FIRST_WAIT_SECONDS: Final = 2.0
LONGEST_WAIT_SECONDS: Final = 300.0
STEADY_SECONDS: Final = 120.0  # a child that lived this long did not die of starting


class Watcher(Protocol):
    """Who is told how far it is."""

    def absent(self, name: str, **values: object) -> None:
        """A text of `words`: away.downloading, away.checking, away.waking, away.failed."""

    def ready(self, provider: Provider) -> None: ...


class Running(Protocol):
    async def start(self) -> Provider: ...
    async def wait(self) -> int: ...
    async def close(self) -> None: ...


def _run(file: Path, name: str) -> Running:
    return Runtime(file, name)


@dataclass(frozen=True, slots=True)
class Means:
    """How it is done; tests bring their own."""

    pull: Callable[..., Path] = pull
    run: Callable[[Path, str], Running] = _run
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    monotonic: Callable[[], float] = time.monotonic


async def bring_up(name: str, folder: Path, watcher: Watcher, means: Means | None = None) -> None:
    """Until cancelled: get the file, run it, tell `watcher`; begin again, after a while, when something
    fails.

    `name`: a name of the catalogue ("": the default), or the path of a GGUF file, which is taken as it is.
    """
    means = means or Means()
    wait = FIRST_WAIT_SECONDS
    while True:
        began = means.monotonic()
        try:
            file, shown = await _file(name, folder, watcher, means)
            watcher.absent("away.waking")
            await _serve(means.run(file, shown), watcher)
        except (PullError, ProviderError) as error:
            watcher.absent("away.failed", reason=error.say("en"), motivo=error.say("es"))
        if means.monotonic() - began > STEADY_SECONDS:
            wait = FIRST_WAIT_SECONDS
        await means.sleep(wait)
        wait = min(LONGEST_WAIT_SECONDS, wait * 2)


async def _serve(running: Running, watcher: Watcher) -> None:
    """Run the child until it ends; a child that ended is told as one that wakes up again."""
    try:
        watcher.ready(await running.start())
        await running.wait()
        watcher.absent("away.waking")
    finally:
        await running.close()


async def _file(name: str, folder: Path, watcher: Watcher, means: Means) -> tuple[Path, str]:
    entry = catalogue.find(name)
    if entry is None:
        return _own_file(name)
    watcher.absent("away.checking")
    if await asyncio.to_thread(verified, folder / entry.file, entry):
        return folder / entry.file, entry.name
    return await _pulled(entry, folder, watcher, means), entry.name


def _own_file(name: str) -> tuple[Path, str]:
    """A file that somebody named: no sum is known, so it is taken as it is."""
    path = Path(name).expanduser()
    if path.suffix != ".gguf" or not path.is_file():
        known = ", ".join(entry.name for entry in catalogue.CATALOGUE)
        raise ProviderError("no_such_model", f"{name}: no file, and not one of {known}")
    return path, path.stem


async def _pulled(entry: catalogue.Entry, folder: Path, watcher: Watcher, means: Means) -> Path:
    """Pull in a thread; tell each whole per cent in the loop. Cancelling stops the thread."""
    loop = asyncio.get_running_loop()
    stop = threading.Event()
    told = -1

    def progress(done: int, total: int) -> None:
        nonlocal told
        percent = 100 * done // total
        if percent != told:
            told = percent
            name = "away.checking" if done == total else "away.downloading"
            values = {} if done == total else {"percent": percent}
            loop.call_soon_threadsafe(lambda: None if stop.is_set() else watcher.absent(name, **values))

    report: Progress = progress
    try:
        return await _in_daemon(lambda: means.pull(entry, folder, report, stop))
    finally:
        stop.set()


async def _in_daemon(work: Callable[[], Path]) -> Path:
    """Do it in a thread that the end of the process does not wait for: a source may be silent for long."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Path] = loop.create_future()

    def settle(result: Path | None, error: BaseException | None) -> None:
        if not done.cancelled():
            done.set_exception(error) if error else done.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result, problem = None, None
        try:
            result = work()
        except BaseException as error:
            problem = error
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, result, problem)

    threading.Thread(target=run, name="pull", daemon=True).start()
    return await done
