"""Where in a TOML text each key was written.

What belongs here: finding lines. What must not: judging values. `tomllib` keeps no line numbers, so this
reads the text a second time, only well enough for keys; it is asked only when something is wrong and the
text is valid TOML.
"""

from __future__ import annotations

import re

KeyPath = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_ASSIGNMENT = re.compile(
    r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=\s*(.*)$"""
)
_NAME = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_NOISE = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'|#.*""")


def lines_of(text: str) -> dict[KeyPath, int]:
    """Each table and key of a valid TOML text with its line, counted from 1.

    Tables of an array carry their index: `("models", 0, "nick")`.
    """
    lines: dict[KeyPath, int] = {}
    counts: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for number, line, open_value in _outer_lines(text):
        if open_value:
            continue
        if header := _HEADER.match(line):
            table = _names(header[2])
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                lines.setdefault(table, number)
                table = (*table, counts[table])
            lines.setdefault(table, number)
        elif assignment := _ASSIGNMENT.match(line):
            lines.setdefault(table + _names(assignment[1]), number)
    return lines


def line_of(path: KeyPath, lines: dict[KeyPath, int]) -> int | None:
    """The line of a key, else of the nearest table around it; None when nothing around it is in the file."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


def _names(dotted: str) -> KeyPath:
    return tuple(name.strip("\"'") for name in _NAME.findall(dotted))


def _outer_lines(text: str) -> list[tuple[int, str, bool]]:
    """(number, line, whether it lies inside a value that began above): long texts and arrays."""
    found: list[tuple[int, str, bool]] = []
    quote, depth = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        found.append((number, line, bool(quote) or depth > 0))
        inside_header = not quote and depth == 0 and bool(_HEADER.match(line))
        quote, rest = _after_long_text(quote, line)
        if not inside_header:
            bare = _NOISE.sub("", rest)
            depth += bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}")
    return found


def _after_long_text(quote: str, line: str) -> tuple[str, str]:
    """(the triple quote still open at the end of the line, what of the line lies outside of texts)."""
    outside = ""
    while line:
        if quote:
            _, closed, line = line.partition(quote)
            quote = "" if closed else quote
            continue
        starts = [(line.index(mark), mark) for mark in ('"""', "'''") if mark in line]
        if not starts:
            return quote, outside + line
        at, quote = min(starts)
        outside, line = outside + line[:at], line[at + 3 :]
    return quote, outside
