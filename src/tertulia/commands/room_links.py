"""ChanServ's LINK, LINKS, UNLINK and ENTER: invitations for people who have no nick yet.

What belongs here: making, listing, taking back and following links. What must not: where they are kept
(`server.invitations`), the page that a link opens (`transports.invitation_page`).
"""

from __future__ import annotations

from datetime import UTC, datetime

from tertulia import limits
from tertulia.commands import audit, join
from tertulia.commands import room_desk as desk
from tertulia.commands.answering import Said
from tertulia.commands.arguments import shown
from tertulia.commands.turn import TooManyLinks, Turn
from tertulia.policy.room import may_change_modes, may_invite
from tertulia.protocol.casemap import fold
from tertulia.protocol.durations import seconds, written
from tertulia.protocol.invitations import Invitation, key_of
from tertulia.protocol.modes import HALF_OPERATOR
from tertulia.state.room import Room

SYNTAX = "LINK <room> [<duration>] [<uses>]"


async def link(turn: Turn, params: list[str]) -> None:
    room = desk.any_room(turn, params[0])
    if may_invite(room, turn.user) is not None:
        raise Said("not enough", room=room.name)
    lasts, uses = _terms(params[1:])
    opens = may_change_modes(room, turn.user) is None
    now, word = turn.world.now_ms // 1000, turn.world.ids.token()
    account = fold(turn.user.account or "")
    one = Invitation(
        key_of(word), room.buffer, turn.user.nick, account, int(opens), now, now + lasts, uses, 0
    )
    try:
        turn.world.invitations.make(word, one)
    except TooManyLinks:
        raise Said("too many links", limit=limits.LINKS_PER_ROOM) from None
    audit.note(turn.world, turn, "LINK", room.name, f"{one.name} {written(lasts)} {uses or '*'}")
    base = turn.world.settings.web
    if base:
        desk.answer(turn, "link", url=f"{base}/invite/{word}")
    desk.answer(turn, "link word", room=room.name, key=word, day=_day(one.expires_at), uses=_uses(turn, one))


async def links(turn: Turn, params: list[str]) -> None:
    room = desk.any_room(turn, params[0])
    found = [one for one in turn.world.invitations.of_room(room.buffer) if _may_see(turn, room, one)]
    for one in found:
        desk.answer(turn, "link listed", name=one.name, by=one.by, day=_day(one.expires_at), used=one.used,
                    uses=_uses(turn, one))  # fmt: skip
    desk.answer(turn, "links", room=room.name, count=len(found))


async def unlink(turn: Turn, params: list[str]) -> None:
    """By the name that LINKS shows, or by the word itself; `*`, `all`: every one that the asker may."""
    room, given = desk.any_room(turn, params[0]), fold(params[1])
    every = [one for one in turn.world.invitations.of_room(room.buffer) if _may_see(turn, room, one)]
    wanted = [
        one for one in every if given in ("*", "all", "todos", one.name) or one.key == key_of(params[1])
    ]
    if not wanted:
        raise Said("no link", room=room.name, link=shown(params[1]))
    for one in wanted:
        turn.world.invitations.revoke(one)
        audit.note(turn.world, turn, "UNLINK", room.name, one.name)
    desk.answer(turn, "unlinked", room=room.name, count=len(wanted))


async def enter(turn: Turn, params: list[str]) -> None:
    """Follow a link by its word alone, or by the whole address."""
    word = params[0].rpartition("/")[2]
    room = turn.world.invitations.room_of(word)
    if room is None:
        raise Said("link over")
    if turn.user in room.members:
        raise Said("in already", room=room.name)
    await join.join(turn, [room.name, word])


def _terms(words: list[str]) -> tuple[int, int]:
    """How long, in seconds, and how often (0: without end). A number without a unit is of uses."""
    lasts, uses = limits.LINK_SECONDS, 0
    for word in words:
        if word.isascii() and word.isdecimal() and len(word) < 6:
            uses = int(word)
        else:
            lasts = seconds(word) or 0
    if not 0 < lasts <= limits.LINK_MOST_SECONDS or uses > limits.LINK_USES:
        raise Said("link terms", days=limits.LINK_MOST_SECONDS // 86_400, uses=limits.LINK_USES)
    return lasts, uses


def _may_see(turn: Turn, room: Room, one: Invitation) -> bool:
    """One's own, and with a rank all of them."""
    own = turn.user.account is not None and one.account == fold(turn.user.account)
    rank = max(desk.standing(turn, room), room.members.get(turn.user, 0))
    return own or rank >= HALF_OPERATOR


def _day(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"


def _uses(turn: Turn, one: Invitation) -> str:
    return str(one.uses) if one.uses else desk.words(turn, "no end")
