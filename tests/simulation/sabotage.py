"""Servers that are wrong on purpose: what the checkers must find.

What belongs here: one function a fault, which damages the server of a world that has just been started.
What must
not: faults that no checker is for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tertulia.protocol.history import Message
from tertulia.protocol.invitations import key_of
from tertulia.protocol.line import nick_of
from tertulia.server.fanout import Fanout
from tertulia.server.render import Told
from tertulia.state import changes as did
from tertulia.state.network import Network
from tests.simulation.world import World


def nobody_stops_listening(world: World) -> None:
    """Who leaves a room, and not the network, hears it still."""
    parted = world.hub.fanout.parted

    def remains(user: Any, room: Any) -> None:
        if user.id not in world.network.users or not room.members:
            parted(user, room)

    world.hub.fanout.parted = remains  # type: ignore[method-assign]


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


def refusals_come_last(world: World) -> None:
    """Who sent something that could not be stored reads the answers to later commands first."""
    commit = world.hub.commit

    def late(*records: Any, **how: Any) -> Any:
        for wish in world.hub.wishes:
            wish.place = 1_000_000
        return commit(*records, **how)

    world.hub.commit = late  # type: ignore[method-assign]


def ends_reach_those_who_left(world: World) -> None:
    """What ended just before somebody left is told otherwise to them too, when the store refuses it."""
    streams = world.hub.streams
    streams.left = lambda room, user: None  # type: ignore[method-assign]


def links_never_end(world: World) -> None:
    """A link that is over, or was used as often as it may be, lets in."""
    invitations: Any = world.hub.invitations
    invitations.find = lambda word: invitations._by_key.get(key_of(word))


def links_are_not_taken_back(world: World) -> None:
    invitations: Any = world.hub.invitations
    invitations.revoke = lambda one: None


def pushes_go_astray(world: World) -> None:
    """Who is named is told of it wherever it was said."""
    pushes: Any = world.hub.pushes
    pushes._addressed = lambda message, room: list(world.network.users.values())


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
    """A kicked member, or one that parts, has the room among its own again when the tick is over."""
    apply, ticked = world.network.apply, world.hub.ticked
    gone: list[tuple[Any, Any]] = []

    def half(event: Any) -> tuple[did.Change, ...]:
        changes = apply(event)
        for change in changes:
            if isinstance(change, did.Kicked | did.Parted):
                gone.append((change.user, change.room))
        return changes

    def over() -> None:
        for user, room in gone:
            user.rooms[room] = None
        gone.clear()
        ticked()

    world.hub.bus._apply = half  # type: ignore[attr-defined]
    world.hub.ticked = over


def audiences_are_seen(world: World) -> None:
    """Of an auditorium all hear who leaves it, and not only those who keep order there."""
    apply = world.network.apply

    def told(event: Any) -> tuple[did.Change, ...]:
        return tuple(
            replace(change, hidden=False) if isinstance(change, did.Kicked | did.Parted) else change
            for change in apply(event)
        )

    world.hub.bus._apply = told  # type: ignore[attr-defined]


def stages_are_dark(world: World) -> None:
    """Who is given a first rank in an auditorium is not shown to its audience."""
    session = world.hub.fanout.session

    def dark(one: Any, entry: Any, *more: Any, **ways: Any) -> None:
        line = entry.variants[-1][1] if isinstance(entry, Told) else ""
        if " JOIN #" in line:  # of those who are hidden, to who sees them; or of whom nobody hides any more
            user, room = world.network.user(nick_of(line[1:])), world.network.room(line.split(" ")[2])
            if user is not None and user is not one.user and room is not None and not room.hides(user):
                return
        session(one, entry, *more, **ways)

    world.hub.fanout.session = dark  # type: ignore[method-assign]


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
    drop = world.hub.drop

    def patient(session: Any, reason: str, wholly: bool = False) -> None:
        if reason not in ("Excess Flood", "Too many commands waiting"):
            drop(session, reason, wholly)

    world.hub.drop = patient  # type: ignore[method-assign]


def streams_lose_pieces(world: World) -> None:
    """What continues a line is not sent to those who see streams grow."""
    several = Fanout.several

    def lossy(self: Fanout, sessions: Any, item: Any, speaker: Any) -> None:
        if b"tertulia.chat/concat" not in getattr(item, "data", b""):
            several(self, sessions, item, speaker)

    world.hub.fanout.several = lossy.__get__(world.hub.fanout)  # type: ignore[method-assign]


ALL: dict[Callable[[World], None], str] = {
    nobody_stops_listening: (
        "Wrong: (.* where it is not a member|.* must not hear it|not true: the audience of)"
    ),
    nobody_starts_listening: "Wrong: not true: the audience of",
    replies_overtake: (
        "Wrong: (.* overtaken by the answer|.* came after something later|.* without having been there"
        "|.* where it is not a member|not true: .* sees )"
    ),
    speakers_overtake_themselves: "Wrong: .* something later from the same member",
    words_leave_before_they_are_stored: "Wrong: (.* the store had refused|[0-9]+ writes for one connection)",
    refusals_come_last: "Wrong: .* came before the refusal of something earlier",
    ends_reach_those_who_left: "Wrong: (more of the stream|PRIVMSG from .* where it is not a member)",
    links_never_end: "Wrong: the link .* is good, and the book has",
    links_are_not_taken_back: "Wrong: the link .* is good, and the book has None",
    pushes_go_astray: "Wrong: .* was pushed to .*, who may not read it",
    the_store_forgets: "Wrong: .* was neither kept nor refused",
    the_store_garbles: "Wrong: the store has another text",
    echoes_double: "Wrong: (.* must not hear it|.* became|joined .* twice)",
    audiences_are_seen: "Wrong: .* without having been there",
    stages_are_dark: "Wrong: not true: .* sees .* and could see",
    members_remain: "Wrong: not true: .* is a member of",
    labels_are_forgotten: "Wrong: label .* was not answered",
    one_falls: "KeyError: 'simulated'",
    lines_are_held_without_end: "Wrong: not true: [0-9]+ lines are held back",
    streams_lose_pieces: "Wrong: the stream .* became",
}
"""Each fault, and how what the checkers say of it begins."""
