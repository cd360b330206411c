"""Looking into what a client has heard.

What belongs here: picking lines out, and telling what stands in them. What must not: driving the server
(`town`).
"""

from __future__ import annotations

from collections.abc import Sequence

from tertulia.protocol.line import Line, parse


def all_of(lines: Sequence[str], *wanted: str) -> list[Line]:
    """The lines with one of these commands or numerics, in order."""
    return [line for line in map(parse, lines) if line.command in wanted]


def the(lines: Sequence[str], command: str) -> Line:
    """The one line with this command; an assertion when there is none, or more."""
    found = all_of(lines, command)
    assert len(found) == 1, (command, lines)
    return found[0]


def has(lines: Sequence[str], command: str) -> bool:
    return bool(all_of(lines, command))


def texts(lines: Sequence[str], *wanted: str) -> list[str]:
    """The last parameters of the lines with these commands (PRIVMSG when none is named)."""
    return [line.params[-1] for line in all_of(lines, *(wanted or ("PRIVMSG",)))]


def tag(line: Line, name: str) -> str | None:
    return line.tags.get(name) if line.tags is not None else None
