"""What the server does beside talk, judged by books of the world's own: links that let people in, and pushes.

What belongs here: the books, and what is wrong by them. What must not: making things happen (`order`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tertulia.protocol.casemap import fold
from tertulia.protocol.invitations import Invitation, key_of
from tertulia.protocol.line import parse
from tertulia.protocol.webpush import Push, Subscription
from tests.simulation.ear import Wrong
from tests.simulation.journal import unit_of

if TYPE_CHECKING:
    from tests.simulation.world import World


@dataclass
class Link:
    """One invitation, as it was promised to whoever made it."""

    room: str
    expires_at: int
    uses: int  # 0: without end
    used: int = 0


class Book:
    """Every link of this world, over deaths of the server; it is asked whenever the server asks its own."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.links: dict[str, Link | None] = {}  # by word; None: taken back
        self.keys: dict[str, str] = {}
        self.doubtful: set[str] = set()  # the server died while it wrote them down

    def watch(self) -> None:
        """The server that has just been started."""
        invitations: Any = self.world.hub.invitations
        make, use, revoke, find = invitations.make, invitations.use, invitations.revoke, invitations.find

        def made(word: str, one: Invitation) -> None:
            self.keys[key_of(word)] = word
            self._certainly(word, lambda: make(word, one))
            self.links[word] = Link(one.room, one.expires_at, one.uses)

        def used(one: Invitation) -> None:
            word = self.keys[one.key]
            self._certainly(word, lambda: use(one))
            link = self.links.get(word)
            if link is not None:
                link.used += 1

        def revoked(one: Invitation) -> None:
            word = self.keys[one.key]
            self._certainly(word, lambda: revoke(one))
            self.links[word] = None

        def found(word: str) -> Invitation | None:
            one: Invitation | None = find(word)
            self._agrees(word, one)
            return one

        invitations.make, invitations.use, invitations.revoke, invitations.find = made, used, revoked, found

    def words(self) -> list[str]:
        return [*self.links, "t0"][-6:][-6:]

    def _certainly(self, word: str, do: Callable[[], None]) -> None:
        """In doubt only if the server dies in it, which is no `Exception`: who knows what the store has?"""
        was = word in self.doubtful
        self.doubtful.add(word)
        try:
            do()
        except Exception:
            if not was:
                self.doubtful.discard(word)
            raise
        if not was:
            self.doubtful.discard(word)

    def _agrees(self, word: str, one: Invitation | None) -> None:
        if word in self.doubtful:
            return
        link, now = self.links.get(word), self.world.clock.now_ms() // 1000
        good = link is not None and now < link.expires_at and not 0 < link.uses <= link.used
        if good != (one is not None):
            raise Wrong(f"the link {word} {'is' if one else 'is not'} good, and the book has {link} at {now}")
        if one is not None and link is not None and one.room != link.room:
            raise Wrong(f"the link {word} leads to {one.room}, and was made for {link.room}")


class Courier:
    """`ports.Pusher`: looks at every push before it would leave."""

    key = "BKey"

    def __init__(self, world: World) -> None:
        self.world = world

    def takes(self, one: Subscription) -> bool:
        return one.endpoint.startswith("https://")

    def push(self, push: Push) -> None:
        self.world.pushed += 1
        line = parse(push.payload.decode())
        unit = unit_of(line.params[-1]) if line.command in ("PRIVMSG", "NOTICE") else None
        if unit is None:
            return
        journal, account, target = self.world.journal, fold(push.to.account), line.params[0]
        said = [one for one in journal.open.values() if (one.unit, one.message.target) == (unit, target)]
        if not said:
            raise Wrong(f"u{unit}. was pushed to {account}, and nobody has said it now")
        for one in said:
            if one.message.id in self.world.store.refused:
                raise Wrong(f"u{unit}. was pushed to {account}, and the store had refused it")
            users = {*one.readers, *(one.room.members if one.room is not None and one.stream else ())}
            if account not in {fold(user.account) for user in users if user.account}:
                raise Wrong(f"u{unit}. was pushed to {account}, who may not read it: {target}")
