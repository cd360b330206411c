"""Server-sent events out of a body of bytes, within limits.

What belongs here: the framing (WHATWG HTML, "Server-sent events"), as far as providers use it: data lines.
What must not: what the data means.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Final

EVENT_BYTES: Final = 1024 * 1024  # of one event; a token's chunk has some hundred bytes


class TooLong(ValueError):
    """One event is larger than any provider has reason to send."""


class Events:
    """Bytes in, data of whole events out."""

    def __init__(self) -> None:
        self._partial = b""
        self._data: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> list[str]:
        """The data of each event that is complete now. Raises `TooLong`."""
        *lines, self._partial = (self._partial + chunk).split(b"\n")
        found: list[str] = []
        for line in lines:
            line = line.rstrip(b"\r")
            if line.startswith(b"data:"):
                self._data.append(line[5:].removeprefix(b" "))
                self._size += len(line)
            elif not line and self._data:
                found.append(b"\n".join(self._data).decode(errors="replace"))
                self._data, self._size = [], 0
        if self._size + len(self._partial) > EVENT_BYTES:
            raise TooLong(f"an event of more than {EVENT_BYTES} bytes")
        return found


async def data_of(read: Callable[[], Awaitable[bytes]]) -> AsyncGenerator[str, None]:
    """The data of each event of a body. `read`: what has arrived, at least one byte; none at the end."""
    events = Events()
    while chunk := await read():
        for data in events.feed(chunk):
            yield data
    for data in events.feed(b"\n\n"):  # a body that ends without its last blank line
        yield data
