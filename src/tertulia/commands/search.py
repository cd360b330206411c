"""SEARCH (soju.im/search): what was said with these words, among what the asker may read.

What belongs here: what is asked for, where one may look, and the answer, also in plain words for old clients.
What must not: how it is found (the store).
"""

from __future__ import annotations

from datetime import UTC, datetime

from tertulia import limits
from tertulia.commands import arguments
from tertulia.commands.chathistory import Wrong, buffers_of
from tertulia.commands.registry import command
from tertulia.commands.turn import NotStored, Turn
from tertulia.policy.room import history_floor_ms, may_read_history
from tertulia.protocol.capabilities import SEARCH
from tertulia.protocol.casemap import fold
from tertulia.protocol.history import Message, Search, id_floor
from tertulia.protocol.names import is_room
from tertulia.protocol.tags import parse_tags
from tertulia.protocol.text import one_line
from tertulia.protocol.times import milliseconds
from tertulia.protocol.words import asked_for
from tertulia.state.user import User

SYNTAX = "SEARCH <attributes> | SEARCH [<target>] <words>"
BATCH_TYPE = "soju.im/search"
KNOWN = frozenset({"in", "from", "after", "before", "text", "limit"})
PLAIN_BYTES = 300  # of a line in plain words: with the server's and the reader's names it fits


@command(
    SYNTAX,
    "Find what was said: text=, in=, from=, after=, before=, limit=; or a room and words.",
    "Busca lo que se dijo: text=, in=, from=, after=, before=, limit=; o una sala y palabras.",
    least=1,
    cost=4.0,
)
async def search(turn: Turn, params: list[str]) -> None:
    plainly = not turn.session.capabilities & SEARCH
    try:
        wanted = _plain_words(params) if plainly else None
        asked = _asked(turn, wanted if wanted is not None else _attributes(params))
    except Wrong as wrong:
        turn.fail("SEARCH", wrong.code, *wrong.context, plainly=plainly, syntax=SYNTAX)
        return
    try:
        found = await turn.world.search(asked)
    except NotStored:
        turn.fail("SEARCH", "INTERNAL_ERROR", plainly=plainly)
        return
    if turn.user not in turn.network.users.values() or not _still_readable(turn, asked):
        return  # who left a room while the search went on is not told what stands there
    found = [one for one in found if one.time_ms >= _floor_ms(turn, one)]
    if plainly:
        _tell(turn, found)
    else:
        turn.add(turn.world.history_entry("", found, BATCH_TYPE))


def _attributes(params: list[str]) -> dict[str, str]:
    """ "Servers MUST recognise the following attributes"; one that is none of them would be a search that
    finds too much."""
    given = parse_tags(" ".join(params))
    for name in given:
        if name not in KNOWN:
            raise Wrong("INVALID_PARAMS", arguments.shown(name))
    return given


def _plain_words(params: list[str]) -> dict[str, str] | None:
    """What somebody types by hand; None when it is attributes after all."""
    first, *rest = params
    if first.partition("=")[0] in KNOWN and "=" in first:
        return None
    given = {"text": " ".join(rest if is_room(first) else params), "limit": str(limits.SEARCH_LINES)}
    return given | {"in": first} if is_room(first) else given


def _asked(turn: Turn, given: dict[str, str]) -> Search:
    """The search, within what the asker may read. Raises `Wrong`."""
    phrases = asked_for(given.get("text", ""))
    if given.get("text") and not phrases:
        raise Wrong("INVALID_PARAMS", "text")
    target = given.get("in", "")
    try:
        buffers = buffers_of(turn, target) if target else tuple(room.buffer for room in turn.user.rooms)
    except Wrong:
        raise Wrong("INVALID_PARAMS", "in") from None
    after, before = _time(given, "after"), _time(given, "before")
    return Search(
        buffers,
        "" if target else turn.user.identity,
        phrases,
        fold(given.get("from", "")),
        id_floor(after) - 1 if after is not None else 0,
        id_floor(before + 1) if before is not None else 1 << 62,
        _limit(given.get("limit", str(limits.SEARCH_RESULTS))),
        after is None,
        _floors(turn.user),
    )


def _floors(user: User) -> dict[str, int]:
    """Of the rooms in which one reads only a part: where it begins."""
    floors = ((room.buffer, history_floor_ms(room, user)) for room in user.rooms)
    return {buffer: id_floor(floor) - 1 for buffer, floor in floors if floor}


def _still_readable(turn: Turn, asked: Search) -> bool:
    """Of what was readable when the search began: the rooms' doors may have closed while it went on."""
    rooms = (turn.network.room_of_buffer(buffer) for buffer in asked.buffers if is_room(buffer))
    return all(room is not None and may_read_history(room, turn.user) for room in rooms)


def _floor_ms(turn: Turn, message: Message) -> int:
    """Who left and came again while the search went on reads less than when it began."""
    room = turn.network.room_of_buffer(message.buffer.lstrip("~&@%+"))
    return history_floor_ms(room, turn.user) if room is not None else 0


def _time(given: dict[str, str], name: str) -> int | None:
    if not given.get(name):
        return None
    at = milliseconds(given[name])
    if at is None:
        raise Wrong("INVALID_PARAMS", name)
    return at


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text[:9]) == 0:
        raise Wrong("INVALID_PARAMS", "limit")
    return min(int(text[:9]), limits.SEARCH_RESULTS)


def _tell(turn: Turn, found: list[Message]) -> None:
    """A line for each, oldest first, and how many there are."""
    for message in found:
        at = datetime.fromtimestamp(message.time_ms // 1000, UTC)
        nick = message.source.partition("!")[0]
        text = message.text.replace("\x01ACTION", "*").replace("\x01", "")
        line = one_line(f"[{at:%Y-%m-%d %H:%M}] {message.target} <{nick}> {text}", PLAIN_BYTES, PLAIN_BYTES)
        turn.line("NOTICE", turn.me, text=line)
    turn.line("NOTICE", turn.me, text=turn.words_of("SEARCH_DONE", count=len(found)))
