"""METADATA (draft/metadata-2, draft/metadata-3): keys and values on users and rooms.

What belongs here: subcommands, who may set what, replies. What must not: telling others (`server.metadata`).
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from tertulia import limits
from tertulia.commands import arguments
from tertulia.commands.metadata_batch import ALL, InBatch
from tertulia.commands.metadata_lists import Newcomer, Target
from tertulia.commands.registry import command
from tertulia.commands.turn import NotStored, Refuse, Turn
from tertulia.policy.room import may_change_modes, may_see
from tertulia.protocol.capabilities import BATCH, METADATA, METADATA_3
from tertulia.protocol.casemap import fold
from tertulia.protocol.metadata import is_value, key_of
from tertulia.protocol.names import is_room
from tertulia.protocol.reasons import STORE_REASONS
from tertulia.protocol.text import packed
from tertulia.state.network import Conflict
from tertulia.state.room import Room

SYNTAX = "METADATA <target> <subcommand> [<parameters>]"
ANY = "*"  # visible to everyone
Subcommand = Callable[[Turn, Target, list[str]], Coroutine[Any, Any, None]]


@command(
    SYNTAX,
    "Facts about people and rooms: GET, LIST, SET, CLEAR, SUB, UNSUB, SUBS, SYNC.",
    "Datos de personas y salas: GET, LIST, SET, CLEAR, SUB, UNSUB, SUBS, SYNC.",
    least=2,
    cost=2.0,
    before=True,
)
async def metadata(turn: Turn, params: list[str]) -> None:
    target, name, *rest = params
    listed = _LISTS.get(name.upper())
    subcommand = _SUBCOMMANDS.get(name.upper())
    if listed is not None:
        if target != "*" and fold(target) != fold(turn.me):
            turn.fail("METADATA", "INVALID_TARGET", arguments.shown(target))
            return
        listed(turn, rest)
    elif subcommand is None:
        _fail(turn, "INVALID_SUBCOMMAND", arguments.shown(name.upper()), syntax=SYNTAX)
    elif target == ALL and subcommand is _sync and turn.session.user is not None:
        with InBatch(turn, ALL):
            turn.world.sync_metadata(turn, None)
    elif (found := _target(turn, target)) is None:
        turn.fail("METADATA", "INVALID_TARGET", arguments.shown(target))
    else:
        await subcommand(turn, found, rest)


def _target(turn: Turn, name: str) -> Target | None:
    """ "before-connect: ... the server supports METADATA commands during connection registration": for
    oneself."""
    if turn.session.user is None:
        if name != "*" and fold(name) != fold(turn.me):
            raise Refuse("ERR_NOTREGISTERED")
        return Newcomer(turn.session)
    if name == "*":
        return turn.user
    if not is_room(name):
        return turn.network.user(name)
    room = turn.network.room(name)
    return room if room is not None and may_see(room, turn.user) else None


def _name(target: Target) -> str:
    if isinstance(target, Newcomer):
        return "*"
    return target.name if isinstance(target, Room) else target.nick


_NEWER = {
    "KEY_INVALID": "INVALID_KEY", "VALUE_INVALID": "INVALID_VALUE", "INVALID_SUBCOMMAND": "INVALID_PARAMS",
    "TOO_MANY_SUBS": "LIMIT_REACHED",
}  # fmt: skip
"""Codes of draft/metadata-2, and what draft/metadata-3 calls them."""


def _fail(turn: Turn, code: str, *context: str, command: str = "FAIL", **fields: object) -> None:
    """A standard reply in the words of the draft that the client speaks. `command`: how bad the newer draft
    finds it ("WARN METADATA INVALID_KEY")."""
    if not turn.session.capabilities & METADATA_3:
        command = "FAIL"
    else:
        code = _NEWER.get(code, code)
    turn.line(command, "METADATA", code, *context, text=turn.words_of(code, **fields))


# --- on entering --------------------------------------------------------------------------------------------


async def settle(turn: Turn) -> None:
    """What was set before registration holds from now on. Entering does not fail with it."""
    try:
        await turn.world.metadata.settle(turn)
    except (NotStored, Conflict) as failure:
        english, spanish = STORE_REASONS[failure.code if isinstance(failure, NotStored) else "failed"]
        turn.fail("METADATA", "NOT_STORED", reason=spanish if turn.session.language == "es" else english)


def at_the_start(turn: Turn) -> None:
    """ "servers MUST send clients a list of their current metadata ... in a `metadata` batch with their own
    nick as target as part of the registration burst, i.e. before `RPL_ENDOFMOTD`"."""
    if turn.session.capabilities & METADATA and turn.session.capabilities & BATCH:
        _told_values(turn, turn.user)


def _told_values(turn: Turn, target: Target) -> None:
    with InBatch(turn, _name(target)):
        for key, value in turn.world.metadata.of(target).items():
            turn.numeric("RPL_KEYVALUE", _name(target), key, ANY, value)


# --- values -------------------------------------------------------------------------------------------------


async def _get(turn: Turn, target: Target, keys: list[str]) -> None:
    """ "for every key in order" """
    values = turn.world.metadata.of(target)
    with InBatch(turn, _name(target)):
        for text in keys[: limits.METADATA_SUBSCRIPTIONS]:
            key = key_of(text)
            if key is None:
                _fail(turn, "KEY_INVALID", arguments.shown(text), command="WARN")
            elif key in values:
                turn.numeric("RPL_KEYVALUE", _name(target), key, ANY, values[key])
            else:
                turn.numeric("RPL_KEYNOTSET", _name(target), key)


async def _list(turn: Turn, target: Target, _: list[str]) -> None:
    _told_values(turn, target)


