"""Keystrokes to lines: what nc, telnet and PuTTY send, cut anywhere.

What belongs here: telnet negotiation, line ends, backspace, encodings. What must not: what a line means.
Telnet is RFC 854; its line end is CR LF, or CR NUL for a bare carriage return.
"""

from __future__ import annotations

import re

from tertulia.limits import PLAIN_LINE_BYTES

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
CR, LF, NUL = 13, 10, 0

_SPECIAL = re.compile(rb"[\r\n\xff]")

# Arrow keys and the like, as terminals send them (ECMA-48 5.4); then what is left of control characters.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O[@-~]|[@-Z\\^_])")
_BACKSPACE = "\x08\x7f"


class PlainInput:
    """Bytes in, whole lines of text out, and what telnet has to be answered."""

    __slots__ = ("_after_cr", "_command", "_line", "replies")

    def __init__(self) -> None:
        self._line = bytearray()
        self._after_cr = False
        self._command = bytearray()  # an unfinished telnet command, IAC first
        self.replies = bytearray()  # to be sent as it is, and cleared

    def feed(self, data: bytes) -> list[str]:
        """The lines that are whole now. A line longer than `PLAIN_LINE_BYTES` is several."""
        lines: list[str] = []
        at = 0
        while at < len(data):
            byte = data[at]
            if self._command or byte == IAC:
                self._telnet(byte)
            elif self._after_cr and byte in (LF, NUL):
                self._after_cr = False
            elif byte in (CR, LF):
                self._after_cr = byte == CR
                lines.append(self._take())
            else:
                at = self._text(data, at, lines)
                continue
            at += 1
        return lines

    def _text(self, data: bytes, at: int, lines: list[str]) -> int:
        """A run of bytes without a meaning of their own, as far as the line has room; where it ends."""
        self._after_cr = False
        special = _SPECIAL.search(data, at)
        room = PLAIN_LINE_BYTES - len(self._line)
        end = min(special.start() if special else len(data), at + room)
        self._line += data[at:end]
        if len(self._line) >= PLAIN_LINE_BYTES:
            lines.append(self._take_most())
        return end

    def rest(self) -> list[str]:
        """What was typed without a line end before the input ended."""
        return [self._take()] if self._line else []

    def _take(self) -> str:
        raw = bytes(self._line)
        self._line.clear()
        return clean_typed(decode(raw))

    def _take_most(self) -> str:
        """A full line that goes on: up to its last space, or else its last whole character."""
        end = self._line.rfind(b" ") + 1 or _last_character(self._line)
        raw = bytes(self._line[:end])
        del self._line[:end]
        return clean_typed(decode(raw))

    def _telnet(self, byte: int) -> None:
        """One byte of a command. We have no options, so every offer and every request is declined (RFC
        854).
        """
        command = self._command
        command.append(byte)
        if len(command) == 1:
            return
        verb = command[1]
        if verb == SB:  # until IAC SE; bounded, because only its last two bytes matter
            if command[-2:] == bytes((IAC, SE)) and len(command) > 3:
                command.clear()
            elif len(command) > 4:
                del command[2:-2]
            return
        if verb in (WILL, WONT, DO, DONT):
            if len(command) == 3:
                if verb in (WILL, DO):
                    self.replies += bytes((IAC, DONT if verb == WILL else WONT, byte))
                command.clear()
            return
        command.clear()  # IAC IAC (no text of ours has that byte), NOP, break, ...


def _last_character(raw: bytearray) -> int:
    """Where the last character begins when it takes several bytes, for it may be cut; else the whole
    length.
    """
    at = len(raw)
    while at and raw[at - 1] & 0xC0 == 0x80:
        at -= 1
    if at and raw[at - 1] >= 0xC0:
        at -= 1
    return at or len(raw)


def decode(raw: bytes) -> str:
    """UTF-8, or else what an old terminal on Windows sends: then á is one byte, and it is still á."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def clean_typed(text: str) -> str:
    """Backspaces carried out, keys that are no text left out."""
    text = _ESCAPES.sub("", text)
    if any(mark in text for mark in _BACKSPACE):
        kept: list[str] = []
        for character in text:
            if character not in _BACKSPACE:
                kept.append(character)
            elif kept:
                kept.pop()
        text = "".join(kept)
    return "".join(character for character in text if character >= " " or character == "\t").replace(
        "\t", " "
    )
