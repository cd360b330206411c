"""CHATHISTORY (IRCv3 chathistory): what was said, read again.

What belongs here: subcommands, selectors, and the batch around what is found. What must not: how it is
stored.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from tertulia.commands import arguments
from tertulia.commands.registry import command
from tertulia.commands.turn import NotStored, Turn
from tertulia.limits import HISTORY_PAGE
from tertulia.policy.room import may_read_history
from tertulia.protocol.history import Message, Page, conversation, id_floor, parse_msgid
from tertulia.protocol.names import is_room

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
        elif kind == "timestamp" and (at := _milliseconds(value)) is not None:
            self.after, self.before = id_floor(at + 1) - 1, id_floor(at)
        else:
            raise Wrong("INVALID_PARAMS", arguments.shown(text))


def _milliseconds(text: str) -> int | None:
    try:
        at = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return max(0, int(at.timestamp() * 1000)) if at.year >= 1970 else 0


@command(
    SYNTAX,
    "Read what was said: LATEST, BEFORE, AFTER, AROUND, BETWEEN, TARGETS.",
    "Lee lo que se dijo: LATEST, BEFORE, AFTER, AROUND, BETWEEN, TARGETS.",
    cost=2.0,
)
async def chathistory(turn: Turn, params: list[str]) -> None:
    subcommand = params[0].upper() if params else ""
    shown = arguments.shown(subcommand)
    least, reader = _SUBCOMMANDS.get(subcommand, (0, None))
    if params and reader is None:
        turn.fail("CHATHISTORY", "UNKNOWN_COMMAND", shown)
        return
    if reader is None or len(params) < least:
        turn.fail("CHATHISTORY", "NEED_MORE_PARAMS", shown, syntax=SYNTAX)
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
    """ "The returned messages MUST start from and exclude the first message selector" - this end counts."""
    first, second = Selector(params[1]), Selector(params[2])
    forward = first.after <= second.after
    low, high = (first, second) if forward else (second, first)
    _answer(turn, params[0], after=low.after, before=high.before, limit=_limit(params[3]), newest=not forward)


def _around(turn: Turn, params: list[str]) -> None:
    """Half before, half from the middle on; what one side lacks the other may use."""
    target, limit = params[0], _limit(params[2])
    middle = Selector(params[1]).before
    buffers = _buffers(turn, target)
    later = (
        turn.world.page(Page(buffers, after=middle - 1, limit=limit, newest_first=False)) if buffers else []
    )
    earlier = turn.world.page(Page(buffers, before=middle, limit=limit)) if buffers else []
    keep_later = max((limit + 1) // 2, limit - len(earlier))
    keep_earlier = limit - min(keep_later, len(later))
    _batch(turn, target, [*(earlier[-keep_earlier:] if keep_earlier else []), *later[:keep_later]])


def _targets(turn: Turn, params: list[str]) -> None:
    """`TARGETS <timestamp> <timestamp> <limit>`: where there was talk between the two, in either order."""
    if any(not text.startswith("timestamp=") for text in params[:2]):
        raise Wrong("INVALID_PARAMS", arguments.shown(params[0]))
    first, second = (_milliseconds(text.partition("=")[2]) or 0 for text in params[:2])
    rooms = [room.key for room in turn.user.rooms]
    seen = turn.world.targets(
        turn.user.identity, rooms, min(first, second), max(first, second), _limit(params[2]), first > second
    )
    names = {room.key: room.name for room in turn.user.rooms}
    reference = turn.world.ids.token()
    server = turn.world.settings.name
    lines = [f":{server} BATCH +{reference} draft/chathistory-targets\r\n"]
    for target in seen:
        name = names.get(target.buffer, target.name)
        lines.append(f"@batch={reference} :{server} CHATHISTORY TARGETS {name} {_iso(target.latest_ms)}\r\n")
    lines.append(f":{turn.world.settings.name} BATCH -{reference}\r\n")
    turn.add(Raw("".join(lines)))


_SUBCOMMANDS: dict[str, tuple[int, Callable[[Turn, list[str]], None]]] = {
    "LATEST": (4, _latest),
    "BEFORE": (4, _before),
    "AFTER": (4, _after),
    "AROUND": (4, _around),
    "BETWEEN": (5, _between),
    "TARGETS": (4, _targets),
}


# --- shared ---------------------------------------------------------------------------------------


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text[:9]) == 0:
        raise Wrong("INVALID_PARAMS", arguments.shown(text))
    return min(int(text[:9]), HISTORY_PAGE)


def _buffers(turn: Turn, target: str) -> tuple[str, ...]:
    """Where the talk with this target is kept, as far as the asker may read it; nothing for what they may
    not.
    """
    if is_room(target):
        room = turn.network.room(target)
        if room is None or not may_read_history(room, turn.user):
            raise Wrong("INVALID_TARGET", arguments.shown(target))
        return (room.key,)
    other = turn.network.user(target)
    identities = {f"~{target.lower()}"} | ({other.identity} if other is not None else set())
    return tuple(sorted(conversation(turn.user.identity, identity) for identity in identities))


def _answer(
    turn: Turn, target: str, after: int = 0, before: int = LAST, limit: int = 1, newest: bool = True
) -> None:
    buffers = _buffers(turn, target)
    _batch(turn, target, turn.world.page(Page(buffers, after, before, limit, newest)))


def _batch(turn: Turn, target: str, messages: list[Message]) -> None:
    whole = [
        message for message in messages if message.state != "open"
    ]  # "While a stream is open, history leaves it out"
    turn.add(turn.world.history_entry(target, whole))


def _iso(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms // 1000, UTC):%Y-%m-%dT%H:%M:%S}.{ms % 1000:03d}Z"


class Raw:
    """Lines that are the same for everybody, kept together as one entry."""

    def __init__(self, text: str) -> None:
        self.text = text

    def render(self, capabilities: int) -> str:
        return self.text
