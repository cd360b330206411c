"""Servers that are wrong on purpose: what the checkers must find.

What belongs here: one function a fault, which damages the server of a world that has just been started.
What must
not: faults that no checker is for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tertulia.protocol.history import Message
from tertulia.server.fanout import Fanout
from tertulia.state import changes as did
from tertulia.state.network import Network
from tests.simulation.world import World


def nobody_stops_listening(world: World) -> None:
    """Who leaves a room hears it still."""
    world.hub.fanout.parted = lambda user, room: None  # type: ignore[method-assign]


def nobody_starts_listening(world: World) -> None:
    """Who joins a room does not hear it."""
    world.hub.fanout.joined = lambda user, room: None  # type: ignore[method-assign]


def replies_overtake(world: World) -> None:
    """What a room said before is not given to who is answered."""
    world.hub.fanout._catch_up = lambda session: None  # type: ignore[method-assign]


def speakers_overtake_themselves(world: World) -> None:
    """A member who turns from one room to another is not waited for."""
    world.hub.fanout._turn_from = lambda speaker: None  # type: ignore[method-assign]


def words_leave_before_they_are_stored(world: World) -> None:
    commit, flush = world.hub.commit, world.hub.fanout.flush

    def too_early(*records: Any, **how: Any) -> Any:
        if not records:
            flush()
        return commit(*records, **how)

    world.hub.commit = too_early  # type: ignore[method-assign]


def the_store_forgets(world: World) -> None:
    """Every tenth message is acknowledged and not kept."""
    commit = world.store.commit

    def forgetful(records: Any) -> None:
        commit([record for record in records if not (isinstance(record, Message) and record.id % 10 == 0)])

    world.store.commit = forgetful  # type: ignore[method-assign]


def the_store_garbles(world: World) -> None:
    commit = world.store.commit

    def garbling(records: Any) -> None:
        commit(
            [r._replace(text=r.text + ".") if isinstance(r, Message) and not r.state else r for r in records]
        )

    world.store.commit = garbling  # type: ignore[method-assign]


def echoes_double(world: World) -> None:
    """Who speaks hears itself whether it asked for that or not."""
    room = world.hub.fanout.room

    def unskipped(where: Any, entry: Any, speaker: Any, skip: Any = None) -> None:
        room(where, entry, speaker, None)

    world.hub.fanout.room = unskipped  # type: ignore[method-assign]


def members_remain(world: World) -> None:
    """A kicked member keeps the room among its own."""
    apply = world.network.apply

    def half(event: Any) -> tuple[did.Change, ...]:
        changes = apply(event)
        for change in changes:
            if isinstance(change, did.Kicked | did.Parted):
                change.user.rooms[change.room] = None
        return changes

    world.hub.bus._apply = half  # type: ignore[attr-defined]


def labels_are_forgotten(world: World) -> None:
    finish = world.hub.turns.finish

    def unlabelled(session: Any, turn: Any) -> None:
        turn.label = None
        finish(session, turn)

    world.hub.turns.finish = unlabelled  # type: ignore[method-assign]


def one_falls(world: World) -> None:
    """A handler fails in a way that nobody foresaw."""

    def fall(self: Network, event: Any) -> Any:
        raise KeyError("simulated")

    world.network._existing = fall.__get__(world.network)  # type: ignore[method-assign]


def lines_are_held_without_end(world: World) -> None:
    """An eager client's lines are kept, and never carried out."""
    world.hub.turns._drain = lambda session: None  # type: ignore[method-assign]
    world.hub.drop = lambda session, reason, wholly=False: None  # type: ignore[method-assign]


def streams_lose_pieces(world: World) -> None:
    """The last piece of a tick is not sent to those who see streams grow."""
    session = Fanout.session

    def lossy(self: Fanout, to: Any, item: Any, speaker: Any = None) -> None:
        if "tertulia.chat/concat" not in getattr(item, "line", ""):
            session(self, to, item, speaker)

    world.hub.fanout.session = lossy.__get__(world.hub.fanout)  # type: ignore[method-assign]


ALL: dict[Callable[[World], None], str] = {
    nobody_stops_listening: (
        "where it is not a member|must not hear|the audience|a write after close|no room that is gone"
    ),
    nobody_starts_listening: "was not heard by|the audience|without having|NAMES|believes",
    replies_overtake: "overtaken by the answer|came after something later|left .* without|sees|NAMES",
    speakers_overtake_themselves: "something later from the same member",
    words_leave_before_they_are_stored: "had refused|is not stored|neither kept|writes for one connection",
    the_store_forgets: "neither kept nor refused",
    the_store_garbles: "another text",
    echoes_double: "must not hear it|became|joined .* twice",
    members_remain: "is a member of|KeyError",
    labels_are_forgotten: "was not answered",
    one_falls: "KeyError",
    lines_are_held_without_end: "held back|are left|writes|believes",
    streams_lose_pieces: "the stream .* became",
}
"""Each fault, and what a failure that it leads to may say."""
