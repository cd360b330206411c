"""Every file keeps the house rules; and each rule finds what it is for.

What belongs here: running the rules of `tidy.py` over the tree, and a sample for each. What must not: new
rules.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import tidy
from tests.house.tree import ROOT, name_of, python_files, text_files

Rule = Callable[[str], list[str]]
MIGRATIONS = "migrations"  # generated once, never edited
CORE_FILES = ("src/tertulia/limits.py", "src/tertulia/ports.py")


def broken(rule: Rule, paths: list[Path]) -> list[str]:
    """Each breach as `file:line: what`."""
    return [f"{name_of(path)}:{what}" for path in paths for what in rule(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("rule", [tidy.too_long, tidy.too_wide, tidy.long_bodies, tidy.no_docstring])
def test_python_is_tidy(rule: Rule) -> None:
    assert broken(rule, python_files()) == []


def test_the_core_reaches_for_nothing() -> None:
    rooms = [f"src/tertulia/{room}" for room in tidy.CORE_ROOMS]
    paths = [*python_files(*rooms), *(ROOT / name for name in CORE_FILES)]
    assert broken(tidy.banned_calls, paths) == []


@pytest.mark.parametrize("rule", [tidy.reminders, tidy.elsewhere])
def test_nothing_is_left_lying_about(rule: Rule) -> None:
    assert broken(rule, text_files()) == []


def test_folders_of_tests_mirror_the_rooms() -> None:
    rooms = {path.parent.name for path in python_files("src") if path.parent.parent.name == "tertulia"}
    tested = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()}
    empty = {room for room in rooms if not any((ROOT / "src" / "tertulia" / room).glob("[a-z]*.py"))}
    assert rooms - tested - empty == set()


# --- The rules find what they are for ---------------------------------------------------------------------

SAMPLES: list[tuple[Rule, str, str]] = [
    (tidy.too_long, "x = 1\n" * 500, "x = 1\n" * 499),
    (tidy.too_wide, "#" * 111, "#" * 110),
    (tidy.long_bodies, "def f():\n" + "    x = 1\n" * 70, "def f():\n" + "    x = 1\n" * 69),
    (
        tidy.long_bodies,
        "async def f():\n" + "    x = 1\n" * 70,
        'def f():\n    """Doc."""\n' + "    x = 1\n" * 69,
    ),
    (tidy.no_docstring, "x = 1\n", '"""What belongs here."""\nx = 1\n'),
    (tidy.no_docstring, "# A comment is no docstring.\nx = 1\n", ""),
    (tidy.banned_calls, "from datetime import datetime\ndatetime.now()\n", "now = clock.now_ms()\n"),
    (tidy.banned_calls, "import datetime\ndatetime.datetime.now()\n", "at = event.time_ms\n"),
    (tidy.banned_calls, "import time\ntime.time()\n", "time_ms = 5\n"),
    (tidy.banned_calls, "open('x')\n", "room.open('x')\n"),
    (tidy.reminders, "# TO" + "DO later\n", "# to do it later would be wrong\n"),
    (tidy.reminders, "x = 1  # FIX" + "ME\n", "prefix = mend\n"),
    (tidy.elsewhere, 'path = "/wo' + 'rk/main"\n', 'path = "/var/lib/tertulia"\n'),
    (tidy.elsewhere, "https://py" + "pi.org/simple\n", "python is fetched by pip\n"),
]


@pytest.mark.parametrize(("rule", "bad", "good"), SAMPLES)
def test_a_rule_tells_good_from_bad(rule: Rule, bad: str, good: str) -> None:
    assert len(rule(bad)) == 1
    assert rule(good) == []


def test_a_breach_names_its_line() -> None:
    assert tidy.too_wide("ok\n" + "#" * 120) == ["2: 120 columns, of at most 110"]
    assert tidy.banned_calls("import time\n\ntime.time()\n") == ["3: time.time(); use ports.Clock.now_ms"]
