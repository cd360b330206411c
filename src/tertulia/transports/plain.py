"""The plain door: a person with `nc` or `telnet` sits in the room like everybody else.

What belongs here: bytes between the person's wire, `PlainCore` and the server. What must not: decisions
(`plain_core`), sentences (`plain_texts`). Towards the server this is one ordinary IRC connection, so every
limit applies to it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

from tertulia.ports import Accept, Peer, Receiver, Wire
from tertulia.protocol.line import parse
from tertulia.transports.plain_core import Action, PlainCore, PlainSettings, Send, Show
from tertulia.transports.plain_input import PlainInput

__all__ = ["PlainDoor", "PlainSettings", "plain_accept"]

# What others say goes to a bare terminal: no escape sequences, no other controls, nothing that turns the
# direction of writing. Colours of IRC clients (https://modern.ircdocs.horse/formatting) go with their digits.
_COLOURS = re.compile(r"\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


class PlainDoor:
    """A `Receiver` to the person's wire and a `Wire` to the server.

    What goes to the server never arrives inside one of the server's own calls: then it waits for `soon`.
    """

    def __init__(
        self,
        wire: Wire,
        accept: Accept,
        settings: PlainSettings,
        soon: Callable[[Callable[[], None]], object],
    ) -> None:
        self.peer: Peer = wire.peer
        self._wire = wire
        self._core = PlainCore(settings)
        self._input = PlainInput()
        self._soon = soon
        self._to_server: list[str] = []
        self._server: Receiver | None = None
        self._server = accept(self)
        self._perform(self._core.greet())

    # --- the person's side: Receiver ------------------------------------------------------------------------

    def received(self, data: bytes) -> None:
        lines = self._input.feed(data)
        if self._input.replies:
            self._wire.write(bytes(self._input.replies))
            self._input.replies.clear()
        for text in lines:
            self._perform(self._core.typed(text))
        self._flush()

    def ended(self) -> None:
        """The person's input is over (a pipe ended); what it held is still said, and the answer still
        read.
        """
        for text in self._input.rest():
            self._perform(self._core.typed(text))
        self._perform(self._core.ended())
        self._flush()

    def lost(self, reason: str) -> None:
        self._flush()
        server, self._server = self._server, None
        if server is not None:
            server.lost(reason)

    # --- the server's side: Wire ----------------------------------------------------------------------------

    def write(self, data: bytes) -> None:
        actions: list[Action] = []
        for line in data.decode(errors="replace").split("\r\n"):
            if line:
                actions += self._core.heard(parse(line))
        self._perform(actions)
        if self._to_server:
            self._soon(self._flush)

    def close(self) -> None:
        self._wire.close()

    @property
    def waiting_bytes(self) -> int:
        return self._wire.waiting_bytes

    # --- both -----------------------------------------------------------------------------------------------

    def _perform(self, actions: list[Action]) -> None:
        shown = [clean_shown(action.text) + "\r\n" for action in actions if isinstance(action, Show)]
        if shown:
            self._wire.write("".join(shown).encode())
        self._to_server += [action.line for action in actions if isinstance(action, Send)]

    def _flush(self) -> None:
        if self._to_server and self._server is not None:
            data = "".join(f"{line}\r\n" for line in self._to_server).encode()
            self._to_server.clear()
            self._server.received(data)


def plain_accept(
    accept: Accept,
    settings: Callable[[], PlainSettings],
    soon: Callable[[Callable[[], None]], object] | None = None,
) -> Accept:
    """What a listener of the plain door is given. `settings` gives those of each person who comes; `soon`
    runs a call after the present one: by default the loop's.
    """

    def accept_person(wire: Wire) -> Receiver:
        return PlainDoor(wire, accept, settings(), soon or asyncio.get_running_loop().call_soon)

    return accept_person


def clean_shown(text: str) -> str:
    """Words of others, safe for a terminal."""
    return _UNSAFE.sub("", _COLOURS.sub("", text))
