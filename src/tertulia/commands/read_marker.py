"""MARKREAD (IRCv3 read-marker): how far somebody has read, the same on all their devices.

What belongs here: the command and its line. What must not: where marks are kept (`server.marks`).
"""

from __future__ import annotations

from tertulia.commands import arguments
from tertulia.commands.registry import command
from tertulia.commands.turn import NotStored, Turn
from tertulia.protocol.capabilities import READ_MARKER
from tertulia.protocol.casemap import fold
from tertulia.protocol.names import is_room, valid_nick, valid_room
from tertulia.protocol.times import milliseconds, written
from tertulia.state.room import Room

SYNTAX = "MARKREAD <target> [timestamp=<time>]"


@command(SYNTAX, "Say or ask how far you have read.", "Di o pregunta hasta dónde has leído.", cost=0.5)
async def markread(turn: Turn, params: list[str]) -> None:
    if not params or not params[0]:
        turn.fail("MARKREAD", "NEED_MORE_PARAMS", syntax=SYNTAX)
        return
    target = params[0]
    if not (valid_room(target) if is_room(target) else valid_nick(target)):
        turn.fail("MARKREAD", "INVALID_PARAMS", arguments.shown(target), syntax=SYNTAX)
        return
    try:
        if len(params) > 1:
            _set(turn, target, params[1])
        else:
            _tell(turn, target)
    except NotStored:
        turn.fail("MARKREAD", "INTERNAL_ERROR", target)


def _set(turn: Turn, target: str, given: str) -> None:
    """ "it can clamp it between the last read timestamp and the current time, and broadcast the new value to
    all clients if it was changed"."""
    kind, _, value = given.partition("=")
    at = milliseconds(value)
    if kind != "timestamp" or at is None:
        turn.fail("MARKREAD", "INVALID_PARAMS", arguments.shown(given), syntax=SYNTAX)
        return
    world = turn.world
    if world.marks.set(turn.user, fold(target), min(at, world.now_ms)):
        for other in world.sessions_of_account(turn.user):
            if other is not turn.session and other.capabilities & READ_MARKER:
                telling = world.turn(other)
                _tell(telling, target)
                world.answer(telling)
        world.pushes.read(turn.user, target, world.marks.until(turn.user, fold(target)))
    _tell(turn, target)


def _tell(turn: Turn, target: str) -> None:
    at = turn.world.marks.until(turn.user, fold(target))
    turn.line("MARKREAD", target, f"timestamp={written(at)}" if at else "*")


def after_join(turn: Turn, room: Room) -> None:
    """ "after the server sends a server `JOIN` command to the client ... the server MUST send a `MARKREAD`
    command for that channel ... before the `RPL_ENDOFNAMES`"."""
    if turn.session.capabilities & READ_MARKER:
        try:
            _tell(turn, room.name)
        except NotStored:
            turn.fail("MARKREAD", "INTERNAL_ERROR", room.name)
