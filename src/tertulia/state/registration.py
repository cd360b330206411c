"""To whom rooms belong, and which ranks that gives: what `network.apply` does with it.

What belongs here: ranks out of access lists, and what becomes of a room whose founder is gone. What must not:
who may ask for it (`policy.registration`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tertulia.protocol.casemap import fold
from tertulia.protocol.history import RoomRecord
from tertulia.protocol.modes import FOUNDER, HALF_OPERATOR, OPERATOR, RANK_BITS, RANKS, VOICE, ModeChange
from tertulia.protocol.rooms import OF_NOBODY, Access
from tertulia.state import events as may
from tertulia.state.accounts import Accounts
from tertulia.state.changes import RegistrationChanged, RoomModesChanged, RoomSettingChanged
from tertulia.state.masks import matches
from tertulia.state.room import Room
from tertulia.state.user import User


def granted(room: Room, user: User) -> int:
    """The bit of the highest rank that a registered room's founder or list gives; 0 for none."""
    if not room.founder:
        return 0
    account = fold(user.account) if user.account is not None else None
    if account == room.founder:
        return FOUNDER
    fitting = [entry for entry in room.access.values() if _fits(entry, user, account)]
    return max((RANK_BITS[entry.letter] for entry in fitting), default=0)


def _fits(entry: Access, user: User, account: str | None) -> bool:
    return matches(entry.who, user) if entry.is_mask else entry.who == account


def as_changes(user: User, held: int, rank: int) -> tuple[ModeChange, ...]:
    """What has to be changed for a rank to be held."""
    if not rank or held & rank:
        return ()
    return (ModeChange(True, next(one.letter for one in RANKS if one.bit == rank), user.nick),)


def recognized(user: User) -> tuple[RoomModesChanged, ...]:
    """Who logs in while being in rooms gets there what the lists say."""
    found = []
    for room in user.rooms:
        rank = granted(room, user)
        changes = as_changes(user, room.members[user], rank)
        if changes:
            room.members[user] |= rank
            found.append(RoomModesChanged(room, "", changes, None))
    return tuple(found)


def set_value(room: Room, event: may.SetRoomSetting) -> RoomSettingChanged:
    """One setting of a room, whoever it belongs to."""
    if event.value:
        room.settings[event.name] = event.value
    else:
        room.settings.pop(event.name, None)
    return RoomSettingChanged(room, room.record())


def change(room: Room, event: may.SetRegistration) -> RegistrationChanged:
    """Take over what an event says; members gain and lose the ranks that they have by it."""
    before = {user: granted(room, user) for user in room.members}
    room.founder, room.registered_at = event.founder, event.registered_at
    room.access = {entry.who: entry for entry in event.access}
    room.settings = dict(event.settings)
    changes: list[ModeChange] = []
    for user, had in before.items():
        now = granted(room, user)
        changes += _moved(room, user, had, now)
    return RegistrationChanged(room, event.by, tuple(changes), room.record())


def _moved(room: Room, user: User, had: int, now: int) -> list[ModeChange]:
    """From the rank that the room gave to the one that it gives now; what others gave stays."""
    held = room.members[user]
    wanted = held if had == now else held & ~had | now
    if not room.founder and held > HIGHEST_COMMON:  # nobody's room has no founder: who was it operates it
        wanted = wanted & HIGHEST_COMMON | OPERATOR
    elif had == FOUNDER and not wanted:  # and so does who gives it away
        wanted = OPERATOR
    room.members[user] = wanted
    lost = [ModeChange(False, one.letter, user.nick) for one in RANKS if held & ~wanted & one.bit]
    return lost + [ModeChange(True, one.letter, user.nick) for one in RANKS if wanted & ~held & one.bit]


HIGHEST_COMMON = OPERATOR | HALF_OPERATOR | VOICE
"""The ranks that exist in a room that is nobody's."""


# --- founders that are gone -----------------------------------------------------------------------


def orphaned(rooms: Iterable[Room], key: str, accounts: Accounts, at: int) -> list[RegistrationChanged]:
    """An account is deleted: its rooms go to their successors or to nobody, and it leaves every list."""
    found = []
    for room in rooms:
        if room.founder == key or key in room.access or _named_in(room.settings.values(), key):
            record = without(room.record(), key, accounts, at)
            event = may.SetRegistration(room.key, "", room.founder, record.founder, record.registered_at,
                                        record.access, record.settings)  # fmt: skip
            found.append(change(room, event))
    return found


def _named_in(values: Iterable[str], key: str) -> bool:
    return any(value.startswith(f"account:{key}@") for value in values)  # see `accounts.identity_of`


def without(record: RoomRecord, key: str, accounts: Accounts, at: int) -> RoomRecord:
    """A room's record as it is when the account of this folded name is no more."""
    settings = {name: value for name, value in record.settings if not _named_in([value], key)}
    access = tuple(entry for entry in record.access if entry.who != key)
    if record.founder != key:
        return replace(record, access=access, settings=tuple(sorted(settings.items())))
    settings.pop("transfer", None)
    heir = accounts.of_identity(settings.pop("successor", ""))
    if heir is None:
        return given_up(record)
    access = tuple(entry for entry in access if entry.who != heir.key)
    return replace(record, founder=heir.key, registered_at=at, access=access,
                   settings=tuple(sorted(settings.items())))  # fmt: skip


def given_up(record: RoomRecord) -> RoomRecord:
    """The room goes on as anybody's, with its modes."""
    modes = tuple((name, value) for name, value in record.settings if len(name) == 1 or name in OF_NOBODY)
    return replace(record, founder="", registered_at=0, access=(), settings=modes)


def still_true(record: RoomRecord, accounts: Accounts) -> RoomRecord:
    """A record at the start: accounts may have been deleted from the shell, and their names taken again."""
    named = {entry.who: entry.set_at for entry in record.access if not entry.is_mask}
    if record.founder:
        named[record.founder] = record.registered_at
    for key, since in named.items():
        account = accounts.named(key)
        if account is None or account.created_at > since:
            record = without(record, key, accounts, record.registered_at)
    return record
