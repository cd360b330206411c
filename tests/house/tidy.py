"""The house rules that a machine can see, as questions about one file's text.

What belongs here: rules; each takes a text and returns what breaks it, as `line: what`. What must not: the
tree of files (`tree.py`), and the running of the rules (`test_tidy.py`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

FILE_LINES = 500
BODY_LINES = 70
COLUMNS = 110

# Calls that a core room must not make, each with what to use instead.
BANNED_CALLS = {
    "datetime.now": "the time that comes in with the event",
    "datetime.utcnow": "the time that comes in with the event",
    "datetime.today": "the time that comes in with the event",
    "date.today": "the time that comes in with the event",
    "time.time": "ports.Clock.now_ms",
    "time.time_ns": "ports.Clock.now_ms",
    "time.monotonic": "ports.Clock.monotonic",
    "time.perf_counter": "ports.Clock.monotonic",
    "time.sleep": "a deadline on ports.Clock",
    "asyncio.sleep": "a deadline on ports.Clock",
    "os.urandom": "ports.Ids.token",
    "uuid.uuid4": "ports.Ids.token",
    "random.random": "ports.Ids.token",
    "random.choice": "ports.Ids.token",
    "random.randint": "ports.Ids.token",
    "secrets.token_hex": "ports.Ids.token",
    "secrets.token_urlsafe": "ports.Ids.token",
    "open": "a port",
    "print": "a reply, or the server's log",
    "input": "a line that a wire received",
}
CORE_ROOMS = ("protocol", "state", "policy", "commands")

# Put together from parts, so that this file does not break its own rule.
_REMINDERS = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK")) + r")\b")
_HERE = "|".join(("/wo" + "rk/", "/opt/d" + "ev", "/ro" + "ot/", "/home/" + r"\w+/"))
_REGISTRIES = "|".join(
    (r"py" + r"pi\.org", r"files\.python" + r"hosted", r"registry\.npm" + "js", r"deb\.deb" + "ian")
)
_ELSEWHERE = re.compile(f"({_HERE}|{_REGISTRIES})")


def too_long(text: str) -> list[str]:
    """Files that cannot be read in one go."""
    lines = len(text.splitlines())
    return [f"{lines} lines, of at most {FILE_LINES - 1}"] if lines >= FILE_LINES else []


def too_wide(text: str) -> list[str]:
    """Lines that do not fit beside each other on a screen."""
    wide = ((number, line) for number, line in enumerate(text.splitlines(), 1) if len(line) > COLUMNS)
    return [f"{number}: {len(line)} columns, of at most {COLUMNS}" for number, line in wide]


def long_bodies(text: str) -> list[str]:
    """Functions that do too much; the docstring is not counted."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None and len(node.body) > 1 else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1
            if lines >= BODY_LINES:
                found.append(f"{node.lineno}: {node.name} has {lines} lines, of at most {BODY_LINES - 1}")
    return found


def no_docstring(text: str) -> list[str]:
    """Files that do not say what belongs in them. An empty file needs no words."""
    tree = ast.parse(text)
    return [] if not tree.body or ast.get_docstring(tree) else ["does not open with a docstring"]


def banned_calls(text: str) -> list[str]:
    """Calls that reach for the clock, chance or the world."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            name = _dotted(node.func)
            for banned, instead in BANNED_CALLS.items():
                if name == banned or (name.endswith("." + banned) and "." in banned):
                    found.append(f"{node.lineno}: {name}(); use {instead}")
    return found


def reminders(text: str) -> list[str]:
    """Work that was put off."""
    return [f"{number}: {match}" for number, match in _matches(_REMINDERS, text)]


def elsewhere(text: str) -> list[str]:
    """Paths of somebody's machine, and hosts that a package client knows by itself."""
    return [f"{number}: {match}" for number, match in _matches(_ELSEWHERE, text)]


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if match := pattern.search(line):
            yield number, match[0]


def _dotted(node: ast.expr) -> str:
    """`a.b.c` of an expression made of names and dots, else an empty text."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = _dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return ""
