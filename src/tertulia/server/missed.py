"""The form of what was missed: as history for who knows batches and times, else as lines that say when.

What belongs here: times in front of words, whose words a client can make sense of. What must not: choosing
(`commands.missed`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from tertulia.protocol import capabilities as cap
from tertulia.protocol.history import Message, weight_of
from tertulia.server.playback import Playback
from tertulia.state.user import User

ACTION = "\x01ACTION "


class Missed:
    """What was said in one conversation, as an entry for one session of `user`."""

    __slots__ = ("messages", "now_ms", "reference", "server", "target", "user")

    def __init__(
        self, server: str, reference: str, user: User, target: str, messages: Sequence[Message], now_ms: int
    ) -> None:
        self.server, self.reference, self.user, self.target = server, reference, user, target
        self.messages, self.now_ms = messages, now_ms

    @property
    def weight(self) -> int:
        """About how many bytes it becomes."""
        return sum(map(weight_of, self.messages))

    def render(self, capabilities: int) -> str:
        shown = [self._addressed(one) for one in self.messages if self._makes_sense(one, capabilities)]
        if not capabilities & cap.SERVER_TIME:
            shown = [stamped(one, self.now_ms) for one in shown]
        if not shown:
            return ""
        playback = Playback(self.server, self.reference, f"chathistory {self.target}", shown)
        return playback.render(capabilities)

    def _makes_sense(self, message: Message, capabilities: int) -> bool:
        """What one said oneself, to somebody, would seem said by somebody else to clients without
        echo-message. A question of one program to another is long answered."""
        if message.text.startswith("\x01") and not message.text.startswith(ACTION):
            return False
        return message.sender != self.user.identity or bool(capabilities & cap.ECHO_MESSAGE)

    def _addressed(self, message: Message) -> Message:
        """To the nick that the user has now."""
        return message._replace(target=self.user.nick) if message.recipient == self.user.identity else message


def stamped(message: Message, now_ms: int) -> Message:
    """`[14:03] hola`, in UTC; with the day when that is not today."""
    at, now = (datetime.fromtimestamp(ms // 1000, UTC) for ms in (message.time_ms, now_ms))
    stamp = f"[{at:%H:%M}]" if at.date() == now.date() else f"[{at:%Y-%m-%d %H:%M}]"
    if message.text.startswith(ACTION):
        return message._replace(text=f"{ACTION}{stamp} {message.text.removeprefix(ACTION)}")
    return message._replace(text=f"{stamp} {message.text}", cuts="")
