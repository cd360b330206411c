"""A server of forty lines, enough for the load generator: registration, rooms, fences and faults on demand.

What belongs here: the least that a crowd needs to arrive and to talk. What must not: any claim to be IRC.
"""

from __future__ import annotations

import socketserver
import threading
from collections import defaultdict
from types import TracebackType


class FakeServer(socketserver.ThreadingTCPServer):
    """Runs in threads while it is a context. `loses`: how many deliveries it forgets, from the first on."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self, *, loses: int = 0, refuses: str = "", chatter: str = "", offers: str = "", grants: bool = True
    ) -> None:
        super().__init__(("127.0.0.1", 0), Member)
        self.loses = loses
        self.refuses = refuses  # what it says instead of a welcome
        self.chatter = chatter  # what it says after every delivery
        self.offers = offers  # its capabilities
        self.grants = grants
        self.rooms: defaultdict[str, list[Member]] = defaultdict(list)
        self.lock = threading.Lock()
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> FakeServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    @property
    def address(self) -> tuple[str, int]:
        host, port = self.socket.getsockname()
        return host, port


class Member(socketserver.StreamRequestHandler):
    server: FakeServer
    nick = "?"
    capabilities = ""
    label = ""

    def handle(self) -> None:
        try:
            for line in self.rfile:
                tags, _, text = line.decode().strip().rpartition(" PRIVMSG ")
                self.label = tags.partition("@label=")[2]
                command, _, rest = f"PRIVMSG {text}".partition(" ") if tags else text.partition(" ")
                getattr(self, f"on_{command.lower()}", lambda _: None)(rest)
        except (TimeoutError, ConnectionError, ValueError):
            pass  # the crowd went home

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def on_nick(self, nick: str) -> None:
        self.nick = nick

    def on_user(self, _: str) -> None:
        self.say(self.server.refuses or f":fake 001 {self.nick} :welcome")

    def on_cap(self, rest: str) -> None:
        subcommand, _, names = rest.partition(" ")
        if subcommand == "LS":
            self.say(f":fake CAP * LS * :{self.server.offers}")
            self.say(":fake CAP * LS :batch")
        elif subcommand == "REQ":
            self.say(f":fake CAP * {'ACK' if self.server.grants else 'NAK'} {names}")
            self.capabilities = names

    def on_register(self, rest: str) -> None:
        self.say(f":fake REGISTER SUCCESS {self.nick} :{rest}")

    def on_join(self, room: str) -> None:
        with self.server.lock:
            self.server.rooms[room].append(self)
        self.say(f":fake 366 {self.nick} {room} :end")

    def on_ping(self, token: str) -> None:
        with self.server.lock:  # what others are saying just now comes first
            self.say(f":fake PONG fake {token}")

    def on_privmsg(self, rest: str) -> None:
        room, _, _ = rest.partition(" ")
        with self.server.lock:
            for member in self.server.rooms[room]:
                if member is self and "echo-message" not in self.capabilities:
                    continue
                if self.server.loses:
                    self.server.loses -= 1
                    continue
                label = f"@label={self.label} " if self.label and member is self else ""
                member.say(f"{label}:{self.nick}!u@h PRIVMSG {rest}")
                if self.server.chatter:
                    member.say(self.server.chatter)
