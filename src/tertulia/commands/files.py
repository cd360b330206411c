"""FILES: what was handed in: one's own, or a room's; and deleting it.

What belongs here: the command, for clients of any age. What must not: handing in (`transports.files`), disks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from tertulia.commands import arguments
from tertulia.commands.registry import command
from tertulia.commands.turn import Turn
from tertulia.limits import FILES_LISTED
from tertulia.policy.operators import may
from tertulia.policy.room import history_floor_ms, may_redact
from tertulia.ports import FileRefused, Files
from tertulia.protocol.files import FileRecord
from tertulia.protocol.reasons import STORE_REASONS


@command(
    "FILES LIST [<room>]|DELETE <link>|USED",
    "The files that you or the members of a room have handed in: list, delete, how much.",
    "Los archivos que has dejado tú o los de una sala: listar, borrar, cuánto ocupan.",
    least=1,
    cost=3.0,
)
async def files(turn: Turn, params: list[str]) -> None:
    desk, handler = turn.world.files, _SUBCOMMANDS.get(params[0].upper())
    if desk is None:
        turn.fail("FILES", "NO_FILES", plainly=True)
    elif handler is None or (handler is _delete and len(params) < 2):
        turn.fail("FILES", "INVALID_PARAMS", syntax="FILES LIST|DELETE|USED", plainly=True)
    else:
        try:
            handler(turn, desk, params[1:])
        except FileRefused:
            english, spanish = STORE_REASONS["failed"]
            reason = spanish if turn.session.language == "es" else english
            turn.fail("FILES", "NOT_STORED", plainly=True, reason=reason)


def _list(turn: Turn, desk: Files, params: Sequence[str]) -> None:
    room = arguments.own_room(turn, params[0]) if params else None
    owner = turn.user.identity if room is None else None
    found = desk.newest(owner, room.buffer if room is not None else None, FILES_LISTED)
    if room is not None:
        floor_ms = history_floor_ms(room, turn.user)
        found = [record for record in found if record.made_at * 1000 >= floor_ms]
    for record in found:
        turn.note("FILES", "FILE", desk.link(record), **_shown(record))
    turn.note("FILES", "FILES_END", "*", count=len(found), most=FILES_LISTED)


def _delete(turn: Turn, desk: Files, params: Sequence[str]) -> None:
    record = _named(turn, desk, params[0])
    if record is None:
        turn.fail("FILES", "UNKNOWN_FILE", arguments.shown(params[0]), plainly=True)
        return
    desk.remove(record)
    turn.note("FILES", "FILE_DELETED", "*", name=record.name)


def _named(turn: Turn, desk: Files, link: str) -> FileRecord | None:
    """The file of this link or key, where the asker may delete it: its owner, who keeps order in its room,
    or who keeps it in the whole server."""
    parts = link.rstrip("/").split("/")
    keys = [part for part in parts[-2:] if part]
    for key in keys:
        try:
            record, _ = desk.find(key)
        except FileRefused:
            continue
        room = turn.network.room_of_buffer(record.room) if record.room else None
        keeper = room is not None and may_redact(room, turn.user) is None
        if record.owner == turn.user.identity or keeper or may(turn.user, "override"):
            return record
    return None


def _used(turn: Turn, desk: Files, params: Sequence[str]) -> None:
    use = desk.use(turn.user.identity)
    quota = turn.world.settings.files.quota_bytes
    turn.note("FILES", "FILES_USED", "*", count=use.number, size=use.size, quota=quota)


def _shown(record: FileRecord) -> dict[str, object]:
    until = datetime.fromtimestamp(record.expires_at, UTC) if record.expires_at else None
    return {
        "name": record.name,
        "size": record.size,
        "type": record.type,
        "owner": record.account or "*",
        "until": f"{until:%Y-%m-%d}" if until is not None else "–",
    }


_SUBCOMMANDS: dict[str, Callable[[Turn, Files, Sequence[str]], None]] = {
    "LIST": _list,
    "DELETE": _delete,
    "USED": _used,
}
