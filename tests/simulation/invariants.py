"""What must be true of the server between two ticks.

What belongs here: symmetry of what is kept twice, emptiness of what lasts a tick, bounds of everything else.
What must not: messages (`hearing`).
"""

from __future__ import annotations

from tertulia import limits
from tertulia.policy.auditorium import may_see_member
from tertulia.protocol.casemap import fold
from tertulia.server import presence
from tertulia.server.gate import places
from tertulia.server.hub import Hub
from tertulia.server.session import Session
from tertulia.server.streams import Stream
from tertulia.state.network import Network
from tests.simulation.ear import Ear, Wrong


def check(hub: Hub, ears: dict[Session, Ear], waited: set[Session]) -> None:
    """Raises `Wrong` for the first that is not true. `waited`: sessions of which a command had to wait."""
    symmetric(hub.network)
    _audiences(hub)
    _tick_is_over(hub)
    _bounded(hub, waited)
    for session in hub.connections:
        if not session.closing and session in ears:
            _seen_from_outside(session, ears[session])


def symmetric(network: Network) -> None:
    """Users, nicks, rooms and memberships agree with each other."""
    _must(len(network.users) == len(network.nicks), "as many nicks as users")
    for user_id, user in network.users.items():
        _must(user.id == user_id and user.key == fold(user.nick), f"{user.nick} is kept as what it is")
        _must(network.nicks.get(user.key) is user, f"{user.nick} is found by its nick")
        _must(user.prefix == f"{user.nick}!{user.username}@{user.host}", f"the prefix of {user.nick}")
        for room in user.rooms:
            _must(user in room.members, f"{user.nick} is a member of {room.name}, in which it is")
            _must(network.rooms.get(room.key) is room, f"{room.name} is there, since {user.nick} is in it")
        _must(len(user.rooms) <= limits.ROOMS_PER_USER, f"{user.nick} is in too many rooms")
        _must(len(user.invited) <= limits.INVITES_PER_USER, f"{user.nick} has too many invitations")
    for key, room in network.rooms.items():
        _must(room.key == key == fold(room.name), f"{room.name} is kept as what it is")
        _must(bool(room.members) or room.remembered, f"{room.name} is empty and not remembered")
        for user in room.members:
            _must(room in user.rooms, f"{room.name} is a room of its member {user.nick}")
            _must(network.users.get(user.id) is user, f"{user.nick}, a member of {room.name}, is here")
        for letter in "beI":
            _must(len(room.masks(letter)) <= limits.MASKS_PER_LIST, f"too many masks in {room.name}")


def _audiences(hub: Hub) -> None:
    """Who hears a room are the sessions of its members."""
    connected: dict[object, list[Session]] = {}
    for session in hub.connections:
        if session.user is not None and not session.closing:
            connected.setdefault(session.user, []).append(session)
    alone = {user for user in hub.network.users.values() if user not in connected}
    _must(alone == set(hub.absent), "who has no session is absent")
    for user in hub.network.users.values():
        _must(bool(user.absent_since) is (user in alone), f"whether {user.nick} is absent")
        _must(user not in alone or presence.stays(hub, user), f"{user.nick} is to stay")
    _must({user: set(own) for user, own in hub.fanout.sessions.items()}
          == {user: set(own) for user, own in connected.items()},
          "the fan-out knows every session")  # fmt: skip
    for room in hub.network.rooms.values():
        expected = {session for user in room.members for session in connected.get(user, ())}
        _must(set(hub.fanout.audience(room)) == expected, f"the audience of {room.name} are its members")


def _tick_is_over(hub: Hub) -> None:
    """What lasts a tick is empty after it."""
    fanout = hub.fanout
    _must(not hub.pending and not hub.wishes, "nothing waits for a commit")
    _must(not hub.streams._ending, "no end of a stream waits to be stored")
    _must(not fanout._open and not fanout._dirty, "nothing waits to be written")
    _must(not hub.departures.closing, "no wire waits to be closed")
    for session in hub.connections:
        _must(not session.out, "nothing waits for a session")


def _bounded(hub: Hub, waited: set[Session]) -> None:
    bounds = hub.settings.bounds
    rooms = set(hub.network.rooms.values())
    _must(all(room in rooms for room in hub.fanout._audience), "the fan-out holds no room that is gone")
    addresses: dict[str, int] = {}
    for session in hub.connections:
        address = places(session.peer.address, bounds)[0]
        addresses[address] = addresses.get(address, 0) + 1
        held = len(session.held or ())
        limit = limits.BACKLOG_LINES if session in waited else bounds.flood_lines_waiting
        _must(held <= limit, f"{held} lines are held back")
        _must(len(session.framer._partial) <= limits.INPUT_BYTES, "a partial line waits within its bound")
        _must(len(session.batches) <= limits.BATCHES_PER_SESSION or session.peer.trusted, "too many batches")
        for batch in session.batches.values():
            age = hub.instant - batch.opened
            _must(age <= batch.lifetime + 6, f"a batch has been open for {age} seconds")
            if isinstance(batch, Stream):
                _must(batch.size <= limits.STREAM_BYTES, "a stream is too long")
    _must(addresses == hub.gate.by_address, "connections are counted by address")
    _must(
        all(session in hub.connections for session in hub.turns._throttled), "only the living are throttled"
    )
    _must(len(hub._owed) <= 200, f"{len(hub._owed)} ends of streams are owed")


def _seen_from_outside(session: Session, ear: Ear) -> None:
    """A client that believes what it is told knows its nick, its rooms, and who is in them."""
    user = session.user
    if user is None or not ear.nick:
        return
    _must(ear.nick == user.nick, f"{user.nick} believes to be {ear.nick}")
    real = {
        room.key: {member.key for member in room.members if may_see_member(room, user, member)}
        for room in user.rooms
    }
    _must(
        set(ear.rooms) == set(real), f"{user.nick} believes to be in {sorted(ear.rooms)}, not {sorted(real)}"
    )
    for key, members in real.items():
        seen = ear.rooms[key]
        _must(seen == members or key in ear.unseen or (key in ear.dim and seen >= members),
              f"{user.nick} sees {sorted(seen)} in {key}, and could see {sorted(members)}")  # fmt: skip


def _must(true: bool, what: str) -> None:
    if not true:
        raise Wrong(f"not true: {what}")
