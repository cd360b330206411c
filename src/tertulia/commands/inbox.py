"""INBOX (tertulia.chat/inbox, docs/extensions/inbox.md): what an agent has still to deal with, claimed and
acknowledged.

What belongs here: subcommands, and which messages are events. What must not: where places are kept
(`server.inboxes`).

At least once: what is claimed and not acknowledged within the lease is given out again. At most one answer:
a message with the tag `tertulia.chat/ack` is stored together with its acknowledgement, or refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from tertulia import limits
from tertulia.commands import arguments
from tertulia.commands.chathistory import LAST
from tertulia.commands.registry import command
from tertulia.commands.turn import Refuse, Turn
from tertulia.policy.room import history_floor_ms, may_read_history
from tertulia.protocol.agents import Place, ids_of, written
from tertulia.protocol.history import Message, Page, id_floor, parse_msgid
from tertulia.protocol.meant import how_meant
from tertulia.protocol.names import is_room
from tertulia.protocol.tags import Tags, format_tags, parse_tags

SYNTAX = "INBOX CLAIM <limit> [all|meant] [<lease seconds>] | ACK <claim> [<msgids>] | RELEASE <claim>"
ACK_TAG = "tertulia.chat/ack"
HOPS_TAG = "tertulia.chat/hops"
REPLY_TAGS = ("+reply", "+draft/reply")
REACT_TAGS = ("+draft/react", "+react")


class Talk(NamedTuple):
    """A buffer that an agent follows."""

    target: str  # as it is addressed: the room, or the other one's nick
    place: Place
    floor: int  # only ids above it may be read


@command(
    SYNTAX,
    "For agents: what there is to deal with, claimed and acknowledged.",
    "Para agentes: lo que hay por atender, tomado y confirmado.",
    least=2,
    cost=2.0,
)
async def inbox(turn: Turn, params: list[str]) -> None:
    if turn.user.agent is None:
        turn.fail("INBOX", "NOT_AN_AGENT", plainly=True)
        return
    handler = _SUBCOMMANDS.get(params[0].upper())
    if handler is None:
        turn.fail("INBOX", "INVALID_PARAMS", arguments.shown(params[0]), plainly=True, syntax=SYNTAX)
        return
    handler(turn, params[1:])


# --- claiming -------------------------------------------------------------------------------------


def _claim(turn: Turn, params: list[str]) -> None:
    limit, lease = _number(params[0]), limits.LEASE_SECONDS
    words = {"all", "meant"} & set(params[1:2])
    if len(params) > 1 + len(words):
        lease = _number(params[1 + len(words)])
    if not limit > 0 or not 0 < lease <= limits.LEASE_MOST_SECONDS or len(params) > 2 + len(words):
        turn.fail("INBOX", "INVALID_PARAMS", "CLAIM", plainly=True, syntax=SYNTAX)
        return
    wants_all, left, count = "all" in words, min(limit, limits.INBOX_EVENTS), 0
    for talk in _talks(turn):
        if left <= count:
            break
        place, events = _scan(turn, talk, left - count, wants_all)
        count += len(events)
        if events:
            place = _claimed(turn, place, events, lease)
            turn.add(turn.world.inboxes.entry(talk.target, _labelled(place, events)))
        if place != talk.place:
            turn.world.inboxes.put(place)
    turn.line("INBOX", "CLAIMED", str(count), str(lease))


def _talks(turn: Turn) -> Iterator[Talk]:
    """What nobody else works on: the rooms that the agent is in, and its latest private conversations."""
    world, agent = turn.world, turn.user.agent
    assert agent is not None
    places = world.inboxes.places(agent.key)
    for room in list(turn.user.rooms):
        place = places.get(room.buffer)
        if place is None:
            place = begin(turn, room.buffer)
        if may_read_history(room, turn.user) and not _is_taken(turn, place):
            yield Talk(room.name, place, id_floor(history_floor_ms(room, turn.user)))
    if "private" in agent.rights:
        since = agent.created_at * 1000
        seen = world.targets(turn.user.identity, [], since - 1, LAST, limits.INBOX_TALKS, True)
        for one in seen:
            place = places.get(one.buffer) or Place(agent.key, one.buffer, id_floor(since))
            if id_floor(one.latest_ms + 1) > place.upto and not _is_taken(turn, place):
                yield Talk(one.name, place, 0)


def _is_taken(turn: Turn, place: Place) -> bool:
    return bool(place.claim) and turn.world.now_ms < place.until_ms


def begin(turn: Turn, buffer: str) -> Place:
    """An agent comes into a room for the first time: what was said before is no business of its. Raises
    `NotStored`: a place that was lost would be begun anew, behind what was said meanwhile."""
    agent, world = turn.user.agent, turn.world
    assert agent is not None
    place = world.inboxes.places(agent.key).get(buffer)
    if place is None:
        place = Place(agent.key, buffer, world.ids.message(world.now_ms))
        world.inboxes.begin(place)
    return place


def _scan(turn: Turn, talk: Talk, limit: int, wants_all: bool) -> tuple[Place, list[tuple[Message, str]]]:
    """The next events of a talk, and its place moved on past what is done with or is no event."""
    done, hops = set(ids_of(talk.place.done)), _most_hops(turn, talk)
    found: list[tuple[Message, str]] = []
    upto, held = max(talk.place.upto, talk.floor), False
    for message in _messages(turn, talk.place.buffer, upto):
        if message.state == "open":  # it becomes an event when it is whole
            held = True
        elif message.id not in done and (kind := _kind(turn, message, hops, wants_all)):
            if len(found) == limit:
                break
            found.append((message, kind))
            held = True
        elif not held:
            upto = message.id
    kept = [one for one in done if one > upto]
    return talk.place._replace(upto=upto, done=written(kept), claim="", claimed="", until_ms=0), found


def _messages(turn: Turn, buffer: str, after: int) -> Iterator[Message]:
    for _ in range(limits.INBOX_PAGES):
        page = turn.world.page(
            Page((buffer,), after, limit=limits.HISTORY_PAGE, newest_first=False, events=True)
        )
        yield from page
        if len(page) < limits.HISTORY_PAGE:
            return
        after = page[-1].id


def _claimed(turn: Turn, place: Place, events: list[tuple[Message, str]], lease: int) -> Place:
    return place._replace(
        claim=turn.world.ids.token(),
        claimed=written([message.id for message, _ in events]),
        until_ms=turn.world.now_ms + lease * 1000,
    )


def _labelled(place: Place, events: list[tuple[Message, str]]) -> list[Message]:
    found = []
    for message, kind in events:
        tags = format_tags({"tertulia.chat/claim": place.claim, "tertulia.chat/event": kind})
        found.append(message._replace(tags=";".join(filter(None, [message.tags, tags]))))
    return found


# --- what is an event -----------------------------------------------------------------------------


def _most_hops(turn: Turn, talk: Talk) -> int:
    """The limit of the room, if its operators have set one, else the server's."""
    keepsakes = turn.world.keepsakes
    of_room = keepsakes.hops(talk.target) if keepsakes is not None and is_room(talk.target) else 0
    return of_room or turn.world.settings.bounds.hops


