"""Metadata that is not kept: who wants to hear of which keys, and the values of users without an account.

What belongs here: lists for as long as a session or a user lasts. What must not: replies.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from tertulia import limits
from tertulia.protocol.accounts import setting, with_setting
from tertulia.protocol.metadata import SETTING, read, write
from tertulia.state.events import ChangeAccount, SetRoomSetting
from tertulia.state.network import Network
from tertulia.state.room import Room
from tertulia.state.user import User

if TYPE_CHECKING:
    from tertulia.commands.turn import Session, Turn


class Newcomer(NamedTuple):
    """Who sets metadata before having a user: kept with the session, and settled on entering."""

    session: Session


Target = User | Room | Newcomer


class Metadata:
    def __init__(self, network: Network) -> None:
        self._network = network
        self._wanted: dict[Session, dict[str, None]] = {}  # keys, in order of subscription
        self._guests: dict[User, dict[str, str]] = {}
        self._changes: dict[Session, tuple[float, float]] = {}  # tokens left, and when
        self._early: dict[Session, dict[str, str]] = {}  # what newcomers want changed; "" takes away

    def __bool__(self) -> bool:
        """Whether anybody wants to hear of anything."""
        return bool(self._wanted)

    def wanted(self, session: Session) -> dict[str, None]:
        return self._wanted.get(session, {})

    def subscribe(self, session: Session, key: str) -> bool:
        """False when the list is full."""
        mine = self._wanted.setdefault(session, {})
        if len(mine) >= limits.METADATA_SUBSCRIPTIONS:
            return False
        mine[key] = None
        return True

    def unsubscribe(self, session: Session, key: str) -> None:
        mine = self._wanted.get(session, {})
        mine.pop(key, None)
        if not mine:
            self._wanted.pop(session, None)

    def of(self, target: Target) -> dict[str, str]:
        """A copy of all that is set."""
        if isinstance(target, Newcomer):
            wanted = self._of_account(target.session.account) | self._early.get(target.session, {})
            return {key: value for key, value in wanted.items() if value}
        if isinstance(target, Room):
            return read(target.settings.get(SETTING, ""))
        record = self._network.accounts.named(target.account) if target.account is not None else None
        return read(setting(record, SETTING)) if record is not None else dict(self._guests.get(target, {}))

    def _of_account(self, name: str) -> dict[str, str]:
        record = self._network.accounts.named(name) if name else None
        return read(setting(record, SETTING)) if record is not None else {}

    def any_of(self, target: User | Room) -> bool:
        """Whether anything is set: cheap, for who asks often."""
        if isinstance(target, Room):
            return SETTING in target.settings
        return target.account is not None or target in self._guests

    async def change(self, turn: Turn, target: Target, values: dict[str, str]) -> None:
        """Keep these from now on. Raises NotStored, Conflict."""
        if isinstance(target, Newcomer):
            was = self._of_account(target.session.account)
            gone = {key: "" for key in was if key not in values}
            new = {key: value for key, value in values.items() if was.get(key) != value}
            self._early[target.session] = gone | new
            return
        if isinstance(target, Room):
            await turn.world.propose(SetRoomSetting(target.name, SETTING, write(values)), turn)
            return
        record = self._network.accounts.named(target.account) if target.account is not None else None
        if record is not None:
            kept = replace(record, settings=with_setting(record, SETTING, write(values)))
            await turn.world.propose(ChangeAccount(kept), turn)
        elif values:
            self._guests[target] = values
        else:
            self._guests.pop(target, None)

    async def settle(self, turn: Turn) -> None:
        """What a newcomer wanted becomes its user's. Raises NotStored, Conflict."""
        wanted = self._early.pop(turn.session, None)
        if not wanted:
            return
        values = {key: value for key, value in (self.of(turn.user) | wanted).items() if value}
        await self.change(turn, turn.user, dict(islice(values.items(), limits.METADATA_KEYS)))
        for key, value in wanted.items():
            turn.world.tell_metadata(turn, turn.user, key, value)

    def may_change(self, session: Session, instant: float) -> int:
        """0 for yes; else after how many seconds."""
        tokens, at = self._changes.get(session, (float(limits.METADATA_BURST), instant))
        tokens = min(float(limits.METADATA_BURST), tokens + (instant - at) / limits.METADATA_CHANGE_SECONDS)
        if tokens < 1:
            return max(1, round((1 - tokens) * limits.METADATA_CHANGE_SECONDS))
        self._changes[session] = (tokens - 1, instant)
        return 0

    def unsubscribe_all(self, session: Session) -> None:
        self._wanted.pop(session, None)

    def forget(self, session: Session) -> None:
        self._wanted.pop(session, None)
        self._early.pop(session, None)
        self._changes.pop(session, None)

    def gone(self, user: User) -> None:
        self._guests.pop(user, None)
