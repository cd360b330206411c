"""MONITOR: being told when somebody comes or goes, without asking (IRCv3 monitor).

What belongs here: the lists of who watches whom, and the command. What must not: when they are told
(`server.announce`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from tertulia.commands.metadata_batch import InBatch
from tertulia.commands.registry import command
from tertulia.commands.turn import Session, Turn
from tertulia.limits import LINE_BYTES, MONITOR_TARGETS
from tertulia.protocol.capabilities import EXTENDED_MONITOR, METADATA_3
from tertulia.protocol.casemap import fold
from tertulia.protocol.names import valid_nick
from tertulia.protocol.numerics import NUMERICS
from tertulia.protocol.text import packed


class Watchers:
    """Who watches which nick. Sessions watch, not users: each device has its own list."""

    __slots__ = ("_of", "_watched")

    def __init__(self) -> None:
        self._watched: dict[Session, dict[str, str]] = {}  # to the folded nick, and as it was typed
        self._of: dict[str, dict[Session, None]] = {}

    def of(self, key: str) -> Iterable[Session]:
        """Who watches the folded nick."""
        return tuple(self._of.get(key, ()))

    def watched(self, session: Session) -> dict[str, str]:
        """What a session watches: folded nicks, and each as it was typed."""
        return self._watched.get(session, {})

    def add(self, session: Session, nick: str) -> bool:
        """Whether it is watched now; False when the list is full."""
        mine = self._watched.setdefault(session, {})
        if fold(nick) not in mine and len(mine) >= MONITOR_TARGETS:
            return False
        mine.setdefault(fold(nick), nick)
        self._of.setdefault(fold(nick), {})[session] = None
        return True

    def remove(self, session: Session, nick: str) -> None:
        mine, key = self._watched.get(session), fold(nick)
        if mine is None or mine.pop(key, None) is None:
            return
        del self._of[key][session]
        if not self._of[key]:
            del self._of[key]
        if not mine:
            del self._watched[session]

    def forget(self, session: Session) -> None:
        """All that a session watches: it asked, or it is gone."""
        for key in list(self._watched.get(session, ())):
            self.remove(session, key)
        self._watched.pop(session, None)


@command(
    "MONITOR <+|-|C|L|S> [<nick>{,<nick>}]",
    "Be told when somebody comes or goes: add, remove, clear, list, status.",
    "Entérate de quién llega o se va: añadir, quitar, vaciar, listar, estado.",
    least=1,
)
async def monitor(turn: Turn, params: list[str]) -> None:
    handler = _SUBCOMMANDS.get(params[0].upper())
    if handler is not None:
        handler(turn, params[1].split(",") if len(params) > 1 else [])


def _add(turn: Turn, nicks: list[str]) -> None:
    """ "If any of the targets being added are online, the server will generate RPL_MONONLINE numerics"."""
    watchers, added = turn.world.watchers, []
    for at, nick in enumerate(nicks):
        if not valid_nick(nick):  # "MUST be a valid nick"; masks are how strangers would be followed
            continue
        if not watchers.add(turn.session, nick):
            _full(turn, [nick for nick in nicks[at:] if nick])
            break
        added.append(nick)
    _presence(turn, added)


def _remove(turn: Turn, nicks: list[str]) -> None:
    for nick in nicks:
        turn.world.watchers.remove(turn.session, nick)


def _clear(turn: Turn, nicks: list[str]) -> None:
    turn.world.watchers.forget(turn.session)


def _list(turn: Turn, nicks: list[str]) -> None:
    _several(turn, "RPL_MONLIST", turn.world.watchers.watched(turn.session).values())
    turn.numeric("RPL_ENDOFMONLIST")


def _status(turn: Turn, nicks: list[str]) -> None:
    _presence(turn, turn.world.watchers.watched(turn.session).values())


def _presence(turn: Turn, nicks: Collection[str]) -> None:
    online, offline = [], []
    for nick in nicks:
        user = turn.network.user(nick)
        if user is not None:
            online.append(user.prefix)
        else:
            offline.append(nick)
    _several(turn, "RPL_MONONLINE", online)
    _several(turn, "RPL_MONOFFLINE", offline)
    if turn.session.capabilities & (EXTENDED_MONITOR | METADATA_3):
        for nick in nicks:
            user = turn.network.user(nick)
            if user is not None:
                with InBatch(turn, user.nick, unless_empty=True):
                    turn.world.sync_metadata(turn, user)


def _full(turn: Turn, nicks: list[str]) -> None:
    """ "the list of targets, as the client sent them, that cannot be added", in as many lines as it needs."""
    text = NUMERICS["ERR_MONLISTFULL"].es if turn.session.language == "es" else NUMERICS["ERR_MONLISTFULL"].en
    head = f":{turn.world.settings.name} 734 {turn.me} {MONITOR_TARGETS}  :{text}\r\n"
    for targets in packed(nicks, LINE_BYTES - len(head.encode()), ","):
        turn.numeric("ERR_MONLISTFULL", str(MONITOR_TARGETS), targets)


def _several(turn: Turn, name: str, words: Iterable[str]) -> None:
    """ "the length of the target list is limited only by the buffer size of 512 chars"."""
    head = f":{turn.world.settings.name} {NUMERICS[name].number} {turn.me} :\r\n"
    for targets in packed(words, LINE_BYTES - len(head.encode()), ","):
        turn.numeric(name, targets)


_SUBCOMMANDS: dict[str, Callable[[Turn, list[str]], None]] = {
    "+": _add,
    "-": _remove,
    "C": _clear,
    "L": _list,
    "S": _status,
}
