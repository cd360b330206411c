"""A real PostgreSQL for tests: a cluster of their own in a temporary folder, gone when they are.

What belongs here: starting it once for each process of pytest, and an empty database for each test. What must
not: tests. Without PostgreSQL's programs the tests that need it are skipped, and say so.
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tertulia.store.postgres_migrate import upgrade

OWNER = "tertulia"
PLACES = "/usr/lib/postgresql/*/bin", "/usr/local/bin", "/opt/homebrew/bin"
START_SECONDS = 120
# Sorted as people of a language sort, which is not by bytes: the store must not depend on it.
INITDB = ("-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
SORTED = ("--locale-provider=icu", "--icu-locale=es")
SERVER = ("-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=40")
NOBODY = "postgres", "nobody"  # PostgreSQL does not run as root

_numbers = count(1)


def database(empty: bool = False) -> str:
    """The url of a new database with the newest tables; with `empty`, without any."""
    cluster = _cluster()
    name = f"test{os.getpid()}_{next(_numbers)}"
    _ask(cluster, f"CREATE DATABASE {name}" + ("" if empty else f" TEMPLATE {_template()}"))
    return url_of(cluster, name)


def drop(url: str) -> None:
    name = url.partition("///")[2].partition("?")[0]
    _ask(_cluster(), f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def url_of(cluster: Path, name: str) -> str:
    return f"postgresql:///{name}?host={cluster}&user={OWNER}"


def end_connections(url: str) -> None:
    """What an administrator, or a database server that starts again, does to those who are connected."""
    name = url.partition("///")[2].partition("?")[0]
    theirs = f"FROM pg_stat_activity WHERE datname = '{name}'"
    _ask(_cluster(), f"SELECT pg_terminate_backend(pid) {theirs}")
    deadline = time.monotonic() + START_SECONDS
    while _ask(_cluster(), f"SELECT count(*) {theirs}") != 0:  # they are asked to end, and end by themselves
        assert time.monotonic() < deadline, "a connection did not end"


@lru_cache(maxsize=1)
def _template() -> str:
    cluster, name = _cluster(), f"template{os.getpid()}"
    _ask(cluster, f"CREATE DATABASE {name}")
    upgrade(url_of(cluster, name))
    end_connections(url_of(cluster, name))  # what somebody is connected to cannot be copied
    return name


@lru_cache(maxsize=1)
def _cluster() -> Path:
    initdb, server = (_program(name) for name in ("initdb", "postgres"))
    if initdb is None or server is None:
        pytest.skip("PostgreSQL is not installed here: on Debian, apt install postgresql")
    user = _user()
    folder = Path(tempfile.mkdtemp(prefix="tertulia-pg-"))
    if user is not None:
        shutil.chown(folder, user)
    data = folder / "data"
    _make([initdb, "-D", data, *INITDB, *SORTED], [initdb, "-D", data, *INITDB], user=user, cwd=folder)
    process = subprocess.Popen(
        [server, "-D", data, "-k", folder, *SERVER],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "LC_MESSAGES": "C", "LANGUAGE": ""},  # its words are in this language
        user=user,
        cwd=folder,
    )
    atexit.register(_stop, process, folder)
    _wait(folder, process)
    return folder


def _make(*commands: list[str | Path], **how: Any) -> None:
    """By the first of these that this PostgreSQL knows: ICU came with version 15, and may be left out."""
    ran = [subprocess.run(commands[0], capture_output=True, check=False, **how)]
    for command in commands[1:]:
        if ran[-1].returncode != 0:
            ran.append(subprocess.run(command, capture_output=True, check=False, **how))
    assert ran[-1].returncode == 0, [one.stderr.decode() for one in ran]


def _wait(folder: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            _ask(folder, "SELECT 1")
            return
        except psycopg.OperationalError:
            assert process.poll() is None and time.monotonic() < deadline, "PostgreSQL did not start"
            time.sleep(0.05)  # it tells nobody when it is ready


def _ask(cluster: Path, statement: str) -> object:
    """The first value of the answer, when there is one."""
    with psycopg.connect(url_of(cluster, "postgres"), autocommit=True) as connection:
        cursor = connection.execute(statement)  # type: ignore[call-overload]
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def _stop(process: subprocess.Popen[bytes], folder: Path) -> None:
    process.send_signal(signal.SIGINT)  # "fast": it does not wait until those who are connected have gone
    process.wait(START_SECONDS)
    shutil.rmtree(folder, ignore_errors=True)


def _program(name: str) -> str | None:
    found = shutil.which(name)
    places = sorted(place for pattern in PLACES for place in Path("/").glob(pattern[1:]))
    return found or next((str(place / name) for place in reversed(places) if (place / name).exists()), None)


def _user() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in NOBODY if name in known)