async def _set(turn: Turn, target: Target, params: list[str]) -> None:
    key, shown = key_of(params[0]) if params else None, arguments.shown(params[0]) if params else "*"
    if key is None:
        _fail(turn, "KEY_INVALID", shown)
        return
    if not _may_set(turn, target):
        turn.fail("METADATA", "KEY_NO_PERMISSION", _name(target), key)
        return
    value = params[1] if len(params) > 1 else ""
    if value and not is_value(key, value):
        _fail(turn, "VALUE_INVALID", *([key] if turn.session.capabilities & METADATA_3 else []))
        return
    values = turn.world.metadata.of(target)
    if not value and key not in values:
        _was_not_set(turn, target, key)
        return
    if key not in values and len(values) >= limits.METADATA_KEYS:
        turn.fail("METADATA", "LIMIT_REACHED", _name(target), str(limits.METADATA_KEYS))
        return
    wait = turn.world.metadata.may_change(turn.session, turn.world.instant)
    if wait:
        turn.fail("METADATA", "RATE_LIMITED", _name(target), key, str(wait), seconds=wait)
        return
    if value:
        values[key] = value
    else:
        del values[key]
    await _change(turn, target, values, {key: value})


def _was_not_set(turn: Turn, target: Target, key: str) -> None:
    """ "It is not an error if a client attempts to ... remove a nonexistent key": in the newer draft."""
    if turn.session.capabilities & METADATA_3:
        turn.numeric("RPL_KEYNOTSET", _name(target), key)
    else:
        turn.fail("METADATA", "KEY_NOT_SET", _name(target), key)


async def _clear(turn: Turn, target: Target, _: list[str]) -> None:
    if not _may_set(turn, target):
        turn.fail("METADATA", "KEY_NO_PERMISSION", _name(target), "*")
        return
    before = turn.world.metadata.of(target)
    with InBatch(turn, _name(target)):
        if before:
            await _change(turn, target, {}, dict.fromkeys(before, ""))


async def _change(turn: Turn, target: Target, values: dict[str, str], changed: dict[str, str]) -> None:
    await turn.world.metadata.change(turn, target, values)
    for key, value in changed.items():
        if value:
            turn.numeric("RPL_KEYVALUE", _name(target), key, ANY, value)
        else:
            turn.numeric("RPL_KEYNOTSET", _name(target), key)
        if not isinstance(target, Newcomer):
            turn.world.tell_metadata(turn, target, key, value)


def _may_set(turn: Turn, target: Target) -> bool:
    """One's own, and those of a room that one keeps in order."""
    if isinstance(target, Newcomer):
        return True
    if isinstance(target, Room):
        return may_change_modes(target, turn.user) is None
    return target is turn.user


async def _sync(turn: Turn, target: Target, _: list[str]) -> None:
    if isinstance(target, Newcomer):
        raise Refuse("ERR_NOTREGISTERED")
    with InBatch(turn, _name(target)):
        turn.world.sync_metadata(turn, target)


# --- subscriptions ------------------------------------------------------------------------------------------


def _sub(turn: Turn, keys: list[str]) -> None:
    """ "The server MUST process each key in order" """
    before = set(turn.world.metadata.wanted(turn.session))
    taken: list[str] = []
    full = ""
    for text in keys:
        key = key_of(text)
        if key is None:
            _fail(turn, "KEY_INVALID", arguments.shown(text), command="WARN")
        elif not turn.world.metadata.subscribe(turn.session, key):
            full = key
            break
        else:
            taken.append(key)
    _told(turn, "RPL_METADATASUBOK", taken)
    if full:
        newer = bool(turn.session.capabilities & METADATA_3)
        _fail(turn, "TOO_MANY_SUBS", full, *([str(limits.METADATA_SUBSCRIPTIONS)] if newer else []))
    _values_of(turn, [key for key in dict.fromkeys(taken) if key not in before])


def _values_of(turn: Turn, keys: list[str]) -> None:
    """ "if the client has completed connection registration and has added new subscriptions", what is there
    "for all visible targets"; of those with much around them, later."""
    if not keys or turn.session.user is None or not turn.session.capabilities & METADATA:
        return
    if sum(len(room.members) for room in turn.user.rooms) > limits.METADATA_SYNC_MEMBERS:
        turn.numeric("RPL_METADATASYNCLATER", ALL, str(limits.METADATA_SYNC_SECONDS))
        return
    with InBatch(turn, ALL, unless_empty=not turn.session.capabilities & METADATA_3):
        turn.world.sync_metadata(turn, None, keys)


def _unsub(turn: Turn, keys: list[str]) -> None:
    gone: list[str] = []
    for text in keys:
        key = key_of(text)
        if key is None:
            _fail(turn, "KEY_INVALID", arguments.shown(text), command="WARN")
            continue
        turn.world.metadata.unsubscribe(turn.session, key)
        gone.append(key)
    _told(turn, "RPL_METADATAUNSUBOK", gone)


def _subs(turn: Turn, _: list[str]) -> None:
    with InBatch(turn, kind="metadata-subs", unless_empty=not turn.session.capabilities & METADATA_3):
        _told(turn, "RPL_METADATASUBS", list(turn.world.metadata.wanted(turn.session)))


def _told(turn: Turn, numeric: str, keys: list[str]) -> None:
    head = f":{turn.world.settings.name} 770 {turn.me} :\r\n"
    for text in packed(keys, limits.LINE_BYTES - len(head.encode())):
        turn.numeric(numeric, text)


_LISTS: dict[str, Callable[[Turn, list[str]], None]] = {"SUB": _sub, "UNSUB": _unsub, "SUBS": _subs}
_SUBCOMMANDS: dict[str, Subcommand] = {
    "GET": _get,
    "LIST": _list,
    "SET": _set,
    "CLEAR": _clear,
    "SYNC": _sync,
}
