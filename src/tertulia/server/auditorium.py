"""Mode u: members without a rank are an audience, and see only who has one.

What belongs here: who hears of a member's coming and going in such a room, and what is told when somebody
steps onto the stage or leaves it. What must not: the question itself (`policy.auditorium`). Rooms without the
mode never come here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, NamedTuple

from tertulia import limits
from tertulia.commands.names import names_numerics
from tertulia.commands.turn import Turn
from tertulia.policy.auditorium import may_see_audience
from tertulia.policy.operators import may
from tertulia.protocol.modes import HALF_OPERATOR, RANK_BITS, ModeChange
from tertulia.server.render import RENDER_MASK, Told
from tertulia.state.room import Room
from tertulia.state.user import User

if TYPE_CHECKING:
    from tertulia.server.hub import Hub
    from tertulia.server.session import Session


def seers(hub: Hub, room: Room) -> dict[Session, None]:
    """The sessions that see everybody in the room."""
    return {
        session: None
        for session in hub.fanout.audience(room)
        if session.user is not None and may_see_audience(room, session.user)
    }


class Steps(NamedTuple):
    """What changes of ranks mean to those who do not see everybody, and to those who do from now on."""

    came: list[User]  # who has a rank now and had none before
    went: list[User]  # the other way round
    risen: list[User]  # who may see the audience now, and did not before
    fallen: list[User]  # the other way round


def steps(hub: Hub, room: Room, changes: tuple[ModeChange, ...]) -> Steps:
    came, went, risen, fallen = found = Steps([], [], [], [])
    dims = any(one.letter == "u" for one in changes)  # everybody was seen until now
    for user, before in _ranks_before(hub, room, changes):
        now = room.members[user]
        if now and not before and not dims:
            came.append(user)
        elif before and not now and not dims:
            went.append(user)
        if now >= HALF_OPERATOR > before and not dims and not may(user, "see-rooms"):
            risen.append(user)
        elif before >= HALF_OPERATOR > now and not dims and not may(user, "see-rooms"):
            fallen.append(user)
    return found


def _ranks_before(hub: Hub, room: Room, changes: tuple[ModeChange, ...]) -> Iterator[tuple[User, int]]:
    for nick in dict.fromkeys(one.param for one in changes if one.letter in RANK_BITS and one.param):
        user = hub.network.user(nick)
        if user is None or user not in room.members:
            continue
        before = room.members[user]
        for one in reversed(changes):
            if one.param == nick and one.letter in RANK_BITS:
                bit = RANK_BITS[one.letter]
                before = before & ~bit if one.add else before | bit
        yield user, before


def tell_audience(hub: Hub, room: Room, user: User, entry: Told) -> None:
    """To those who do not see everybody: that somebody is there from now on, or no longer."""
    seeing = seers(hub, room)
    for session in list(hub.fanout.audience(room)):
        if session not in seeing and session.user is not user:
            hub.fanout.session(session, entry)


def opened(hub: Hub, room: Room, changes: tuple[ModeChange, ...]) -> None:
    """The mode was taken away: whoever did not see everybody before learns who else is there."""
    before = dict(_ranks_before(hub, room, changes))
    for user, rank in room.members.items():
        if before.get(user, rank) < HALF_OPERATOR and not may(user, "see-rooms"):
            show(hub, room, user)


def dimmed(hub: Hub, room: Room, turn: Turn | None) -> None:
    """The mode was set: whoever sees the stage alone from now on is told that the others are gone, as they
    would be of one who steps down from it. No client forgets anybody for a list of names that lacks them."""
    seeing = seers(hub, room)
    blind = [user for user in room.members if not any(one in seeing for one in hub.sessions(user))]
    hide(hub, room, blind, turn)


def hide(hub: Hub, room: Room, viewers: Collection[User], turn: Turn | None) -> None:
    """These do not see the audience any more, by what was done in `turn`. Of a larger one than
    `limits.AUDIENCE_HIDDEN` they are told nothing: it would be that many lines for each of as many."""
    audience = [user for user in room.members if room.hides(user)]
    if len(audience) > limits.AUDIENCE_HIDDEN:
        return
    parted = Parted({user: gone(hub, room, user) for user in audience})
    for viewer in viewers:
        for session in hub.fanout.sessions.get(viewer, ()):
            entry = parted.seen_by(viewer)
            if turn is not None and session is turn.session:
                turn.add(entry)  # after what else is told of it
            else:
                hub.fanout.session(session, entry)


class Parted:
    """The lines of all who are seen no more: rendered once for each set of capabilities, and given to each
    viewer without their own. Measured with 500 of them: 0.77 s of CPU with an entry for each line, 0.02 s
    so."""

    def __init__(self, lines: dict[User, Told]) -> None:
        self._lines = lines
        self._forms: dict[int, tuple[str, dict[User, tuple[int, int]]]] = {}  # text, and where each stands

    def seen_by(self, viewer: User) -> Without:
        return Without(self, viewer)

    def form(self, capabilities: int) -> tuple[str, dict[User, tuple[int, int]]]:
        found = self._forms.get(capabilities & RENDER_MASK)
        if found is None:
            texts, places, end = [], {}, 0
            for user, told in self._lines.items():
                texts.append(told.render(capabilities))
                places[user] = end, end + len(texts[-1])
                end += len(texts[-1])
            found = self._forms[capabilities & RENDER_MASK] = "".join(texts), places
        return found


class Without(NamedTuple):
    """An entry: these lines, but not one's own."""

    parted: Parted
    viewer: User

    def render(self, capabilities: int) -> str:
        text, places = self.parted.form(capabilities)
        begin, end = places.get(self.viewer, (0, 0))
        return text[:begin] + text[end:]


def gone(hub: Hub, room: Room, user: User) -> Told:
    """That somebody is seen no more."""
    return Told(hub.now_ms, (0, f":{user.prefix} PART {room.name}"), by=user)


def show(hub: Hub, room: Room, user: User) -> None:
    """Somebody sees everybody from now on."""
    for session in hub.fanout.sessions.get(user, ()):
        showing = hub.turn(session)
        names_numerics(showing, room)
        hub.answer(showing)


def show_all(hub: Hub, user: User) -> None:
    """Somebody is an operator of the server from now on, which may mean to see everybody everywhere."""
    for room in user.rooms if may(user, "see-rooms") else ():
        if "u" in room.flags and room.members[user] < HALF_OPERATOR:
            show(hub, room, user)
