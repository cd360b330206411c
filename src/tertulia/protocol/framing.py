"""Bytes in, whole lines out, within limits; a partial line waits.

What belongs here: cutting, decoding, and refusing what is too long or not text. What must not: parsing.
Cost: each byte is looked at a constant number of times, also when a line arrives one byte at a time, because
only the waiting part is joined and it is bounded by `INPUT_BYTES`.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from tertulia.limits import CLIENT_TAG_BYTES, INPUT_BYTES, LINE_BYTES


class Refused(Enum):
    """A line that can have no meaning. The sender is told, the line is dropped, the connection goes on."""

    TOO_LONG = "too long"
    NOT_UTF8 = "not UTF-8"
    CONTROL = "NUL or CR inside"


class Framer:
    """The input side of one connection."""

    __slots__ = ("_partial", "_skipping")

    def __init__(self) -> None:
        self._partial = b""
        self._skipping = False  # the rest of an over-long line is still to come

    def feed(self, data: bytes) -> Sequence[str | Refused]:
        """The whole lines that are there now, without their line ends. Empty lines are left out.

        LF ends a line, and a CR before it belongs to the end (modern-irc: "servers SHOULD handle" both).
        """
        if self._partial:
            data = self._partial + data
        elif data[-1:] == b"\n" and not self._skipping:
            clean = _clean(data)
            if clean is not None:
                return clean
        raw_lines = data.split(b"\n")
        self._partial = raw_lines.pop()
        if self._skipping and raw_lines:
            self._skipping = False
            raw_lines[0] = b""
        lines = [_decode(raw) for raw in raw_lines if raw.rstrip(b"\r")]
        if len(self._partial) > INPUT_BYTES:
            if not self._skipping:
                lines.append(Refused.TOO_LONG)
            self._skipping = True
        if self._skipping:
            self._partial = b""
        return lines


def _clean(data: bytes) -> list[str] | None:
    """The lines of what most reads are: whole lines with nothing wrong. None for everything else."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    lines = text.split("\r\n")
    if lines.pop():
        return None
    ends = len(lines)
    if text.count("\n") != ends or text.count("\r") != ends or "\0" in text or "" in lines:
        return None
    if len(data) > LINE_BYTES and (len(text) < len(data) or max(map(len, lines)) > LINE_BYTES - 2):
        return None
    return lines


def _decode(raw: bytes) -> str | Refused:
    size = len(raw)
    raw = raw.rstrip(b"\r")  # some text streams make CR CR LF of a CR LF
    if size >= LINE_BYTES and not _fits(raw):
        return Refused.TOO_LONG
    if b"\0" in raw or b"\r" in raw:
        return Refused.CONTROL
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return Refused.NOT_UTF8


def _fits(raw: bytes) -> bool:
    """Tags have a limit of their own; the rest must fit 510 bytes and CR LF."""
    if raw[:1] == b"@":
        tags, _, raw = raw.partition(b" ")
        if len(tags) + 1 > CLIENT_TAG_BYTES:
            return False
    return len(raw) + 2 <= LINE_BYTES
