"""`tertulia serve`: the program, from its start to its end.

What belongs here: what happens before the house is built and after it is gone, and the words for whoever
started it. What must not: the house (`house.py`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import structlog

from tertulia.cli import logs
from tertulia.cli.check import inspect
from tertulia.cli.complaints import sentence
from tertulia.cli.language import say, told
from tertulia.cli.runtime import (
    SPARE_FILES,
    Signals,
    calm_collector,
    leave,
    raise_file_limit,
    run_to_end,
)
from tertulia.config import ConfigError, Places, Settings, load
from tertulia.ports import StoreError
from tertulia.transports.uri import DoorError

log = structlog.get_logger("tertulia")


async def serve(settings: Settings, reread: Callable[[], Settings], signals: Signals) -> int:
    """Open the house, and close it when told to. The exit code."""
    from tertulia.cli.house import House

    house = House(settings, reread)
    signals.reload = house.reload
    try:
        print(*await house.open(), sep="\n", flush=True)
        print(*house.seat_models(), say("Ctrl-C stops it.", "Ctrl-C la detiene."), sep="\n", flush=True)
        calm_collector()
        await signals.stop.wait()
    finally:
        await house.close()
    return 0


def run(named: Path | None, given: Mapping[str, Any]) -> int:
    """Serve until told to stop, and end the process. Returns, with exit code 1, only when it could not start.

    `given` is what the command line says over file and environment: listen, data, level, format.
    """

    def read() -> Settings:
        return _checked(named, given)

    try:
        settings = read()
        _, files = raise_file_limit()
        if files < settings.limits.connections + SPARE_FILES:
            log.warning("few_files", allowed=files, connections=settings.limits.connections)
        leave(run_to_end(lambda signals: serve(settings, read, signals)))
    except ConfigError as error:
        return _fail(*map(sentence, error.problems))
    except (DoorError, StoreError, OSError) as error:
        return _fail(told(error))


def _checked(named: Path | None, given: Mapping[str, Any]) -> Settings:
    """The settings, with the log as they want it; warnings are logged. Raises `ConfigError` if they cannot
    be.
    """
    settings = load(named, os.environ, _overrides(given))
    logs.set_up(settings.log.level, settings.log.format)
    problems = inspect(settings, Places.find(named), os.environ)
    if any(not problem.warning for problem in problems):
        raise ConfigError(problems)
    for problem in problems:
        log.warning("configuration", problem=sentence(problem))
    return settings


def _overrides(given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What the command line says, as a nest of sections."""
    places = {"listen": "server", "data": "server", "level": "log", "format": "log"}
    nest: dict[str, dict[str, Any]] = {}
    for name, value in given.items():
        if value is not None:
            nest.setdefault(places[name], {})[name] = value
    return nest


def _fail(*lines: str) -> int:
    print(*lines, sep="\n", file=sys.stderr)
    return 1
