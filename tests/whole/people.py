"""People at the doors: well-behaved ones, who are witnesses, and sockets that a test can mistreat.

What belongs here: speaking and listening at each door. What must not: assertions about the server, beyond
that it answers.
"""

from __future__ import annotations

import base64
import os
import socket
import ssl
import struct
from collections import deque
from contextlib import suppress
from itertools import count
from typing import Self
from urllib.parse import urlsplit

from tests.cli.process import WAIT_SECONDS, Server

READ_BYTES = 256 * 1024
RESET_AT_CLOSE = struct.pack("ii", 1, 0)
WEBSOCKET_HELLO = (
    "GET /irc HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Protocol: text.ircv3.net\r\n\r\n"
)
_fences = count(1)
_open: list[socket.socket] = []  # closed when the test is over, however it ends


class Person:
    """Lines over a socket, with a deadline for each wait. PINGs are answered as they are read."""

    def __init__(self, plug: socket.socket) -> None:
        self.plug = plug
        self._partial = b""
        self._lines: deque[str] = deque()

    # --- speaking -----------------------------------------------------------------------------------------

    def say(self, *lines: str) -> None:
        self.send("".join(f"{line}\r\n" for line in lines).encode())

    def send(self, data: bytes) -> None:
        self.plug.sendall(data)

    def pour(self, data: bytes, size: int) -> int:
        """Send this over and over, `size` bytes in all, until nobody takes it any more; how many went."""
        block, sent = data * (READ_BYTES // len(data) + 1), 0
        try:
            while sent < size:
                sent += self.plug.send(block[: size - sent])
        except OSError:
            pass
        return sent

    def enter(self, nick: str, *rooms: str, capabilities: str = "") -> Self:
        """Register and join, and hear all the words of welcome."""
        asked = [f"CAP REQ :{capabilities}"] if capabilities else []
        self.say(*asked, f"NICK {nick}", f"USER {nick} 0 * :{nick}", *(["CAP END"] if asked else []))
        self.until(" 001 ")
        for room in rooms:
            self.say(f"JOIN {room}")
            self.until(" 366 ")
        self.fence()
        return self

    def fence(self) -> list[str]:
        """All that came before the answer to a question that is asked now."""
        token = f"fence{next(_fences)}"
        self.say(f"PING {token}")
        heard: list[str] = []
        while f":{token}" not in (line := self.line()) and not line.endswith(f" {token}"):
            heard.append(line)
        return heard

    def reset(self) -> None:
        """Be gone without a goodbye."""
        self.plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
        self.plug.close()

    # --- listening ----------------------------------------------------------------------------------------

    def line(self) -> str:
        """The next line. Raises EOFError at the end, TimeoutError when nothing comes."""
        while not self._lines:
            data = self.plug.recv(READ_BYTES)
            if not data:
                raise EOFError(f"the server closed, after {self._partial!r}")
            self._take(data)
        line = self._lines.popleft()
        if line.startswith("PING "):
            with suppress(
                OSError
            ):  # the other end may be gone already: what it said before is heard all the same
                self.say("PONG " + line[5:])
        return line

    def until(self, *words: str) -> str:
        """The next line with all of these words."""
        heard: deque[str] = deque(maxlen=5)
        try:
            while True:
                line = self.line()
                if all(word in line for word in words):
                    return line
                heard.append(line)
        except (EOFError, TimeoutError, ConnectionError) as error:
            raise AssertionError(f"never heard {words}, last {[*heard]}: {error!r}") from error

    def rest(self) -> str:
        """Everything up to the end of the connection, however that comes."""
        heard = []
        try:
            while True:
                heard.append(self.line())
        except (EOFError, ConnectionError):
            pass
        return "\n".join(heard)

    def taken(self) -> list[str]:
        """What has been received already."""
        lines, self._lines = [*self._lines], deque()
        return lines

    def silent_for(self, seconds: float) -> bool:
        """Wait until something comes, at most so long; whether nothing did."""
        if self._lines:
            return False
        before = self.plug.gettimeout()
        self.plug.settimeout(seconds)
        try:
            self._take(self.plug.recv(READ_BYTES))
        except (TimeoutError, BlockingIOError):
            return True
        finally:
            self.plug.settimeout(before)
        return False

    def _take(self, data: bytes) -> None:
        *lines, self._partial = (self._partial + data).split(b"\n")
        self._lines.extend(line.rstrip(b"\r").decode() for line in lines)


class Browser(Person):
    """The same over a WebSocket: a frame each way is one line (RFC 6455 5.2)."""

    def __init__(self, plug: socket.socket, host: str) -> None:
        super().__init__(plug)
        key = base64.b64encode(os.urandom(16)).decode()
        self.plug.sendall(WEBSOCKET_HELLO.format(host=host, key=key).encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.plug.recv(1)
        assert b" 101 " in answer, answer

    def say(self, *lines: str) -> None:
        self.send(b"".join(text_frame(line.encode()) for line in lines))

    def _take(self, data: bytes) -> None:
        self._partial += data
        while len(self._partial) >= 4:
            size, start = self._partial[1], 2
            if size == 126:
                size, start = struct.unpack(">H", self._partial[2:4])[0], 4
            if len(self._partial) < start + size:
                return
            if self._partial[0] == 0x81:
                self._lines.append(self._partial[start : start + size].decode())
            self._partial = self._partial[start + size :]


class Neighbour(Person):
    """Somebody at the plain door: a name, and then words."""

    def enter(self, nick: str, *rooms: str, capabilities: str = "") -> Self:
        self.say(nick)
        self.until(" #tertulia.")
        return self


def text_frame(line: bytes) -> bytes:
    """A masked frame; the mask of zeros leaves the text as it is."""
    size = (
        struct.pack("!BBH", 0x81, 0x80 | 126, len(line))
        if len(line) > 125
        else bytes([0x81, 0x80 | len(line)])
    )
    return size + bytes(4) + line


def plugged(server: Server, scheme: str = "irc", receive_bytes: int = 0) -> socket.socket:
    """A bare connection to a door; `receive_bytes`: how little the kernel is to keep for a slow reader."""
    parts = urlsplit(server.doors[scheme])
    plug = socket.socket(socket.AF_UNIX if scheme == "unix" else socket.AF_INET)
    if receive_bytes:
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
    plug.settimeout(WAIT_SECONDS)
    _open.append(plug)
    plug.connect(parts.path if scheme == "unix" else (parts.hostname, parts.port))
    return plug


def arrive(server: Server, scheme: str = "irc", receive_bytes: int = 0) -> Person:
    """Somebody at this door, who has not said anything yet."""
    plug = plugged(server, scheme, receive_bytes)
    if scheme == "http":
        return Browser(plug, urlsplit(server.doors[scheme]).netloc)
    if scheme == "plain":
        return Neighbour(plug)
    if scheme == "ircs":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        _open.append(context.wrap_socket(plug))
        return Person(_open[-1])
    return Person(plug)


def close_all() -> None:
    """Everybody goes home."""
    while _open:
        _open.pop().close()


class Witnesses:
    """Two who talk in a room of their own, whatever happens elsewhere."""

    room = "#calle"

    def __init__(self, server: Server) -> None:
        self.eva = arrive(server).enter("eva", self.room)
        self.leo = arrive(server).enter("leo", self.room)

    def go_on(self) -> None:
        """What one says the other hears, and both are answered."""
        text = f"todo bien {next(_fences)}"
        self.eva.say(f"PRIVMSG {self.room} :{text}")
        self.leo.until(f"PRIVMSG {self.room} :{text}")
        self.eva.fence()
        self.leo.fence()
