"""METADATA (draft/metadata-2, draft/metadata-3): keys and values on users and rooms.

What belongs here: subcommands, who may set what, replies. What must not: telling others (`server.metadata`).
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from tertulia import limits
from tertulia.commands import arguments
from tertulia.commands.registry import command
from tertulia.commands.turn import Refuse, Turn
from tertulia.policy.room import may_change_modes, may_see
from tertulia.protocol.capabilities import BATCH, METADATA
from tertulia.protocol.metadata import is_value, key_of
from tertulia.protocol.names import is_room
from tertulia.protocol.text import packed
from tertulia.state.room import Room
from tertulia.state.user import User

SYNTAX = "METADATA <target> <subcommand> [<parameters>]"
ANY = "*"  # visible to everyone
Subcommand = Callable[[Turn, User | Room, list[str]], Coroutine[Any, Any, None]]


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
    if listed is not None:
        listed(turn, rest)
        return
    if turn.session.user is None:
        raise Refuse("ERR_NOTREGISTERED")
    subcommand = _SUBCOMMANDS.get(name.upper())
    if subcommand is None:
        turn.fail("METADATA", "INVALID_SUBCOMMAND", arguments.shown(name.upper()))
        return
    found = _target(turn, target)
    if found is None:
        turn.fail("METADATA", "INVALID_TARGET", arguments.shown(target))
        return
    await subcommand(turn, found, rest)


def _target(turn: Turn, name: str) -> User | Room | None:
    if name == "*":
        return turn.user
    if not is_room(name):
        return turn.network.user(name)
    room = turn.network.room(name)
    return room if room is not None and may_see(room, turn.user) else None


def _name(target: User | Room) -> str:
    return target.name if isinstance(target, Room) else target.nick


# --- values -------------------------------------------------------------------------------------------------


async def _get(turn: Turn, target: User | Room, keys: list[str]) -> None:
    """ "for every key in order" """
    values = turn.world.metadata.of(target)
    with_batch = _Batch(turn)
    for text in keys[: limits.METADATA_SUBSCRIPTIONS]:
        key = key_of(text)
        if key is None:
            turn.fail("METADATA", "KEY_INVALID", arguments.shown(text))
        elif key in values:
            turn.numeric("RPL_KEYVALUE", _name(target), key, ANY, values[key])
        else:
            turn.numeric("RPL_KEYNOTSET", _name(target), key)
    with_batch.close()


async def _list(turn: Turn, target: User | Room, _: list[str]) -> None:
    with_batch = _Batch(turn)
    for key, value in turn.world.metadata.of(target).items():
        turn.numeric("RPL_KEYVALUE", _name(target), key, ANY, value)
    with_batch.close()


async def _set(turn: Turn, target: User | Room, params: list[str]) -> None:
    key, shown = key_of(params[0]) if params else None, arguments.shown(params[0]) if params else "*"
    if key is None:
        turn.fail("METADATA", "KEY_INVALID", shown)
        return
    if not _may_set(turn, target):
        turn.fail("METADATA", "KEY_NO_PERMISSION", _name(target), key)
        return
    value = params[1] if len(params) > 1 else ""
    if value and not is_value(key, value):
        turn.fail("METADATA", "VALUE_INVALID")
        return
    values = turn.world.metadata.of(target)
    if not value and key not in values:
        turn.fail("METADATA", "KEY_NOT_SET", _name(target), key)
        return
    if key not in values and len(values) >= limits.METADATA_KEYS:
        turn.fail("METADATA", "LIMIT_REACHED", _name(target))
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


async def _clear(turn: Turn, target: User | Room, _: list[str]) -> None:
    if not _may_set(turn, target):
        turn.fail("METADATA", "KEY_NO_PERMISSION", _name(target), "*")
        return
    with_batch = _Batch(turn)
    before = turn.world.metadata.of(target)
    if before:
        await _change(turn, target, {}, dict.fromkeys(before, ""))
    with_batch.close()


async def _change(turn: Turn, target: User | Room, values: dict[str, str], changed: dict[str, str]) -> None:
    await turn.world.metadata.change(turn, target, values)
    for key, value in changed.items():
        if value:
            turn.numeric("RPL_KEYVALUE", _name(target), key, ANY, value)
        else:
            turn.numeric("RPL_KEYNOTSET", _name(target), key)
        turn.world.tell_metadata(turn, target, key, value)


def _may_set(turn: Turn, target: User | Room) -> bool:
    """One's own, and those of a room that one keeps in order."""
    if isinstance(target, Room):
        return may_change_modes(target, turn.user) is None
    return target is turn.user


async def _sync(turn: Turn, target: User | Room, _: list[str]) -> None:
    with_batch = _Batch(turn)
    turn.world.sync_metadata(turn, target)
    with_batch.close()


# --- subscriptions ------------------------------------------------------------------------------------------


def _sub(turn: Turn, keys: list[str]) -> None:
    """ "The server MUST process each key in order" """
    taken: list[str] = []
    full = ""
    for text in keys:
        key = key_of(text)
        if key is None:
            turn.fail("METADATA", "KEY_INVALID", arguments.shown(text))
        elif not turn.world.metadata.subscribe(turn.session, key):
            full = key
            break
        else:
            taken.append(key)
    _told(turn, "RPL_METADATASUBOK", taken)
    if full:
        turn.fail("METADATA", "TOO_MANY_SUBS", full)


def _unsub(turn: Turn, keys: list[str]) -> None:
    gone: list[str] = []
    for text in keys:
        key = key_of(text)
        if key is None:
            turn.fail("METADATA", "KEY_INVALID", arguments.shown(text))
            continue
        turn.world.metadata.unsubscribe(turn.session, key)
        gone.append(key)
    _told(turn, "RPL_METADATAUNSUBOK", gone)


def _subs(turn: Turn, _: list[str]) -> None:
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


class _Batch:
    """What is said between its making and `close` becomes one `metadata` batch, where batches are known."""

    def __init__(self, turn: Turn) -> None:
        self._turn, self._start = turn, len(turn.items)

    def close(self) -> None:
        turn = self._turn
        if not turn.session.capabilities & BATCH or not turn.session.capabilities & METADATA:
            return
        reference = turn.world.ids.token()
        inner = turn.items[self._start :]
        turn.items[self._start :] = [f":{turn.world.settings.name} BATCH +{reference} metadata\r\n"]
        turn.items += [f"@batch={reference} {item}" for item in inner]
        turn.line("BATCH", f"-{reference}")
