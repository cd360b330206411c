"""Departures: the end of a session, and of a user with the last one.

What belongs here: last words, who is told, what is forgotten, when a wire closes. What must not: who stays
without a connection (`presence`), how many leave at once (`together`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia.server import announce, presence
from tertulia.server.session import Session
from tertulia.state import events as may
from tertulia.state.user import User

if TYPE_CHECKING:
    from tertulia.server.hub import Hub


class Departures:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.closing: list[Session] = []  # whose wires close at the end of the tick

    def drop(self, session: Session, reason: str, wholly: bool = False) -> None:
        """ERROR, QUIT to those who knew it, and the wire closes when its last words have gone. `wholly`: also
        of a user that would stay without a connection."""
        if not session.closing:
            self._dismiss(session, reason)
            self._depart(session, reason, wholly)
            self._hub.wake()

    def drop_user(self, user: User, reason: str) -> None:
        for session in list(self._hub.sessions(user)):
            self.drop(session, reason, wholly=True)
        if user.id in self._hub.network.users:
            self.leave(user, reason)

    def leave(self, user: User, reason: str) -> None:
        """A user who has no connection any more goes."""
        hub = self._hub
        for change in hub.network.apply(may.Leave(user.id, reason, hub.now_ms // 1000)):
            announce.announce(hub, change, None)

    def lose(self, session: Session, reason: str) -> None:
        """The other end of its wire is gone."""
        if session not in self._hub.connections:
            return
        if not session.closing:
            session.closing = True
            self._depart(session, reason)
            session.out.clear()
            session.wire.close()
        del self._hub.connections[session]
        self._hub.gate.go(session)

    def drain(self, reason: str) -> None:
        """Say goodbye to everybody: the process is about to end. What was acknowledged is already stored.

        Nobody is told that the others leave: that would grow with the square of a room.
        """
        hub = self._hub
        hub.now_ms, hub.instant = hub.clock.now_ms(), hub.clock.monotonic()
        for session in list(hub.connections):
            _abandon(session, reason)
        for session in list(hub.connections):
            if not session.closing:
                self._dismiss(session, reason)
        presence.note_devices(hub)
        hub.commit(soon=True)
        hub.end_tick()

    def close(self) -> None:
        """The last words have gone."""
        closing, self.closing = self.closing, []
        for session in closing:
            session.wire.close()

    def _dismiss(self, session: Session, reason: str) -> None:
        last_words = f"ERROR :Closing link: ({session.peer.address}) [{reason}]\r\n"
        self._hub.fanout.session(session, last_words)
        session.closing = True
        self.closing.append(session)

    def _depart(self, session: Session, reason: str, wholly: bool = False) -> None:
        hub = self._hub
        hub.turns.forget(session)
        hub.watchers.forget(session)
        hub.metadata.forget(session)
        _abandon(session, reason)
        user = session.user
        if user is None:
            return
        alone = len(hub.sessions(user)) == 1
        if not alone or (not wholly and presence.stays(hub, user) and presence.has_room(hub)):
            presence.detach(hub, session, user)
            return
        presence.note_device(hub, session)
        self.leave(user, reason)
        hub.fanout.disconnect(user, session)


def _abandon(session: Session, reason: str) -> None:
    """What it had begun to say."""
    for opened in list(session.batches.values()):
        opened.abandon(None, reason)
    session.batches = {}