def _kind(turn: Turn, message: Message, hops: int, wants_all: bool) -> str:
    """private, addressed, reply, mention, reaction, message; "" when it is none: one's own words, notices
    ("automatic replies must never be sent"), and what bots at the limit of hops say, which wakes nobody."""
    if message.kind not in ("PRIVMSG", "TAGMSG") or _is_own(turn, message):
        return ""
    tags = parse_tags(message.tags) if message.tags else {}
    if message.kind == "TAGMSG":
        return "reaction" if _is_to_us(turn, message, tags) and any(map(tags.get, REACT_TAGS)) else ""
    if _hops(tags) >= hops:
        return ""
    if message.sender is not None:
        return "private"
    meant = how_meant(message.text, turn.user.nick)
    if meant == "addressed":
        return meant
    if _is_to_us(turn, message, tags):
        return "reply"
    return meant or ("message" if wants_all else "")


def _is_own(turn: Turn, message: Message) -> bool:
    return message.account is not None and message.account == turn.user.account


def _is_to_us(turn: Turn, message: Message, tags: Tags) -> bool:
    """Whether it replies to something that the agent said."""
    number = next((parse_msgid(tags[name]) for name in REPLY_TAGS if name in tags), None)
    if number is None:
        return False
    found = turn.world.page(Page((message.buffer,), number - 1, number + 1, 1))
    return bool(found) and _is_own(turn, found[0])


def _hops(tags: Tags) -> int:
    text = tags.get(HOPS_TAG, "")
    return int(text[:4]) if text.isascii() and text.isdecimal() else 0


# --- acknowledging --------------------------------------------------------------------------------


def _ack(turn: Turn, params: list[str]) -> None:
    ids = params[1].split(",") if len(params) > 1 else None
    count = _settle(turn, params[0], ids)
    if count is None:
        turn.fail("INBOX", "STALE_CLAIM", arguments.shown(params[0]), plainly=True)
    else:
        turn.line("INBOX", "ACKED", params[0], str(count))


def check(turn: Turn) -> None:
    """What is to be said answers what was claimed, `tertulia.chat/ack=<claim>[,<msgid>...]`: raises `Refuse`
    when another may be answering it by now."""
    assert turn.tags is not None
    claim = turn.tags[ACK_TAG].partition(",")[0]
    if turn.user.agent is None or _place_of(turn, claim) is None:
        raise Refuse("ERR_STALECLAIM", arguments.shown(claim))


def settle(turn: Turn) -> None:
    """Just before it is said, so that no look into the store commits the one without the other."""
    assert turn.tags is not None
    claim, _, rest = turn.tags[ACK_TAG].partition(",")
    _settle(turn, claim, rest.split(",") if rest else None)


def _settle(turn: Turn, claim: str, names: list[str] | None) -> int | None:
    """How many events are done with; None when the claim is over."""
    place = _place_of(turn, claim)
    if place is None:
        return None
    claimed = ids_of(place.claimed)
    done = claimed if names is None else [one for one in map(parse_msgid, names) if one in claimed]
    left = [one for one in claimed if one not in done]
    kept = written([*ids_of(place.done), *(one for one in done if one is not None)])
    place = place._replace(done=kept, claimed=written(left))
    turn.world.inboxes.put(place if left else place._replace(claim="", until_ms=0))
    return len(done)


def _release(turn: Turn, params: list[str]) -> None:
    place = _place_of(turn, params[0])
    if place is None:
        turn.fail("INBOX", "STALE_CLAIM", arguments.shown(params[0]), plainly=True)
        return
    turn.world.inboxes.put(place._replace(claim="", claimed="", until_ms=0))
    turn.line("INBOX", "RELEASED", params[0])


def _place_of(turn: Turn, claim: str) -> Place | None:
    """While nobody else has claimed it, a claim outlives its lease: late is better than twice."""
    assert turn.user.agent is not None
    places = turn.world.inboxes.places(turn.user.agent.key).values()
    return next((one for one in places if one.claim and one.claim == claim), None)


def _number(text: str) -> int:
    return int(text[:6]) if text.isascii() and text.isdecimal() else 0


_SUBCOMMANDS: dict[str, Callable[[Turn, list[str]], None]] = {
    "CLAIM": _claim,
    "ACK": _ack,
    "RELEASE": _release,
}
