"""Playback: stored messages as a chathistory batch (IRCv3 batches/chathistory), or plainly without
batches.
"""

from __future__ import annotations

from collections.abc import Sequence

from tertulia.protocol import capabilities as cap
from tertulia.protocol.history import SPOKEN, Message, weight_of
from tertulia.server import happenings
from tertulia.server.labels import inside
from tertulia.server.render import Said, message_tags


class Playback:
    """One page of history as an entry. Each message is put into the form that the reader negotiated.

    `batch`: its type and parameters, `chathistory #room`.
    """

    __slots__ = ("batch", "messages", "reference", "server")

    def __init__(self, server: str, reference: str, batch: str, messages: Sequence[Message]) -> None:
        self.server, self.reference, self.batch, self.messages = server, reference, batch, messages

    @property
    def weight(self) -> int:
        """About how many bytes it becomes, before it is rendered."""
        return sum(map(weight_of, self.messages))

    def render(self, capabilities: int) -> str:
        texts = [_text(message, capabilities) for message in self.messages]
        if not capabilities & cap.BATCH:
            return "".join(texts)
        lines = [f":{self.server} BATCH +{self.reference} {self.batch}"]
        lines += [inside(line, self.reference) for text in texts for line in text.split("\r\n")[:-1]]
        lines.append(f":{self.server} BATCH -{self.reference}")
        return "".join(f"{line}\r\n" for line in lines)


def _text(message: Message, capabilities: int) -> str:
    """ "lines that would normally produce a local state change" are for those who asked for them."""
    if message.kind in SPOKEN:
        return Said(message).render(capabilities)
    if not capabilities & cap.EVENT_PLAYBACK:
        return ""
    if message.kind == "TAGMSG":
        return Said(message).render(capabilities)
    tags = message_tags(message, capabilities)
    line = happenings.line(message, capabilities)
    return f"@{tags} {line}\r\n" if tags else f"{line}\r\n"
