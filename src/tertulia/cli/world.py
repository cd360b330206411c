"""The real world for the core: clock, ids and passwords, as `ports` asks for them.

What belongs here: what reads a clock or draws chance. What must not: decisions.
"""

from __future__ import annotations

import asyncio
import hmac
import resource
import secrets
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple
from zoneinfo import available_timezones

from tertulia.protocol import scram
from tertulia.protocol.history import ID_TIME_SHIFT

LOCALTIME = Path("/etc/localtime")  # on every system that we run on, a link into the time zones
ARGON2 = "$argon2id$"  # what a hash begins with; a clear password may not
HASHES_AT_ONCE = 2  # one takes 64 MiB and a core for 50 ms: more at once would starve the loop
TOKEN_BYTES = 8  # 64 bits: nobody guesses it while it lives, and it is sixteen characters long


def local_zone(environ: Mapping[str, str], localtime: Path = LOCALTIME) -> str:
    """The time zone of this machine by its name, as `TZ` or the system says; UTC when neither does."""
    named = environ.get("TZ", "").lstrip(":")
    if not named and localtime.is_symlink():
        named = str(localtime.readlink()).partition("zoneinfo/")[2]
    return named if named in available_timezones() else "UTC"


class SystemClock:
    """`ports.Clock` on the clocks of the system."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        return time.monotonic()


class SystemIds:
    """`ports.Ids`: message ids carry their time, and go on from the last one that was stored.

    `last_id`: the store's, so that ids grow over a restart even when the wall clock was set back.
    """

    def __init__(self, last_id: int, token: Callable[[int], str] = secrets.token_hex) -> None:
        self._last = last_id
        self._token = token

    def message(self, now_ms: int) -> int:
        floor = now_ms << ID_TIME_SHIFT
        self._last = floor if floor > self._last else self._last + 1
        return self._last

    def token(self) -> str:
        return self._token(TOKEN_BYTES)


def process_numbers() -> tuple[float, int]:
    """(seconds of CPU, resident bytes) of this process; where the system tells no more, the most."""
    try:
        pages = int(Path("/proc/self/statm").read_bytes().split()[1])
        resident = pages * resource.getpagesize()
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        resident = most if sys.platform == "darwin" else most * 1024
    return round(time.process_time(), 3), resident


class LoopScheduler:
    """`ports.Scheduler` on the running event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def soon(self, callback: Callable[[], None]) -> None:
        self._loop.call_soon(callback)  # behind all that the last poll found, so a tick takes it together

    def after(self, seconds: float, callback: Callable[[], None]) -> None:
        self._loop.call_later(seconds, callback)


class Cost(NamedTuple):
    """Of an argon2id hash. The defaults are the library's, from RFC 9106, 4, second choice."""

    memory_kib: int = 65_536
    passes: int = 3


class SystemPasswords:
    """`ports.Passwords`: argon2id hashes in a thread, a few at once; clear ones in constant time.

    `cost`: of the hashes that it makes; those that it verifies carry their own.
    """

    def __init__(self, cost: Cost | None = None) -> None:
        self.cost = cost or Cost()
        self._turn = asyncio.Semaphore(HASHES_AT_ONCE)

    async def verify(self, expected: str, given: str) -> bool:
        if not expected.startswith(ARGON2):
            return hmac.compare_digest(expected.encode(), given.encode())
        async with self._turn:
            return await asyncio.to_thread(_verify_hash, expected, given)

    async def keep(self, password: str) -> tuple[str, str]:
        async with self._turn:
            return await asyncio.to_thread(kept, password, self.cost)


def _verify_hash(expected: str, given: str) -> bool:
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return PasswordHasher().verify(expected, given)
    except (VerificationError, InvalidHashError):
        return False


def kept(password: str, cost: Cost) -> tuple[str, str]:
    """What is stored of an account's password: argon2id hash, SCRAM verifier. Raises ValueError when SCRAM
    cannot have such a password."""
    verifier = scram.verifier(password, secrets.token_bytes(scram.SALT_BYTES))
    return hash_password(password, cost), scram.write(verifier)


def hash_password(password: str, cost: Cost | None = None) -> str:
    """The argon2id hash, with the library's recommended cost where no other is given."""
    from argon2 import PasswordHasher

    if cost is None:
        return PasswordHasher().hash(password)
    return PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory_kib).hash(password)


def is_hash(text: str) -> bool:
    """Is it a well-formed argon2id hash?"""
    from argon2 import extract_parameters
    from argon2.exceptions import InvalidHashError

    try:
        extract_parameters(text)
    except InvalidHashError:
        return False
    return text.startswith(ARGON2)
