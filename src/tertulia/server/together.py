"""Many who go, or come, at once for one cause: for who knows batches, one `netsplit` or `netjoin`.

What belongs here: gathering their QUITs, and the form of the batch (IRCv3 batches/netsplit). What must not:
why they go (`commands.banning`).

A ban of a network puts out five hundred in one turn. Without this each of them is a line in every client;
with it a client can fold them, as it does when servers part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tertulia.protocol import capabilities as cap
from tertulia.server import auditorium
from tertulia.server.labels import inside
from tertulia.server.render import RENDER_MASK, Told
from tertulia.state.room import Room

if TYPE_CHECKING:
    from tertulia.server.hub import Hub
    from tertulia.server.session import Session

Place = tuple[Room, bool]  # a room, and whether only some see who is there
NAMES = {"netsplit": "*.net *.split", "netjoin": "*.net *.join"}
""" "*.net *.split and *.net *.join if the server has chosen to hide links"."""


class Together:
    """Several events as one entry: a batch for who knows batches, else one after the other."""

    __slots__ = ("_forms", "_kind", "_reference", "_server", "entries")

    def __init__(self, server: str, reference: str, kind: str, entries: Sequence[Told]) -> None:
        self._server, self._reference, self._kind, self.entries = server, reference, kind, entries
        self._forms: dict[int, str] = {}  # by capabilities: many hear the same

    def render(self, capabilities: int) -> str:
        mask = capabilities & RENDER_MASK
        form = self._forms.get(mask)
        if form is None:
            form = self._forms[mask] = self._form(mask)
        return form

    def _form(self, capabilities: int) -> str:
        texts = [entry.render(capabilities) for entry in self.entries]
        if len(texts) < 2 or not capabilities & cap.BATCH:
            return "".join(texts)
        head = f":{self._server} BATCH +{self._reference} {self._kind} {NAMES[self._kind]}\r\n"
        end = f":{self._server} BATCH -{self._reference}\r\n"
        return "".join([head, *(inside(text, self._reference) for text in texts), end])


class Leaving:
    """Who leaves while it is open, and in which rooms they were."""

    def __init__(self) -> None:
        self._entries: list[Told] = []
        self._of: dict[Place, list[int]] = {}  # numbers in `_entries`

    def add(self, entry: Told, rooms: Sequence[Room], hidden: Sequence[Room] = ()) -> None:
        """`hidden`: those of the rooms where it was an auditorium's audience."""
        for room in rooms:
            self._of.setdefault((room, room in hidden), []).append(len(self._entries))
        self._entries.append(entry)

    def tell(self, hub: Hub) -> None:
        """To each who stayed, those who shared a room with it, in the order in which they went. Whoever is in
        the same of these rooms is given the same entry."""
        sharing: dict[Session, tuple[Place, ...]] = {}
        for place in self._of:
            room, hidden = place
            for session in auditorium.seers(hub, room) if hidden else hub.fanout.audience(room):
                sharing[session] = (*sharing.get(session, ()), place)
        made: dict[tuple[Place, ...], Together] = {}
        for session, places in sharing.items():
            entry = made.get(places)
            if entry is None:
                entry = made[places] = self._entry(hub, places)
            hub.fanout.session(session, entry)

    def _entry(self, hub: Hub, places: Sequence[Place]) -> Together:
        numbers = sorted({number for place in places for number in self._of[place]})
        gone = [self._entries[number] for number in numbers]
        return Together(hub.settings.name, hub.ids.token(), "netsplit", gone)


@contextmanager
def leaving(hub: Hub) -> Iterator[None]:
    """Whoever leaves inside does so together. Nothing inside may wait."""
    if hub.leaving is not None:
        yield
        return
    hub.leaving = Leaving()
    try:
        yield
    finally:
        gathered, hub.leaving = hub.leaving, None
        gathered.tell(hub)
