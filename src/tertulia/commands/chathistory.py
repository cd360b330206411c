"""CHATHISTORY (IRCv3 chathistory): what was said, read again.

What belongs here: subcommands, selectors, and the batch around what is found. What must not: how it is
stored.
"""

from __future__ import annotations

from collections.abc import Callable

from tertulia.commands import arguments
from tertulia.commands.registry import command
from tertulia.commands.turn import NotStored, Turn
from tertulia.limits import HISTORY_BYTES, HISTORY_PAGE
from tertulia.policy.room import history_floor_ms, may_read_history
from tertulia.protocol.accounts import identity_of
from tertulia.protocol.capabilities import BATCH, EVENT_PLAYBACK
from tertulia.protocol.casemap import fold
from tertulia.protocol.history import Message, Page, conversation, fitting, id_floor, parse_msgid
from tertulia.protocol.names import is_room
from tertulia.protocol.times import milliseconds, written
from tertulia.state.room import Room

SYNTAX = "CHATHISTORY <subcommand> <target> <selector> [<selector>] <limit>"
LAST = (1 << 62) - 1


class Wrong(Exception):
    """A FAIL with its code and context."""

    def __init__(self, code: str, *context: str) -> None:
        super().__init__(code)
        self.code, self.context = code, context


class Selector:
    """`timestamp=...`, `msgid=...` or `*`: as bounds on ids that leave out what it names."""

    def __init__(self, text: str, star: bool = False) -> None:
        kind, _, value = text.partition("=")
        if text == "*" and star:
            self.after, self.before = 0, LAST
        elif kind == "msgid" and (found := parse_msgid(value)) is not None:
            self.after = self.before = found
        elif kind == "timestamp" and (at := milliseconds(value)) is not None:
            self.after, self.before = id_floor(at + 1) - 1, id_floor(at)
        elif kind in ("msgid", "timestamp", "*"):
            raise Wrong("INVALID_PARAMS", arguments.shown(text))
        else:
            raise Wrong("INVALID_MSGREFTYPE", arguments.shown(text))


@command(
    SYNTAX,
    "Read what was said: LATEST, BEFORE, AFTER, AROUND, BETWEEN, TARGETS.",
    "Lee lo que se dijo: LATEST, BEFORE, AFTER, AROUND, BETWEEN, TARGETS.",
    cost=2.0,
)
async def chathistory(turn: Turn, params: list[str]) -> None:
    subcommand = params[0].upper() if params else ""
    shown = arguments.shown(subcommand)
    number, reader = _SUBCOMMANDS.get(subcommand, (0, None))
    if reader is None or len(params) != number:
        turn.fail("CHATHISTORY", "INVALID_PARAMS", shown, syntax=SYNTAX)
        return
    try:
        reader(turn, params[1:])
    except Wrong as wrong:
        turn.fail("CHATHISTORY", wrong.code, shown, *wrong.context, syntax=SYNTAX)
    except NotStored:
        turn.fail("CHATHISTORY", "MESSAGE_ERROR", shown, arguments.shown(params[1]))


# --- subcommands ----------------------------------------------------------------------------------


def _latest(turn: Turn, params: list[str]) -> None:
    _answer(turn, params[0], after=Selector(params[1], star=True).after, limit=_limit(params[2]))


def _before(turn: Turn, params: list[str]) -> None:
    _answer(turn, params[0], before=Selector(params[1]).before, limit=_limit(params[2]))


def _after(turn: Turn, params: list[str]) -> None:
    _answer(turn, params[0], after=Selector(params[1]).after, limit=_limit(params[2]), newest=False)


def _between(turn: Turn, params: list[str]) -> None:
    """ "With respect to the limit, the returned messages MUST be counted starting from ... the first"."""
    first, second = Selector(params[1]), Selector(params[2])
    forward = first.after <= second.after
    low, high = (first, second) if forward else (second, first)
    _answer(turn, params[0], after=low.after, before=high.before, limit=_limit(params[3]), newest=not forward)


