"""What this machine gives to tests: how much its kernel holds, open files, IPv6, a port that is closed.

What belongs here: what differs from one machine to the next, asked of the machine itself. What must not:
tests.
"""

from __future__ import annotations

import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MIB = 1024 * 1024
OWN_FILES = 500  # of a process, beside the connections that a test makes
UNKNOWN_BYTES = 64 * MIB  # for a kernel that does not say
SETTINGS = (
    "net/ipv4/tcp_wmem",
    "net/ipv4/tcp_rmem",
    "net/core/wmem_max",
    "net/core/rmem_max",
    "net/core/wmem_default",
    "net/core/rmem_default",
)


def kernel_bytes() -> int:
    """The most that the kernel may hold of one connection whose reader does not read: the largest buffer that
    it is set to give, at either end (tcp(7), socket(7))."""
    told = [_largest(Path("/proc/sys") / setting) for setting in SETTINGS]
    return 2 * max(told) if all(told) else UNKNOWN_BYTES


def _largest(file: Path) -> int:
    try:
        return max(int(word) for word in file.read_text().split())
    except (OSError, ValueError):
        return 0


@contextmanager
def nobody_listens() -> Iterator[int]:
    """A port of 127.0.0.1 that is ours, so that no other program can open it: whoever connects is refused."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def has_ipv6() -> bool:
    """Many containers have none."""
    try:
        with socket.socket(socket.AF_INET6) as plug:
            plug.bind(("::1", 0))
    except OSError:
        return False
    return True


def needs_files(connections: int) -> None:
    """The server and this process each hold one end of every connection. The test is skipped where they may
    not."""
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if allowed != resource.RLIM_INFINITY and allowed < connections + OWN_FILES:
        pytest.skip(f"needs {connections + OWN_FILES} open files, this machine allows {allowed}")
