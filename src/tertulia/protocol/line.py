"""One line of IRC as a frozen value; `parse` and `format_line` are inverses.

What belongs here: the grammar of a line (RFC 1459 2.3.1, modern-irc "Message Format"). What must not:
meaning, limits, sockets. `parse` runs once for everything anybody says, so it is written for speed.
"""

from __future__ import annotations

from typing import NamedTuple

from tertulia.limits import PARAMETERS
from tertulia.protocol.tags import Tags, format_tags, parse_tags


class Line(NamedTuple):
    tags: Tags | None  # unescaped values, "" for a tag without one; None when there are no tags
    source: str | None  # without the colon
    command: str  # upper case
    params: list[str]


def parse(text: str) -> Line:
    """A line without CR LF as a value. Never raises: what has no command gets the command "" (an empty line).

    Parameters beyond the fifteenth are joined into the last, as if it had been a trailing one.
    """
    tags: Tags | None = None
    source: str | None = None
    first = text[:1]
    if first == "@":
        raw, _, text = text.partition(" ")
        tags = parse_tags(raw[1:])
        text = text.lstrip(" ")
        first = text[:1]
    if first == ":":
        source, _, text = text[1:].partition(" ")
        text = text.lstrip(" ")
    head, colon, trailing = text.partition(" :")
    params = head.split(" ")
    if "" in params:  # runs of spaces: rare, so paid for only when there
        params = [param for param in params if param]
        if not params:
            return Line(tags, source, "", [])
    command = params.pop(0).upper()
    if colon:
        params.append(trailing)
    if len(params) > PARAMETERS:
        params[PARAMETERS - 1 :] = [" ".join(params[PARAMETERS - 1 :])]
    return tuple.__new__(Line, (tags, source, command, params))  # past the named tuple's slower constructor


def format_line(line: Line) -> str:
    """The line as text, without CR LF. The last parameter gets a colon where it needs one."""
    parts: list[str] = []
    if line.tags:
        parts.append("@" + format_tags(line.tags))
    if line.source is not None:
        parts.append(":" + line.source)
    parts.append(line.command)
    if line.params:
        parts.extend(line.params[:-1])
        parts.append(trailing(line.params[-1]))
    return " ".join(parts)


def trailing(param: str) -> str:
    """The last parameter as it is written: with a colon when it is empty, has a space or begins with a
    colon.
    """
    if not param or param[0] == ":" or " " in param:
        return ":" + param
    return param


def nick_of(source: str) -> str:
    """The nick of a nick!user@host; a server's name as it is."""
    return source.partition("!")[0]