def _around(turn: Turn, params: list[str]) -> None:
    """Half before, half from the middle on; what one side lacks the other may use."""
    target, limit = params[0], _limit(params[2])
    middle = Selector(params[1]).before
    buffers, floor, events = buffers_of(turn, target), floor_of(turn, target), _events(turn)
    following = Page(buffers, max(middle - 1, floor), limit=limit, newest_first=False, events=events)
    later = turn.world.page(following) if buffers else []
    before = Page(buffers, after=floor, before=middle, limit=limit, events=events)
    earlier = turn.world.page(before) if buffers else []
    later = fitting(later, newest_first=False, room_bytes=HISTORY_BYTES // 2)
    earlier = fitting(earlier, newest_first=True, room_bytes=HISTORY_BYTES // 2)
    keep_later = max((limit + 1) // 2, limit - len(earlier))
    keep_earlier = limit - min(keep_later, len(later))
    _batch(turn, target, [*(earlier[-keep_earlier:] if keep_earlier else []), *later[:keep_later]])


def _targets(turn: Turn, params: list[str]) -> None:
    """`TARGETS <timestamp> <timestamp> <limit>`: where there was talk between the two, in either order."""
    first, second = _timestamp(params[0]), _timestamp(params[1])
    rooms = [room.buffer for room in turn.user.rooms]
    seen = turn.world.targets(
        turn.user.identity, rooms, min(first, second), max(first, second), _limit(params[2]), first > second
    )
    by_buffer = {room.buffer: room for room in turn.user.rooms}
    reference = turn.world.ids.token()
    server = turn.world.settings.name
    lines = [f":{server} BATCH +{reference} draft/chathistory-targets\r\n"]
    for target in seen:
        room = by_buffer.get(target.buffer)
        if room is not None and target.latest_ms < history_floor_ms(room, turn.user):
            continue  # all of it was before one came
        name = room.name if room is not None else target.name
        lines.append(
            f"@batch={reference} :{server} CHATHISTORY TARGETS {name} {written(target.latest_ms)}\r\n"
        )
    lines.append(f":{turn.world.settings.name} BATCH -{reference}\r\n")
    turn.add(Batch("".join(lines)))


_SUBCOMMANDS: dict[str, tuple[int, Callable[[Turn, list[str]], None]]] = {
    "LATEST": (4, _latest),
    "BEFORE": (4, _before),
    "AFTER": (4, _after),
    "AROUND": (4, _around),
    "BETWEEN": (5, _between),
    "TARGETS": (4, _targets),
}


# --- shared ---------------------------------------------------------------------------------------


def _timestamp(text: str) -> int:
    """`TARGETS` takes nothing else ("they MUST be timestamps and not msgids")."""
    kind, _, value = text.partition("=")
    at = milliseconds(value)
    if kind != "timestamp" or at is None:
        raise Wrong("INVALID_PARAMS", arguments.shown(text))
    return at


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text[:9]) == 0:
        raise Wrong("INVALID_PARAMS", arguments.shown(text))
    return min(int(text[:9]), HISTORY_PAGE)


def buffers_of(turn: Turn, target: str) -> tuple[str, ...]:
    """Where the talk with this target is kept, as far as the asker may read it; nothing for what they may
    not.
    """
    if is_room(target):
        room = turn.network.room(target)
        if room is None or not may_read_history(room, turn.user):
            raise Wrong("INVALID_TARGET", arguments.shown(target))
        return (room.buffer,)
    other = turn.network.user(target)
    owner = turn.network.accounts.named(target)
    identities = {f"~{fold(target)}"} | ({other.identity} if other is not None else set())
    identities |= {identity_of(owner)} if owner is not None else set()
    found = {conversation(turn.user.identity, identity) for identity in identities}
    if other is None and owner is None:
        found |= _with_the_gone(turn, target)
    return tuple(sorted(found))


def _with_the_gone(turn: Turn, nick: str) -> set[str]:
    """Where one's own talk is kept with somebody of this nick who has left, or whose account is deleted: by
    that name `TARGETS` tells of it, and nobody else has it now."""
    seen = turn.world.targets(turn.user.identity, (), 0, LAST, HISTORY_PAGE, True)
    return {one.buffer for one in seen if fold(one.name) == fold(nick)}


def floor_of(turn: Turn, target: str) -> int:
    """The id after which the asker may read."""
    room = turn.network.room(target) if is_room(target) else None
    floor = history_floor_ms(room, turn.user) if room is not None else 0
    return id_floor(floor) - 1 if floor else 0


def _answer(
    turn: Turn, target: str, after: int = 0, before: int = LAST, limit: int = 1, newest: bool = True
) -> None:
    buffers = buffers_of(turn, target)
    after = max(after, floor_of(turn, target))
    found = turn.world.page(Page(buffers, after, before, limit, newest, _events(turn)))
    _batch(turn, target, fitting(found, newest, HISTORY_BYTES))


def _events(turn: Turn) -> bool:
    return bool(turn.session.capabilities & EVENT_PLAYBACK)


def _batch(turn: Turn, target: str, messages: list[Message]) -> None:
    whole = [
        message for message in messages if message.state != "open"
    ]  # "While a stream is open, history leaves it out"
    turn.add(turn.world.history_entry(_canonical(turn, target), whole))


def _canonical(turn: Turn, target: str) -> str:
    """ "the canonical name of the target being queried" """
    found = turn.network.room(target) if is_room(target) else turn.network.user(target)
    if found is None:
        return arguments.shown(target)
    return found.name if isinstance(found, Room) else found.nick


class Batch:
    """A batch of the server's own lines; without the capability, the lines alone."""

    def __init__(self, text: str) -> None:
        self.text = text

    def render(self, capabilities: int) -> str:
        if capabilities & BATCH:
            return self.text
        inner = self.text.split("\r\n")[1:-2]
        return "".join(line.partition(" ")[2] + "\r\n" for line in inner)
