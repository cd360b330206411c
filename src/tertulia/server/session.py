"""One connection: who it says it is, what it negotiated, what waits for it.

What belongs here: the state of a connection, and the `Receiver` that its door calls. What must not: what
commands do. Ten thousand of these sit idle in one process, so there are slots, and what is rarely used is
shared until used.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from tertulia.ports import Peer, Wire
from tertulia.protocol.framing import Framer, Refused

if TYPE_CHECKING:
    from tertulia.commands.sasl import Exchange
    from tertulia.commands.turn import OpenBatch
    from tertulia.server.fanout import Segment
    from tertulia.server.hub import Hub
    from tertulia.state.room import Room
    from tertulia.state.user import User


class Session:
    __slots__ = (
        "account",
        "away",
        "batches",
        "cap_version",
        "capabilities",
        "closing",
        "device",
        "exchange",
        "framer",
        "heard_at",
        "held",
        "hub",
        "language",
        "language_chosen",
        "negotiating",
        "nick_wanted",
        "opened_at",
        "out",
        "password",
        "peer",
        "pinged_at",
        "realname",
        "refilled_at",
        "spoke_at",
        "spoke_in",
        "spoke_room",
        "tokens",
        "user",
        "username",
        "waiting",
        "wire",
    )

    def __init__(self, hub: Hub, wire: Wire, language: str, now: float, tokens: float) -> None:
        self.hub = hub
        self.wire = wire
        self.peer: Peer = wire.peer
        self.framer = Framer()
        self.user: User | None = None
        self.capabilities = 0
        self.cap_version = 301
        self.negotiating = False
        self.language = language
        self.language_chosen = False  # by whoever is there; else it is the server's
        self.nick_wanted = self.username = self.realname = self.password = ""
        self.away = ""  # what AWAY said here; "": somebody is at this connection
        self.device = ""  # by what it says which of its owner's devices it is; folded
        self.account = ""  # folded name of the account it logged in to before it had a user
        self.exchange: Exchange | None = None
        self.opened_at = self.heard_at = self.spoke_at = self.refilled_at = now  # monotonic seconds
        self.pinged_at = 0.0  # 0: not waiting for a PONG
        self.tokens = tokens  # of flood control
        self.held: deque[str | Refused] | None = (
            None  # lines that wait for tokens or for the command before them
        )
        self.waiting = False  # a command of this session waits for the world
        self.closing = False  # nothing more is taken from it
        self.out: list[Any] = []  # what the fan-out has for it in this tick
        self.spoke_in: Segment | None = None
        self.spoke_room: Room = None  # type: ignore[assignment]  # meaningful only while `spoke_in` is open
        self.batches: dict[str, OpenBatch] = _NO_BATCHES

    # --- Receiver, called by the door -------------------------------------------------------------

    def received(self, data: bytes) -> None:
        self.hub.hear(self, data)

    def lost(self, reason: str) -> None:
        self.hub.post(self, Lost(reason))


class Lost:
    """The connection is gone."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason


_NO_BATCHES: dict[
    str, OpenBatch
] = {}  # shared by all that have none; `batches` is replaced before it is written to
