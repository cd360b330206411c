"""What is read from /proc."""

from __future__ import annotations

import os

import pytest
from benchmarks.usage import Stat, descendants, parse, usage

LINE = "42 (a (odd) name) S 7 42 42 0 -1 4194560 100 0 0 0 11 22 3 4 20 0 1 0 99 1000 250 1844"


def test_a_line_is_read_whatever_the_process_is_called() -> None:
    """proc(5): "(2) comm: The filename of the executable, in parentheses." """
    assert parse(LINE) == Stat(parent=7, cpu_ticks=11 + 22 + 3 + 4, resident_pages=250)


def test_grandchildren_count() -> None:
    stats = {1: Stat(0, 0, 0), 2: Stat(1, 0, 0), 3: Stat(2, 0, 0), 4: Stat(1, 0, 0), 5: Stat(9, 0, 0)}
    assert sorted(descendants(1, stats)) == [1, 2, 3, 4]
    assert descendants(2, stats) == [2, 3]


def test_this_process_uses_something() -> None:
    now = usage(os.getpid())
    assert now.cpu_seconds > 0
    assert now.resident_bytes > 1_000_000


def test_a_process_that_is_gone_is_an_error() -> None:
    with pytest.raises(ProcessLookupError):
        usage(2**22 + 1)  # above the kernel's largest process id
