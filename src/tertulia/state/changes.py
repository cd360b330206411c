"""What did happen: facts that members are told of and that the store keeps.

What belongs here: values that carry the objects they concern, made by `network.apply` only. What must not:
wishes. A change that must survive a restart carries what is to be stored in `record`, and is `Lasting`.
"""

from __future__ import annotations

from dataclasses import dataclass

from tertulia.protocol.accounts import AccountGone, AccountRecord
from tertulia.protocol.agents import AgentRecord
from tertulia.protocol.audit import Fact
from tertulia.protocol.bans import BanGone, BanRecord
from tertulia.protocol.history import RoomMoved, RoomRecord
from tertulia.protocol.modes import ModeChange
from tertulia.state.room import Room
from tertulia.state.user import User


@dataclass(frozen=True, slots=True)
class Entered:
    user: User
    seen: AccountRecord | None = None  # as of `LoggedIn`


@dataclass(frozen=True, slots=True)
class Attached:
    user: User
    seen: AccountRecord | None  # as of `LoggedIn`


@dataclass(frozen=True, slots=True)
class Detached:
    user: User


@dataclass(frozen=True, slots=True)
class NickChanged:
    user: User
    old_prefix: str
    old_nick: str


@dataclass(frozen=True, slots=True)
class Joined:
    user: User
    room: Room
    first: bool  # no person was there: the user becomes its operator
    granted: tuple[ModeChange, ...] = ()  # the rank that a registered room's list gives


@dataclass(frozen=True, slots=True)
class RoomSettingChanged:
    room: Room
    record: RoomRecord


@dataclass(frozen=True, slots=True)
class Parted:
    user: User
    room: Room
    reason: str | None
    hidden: bool = False  # it was one of an auditorium's audience


@dataclass(frozen=True, slots=True)
class Kicked:
    user: User
    room: Room
    by: str
    reason: str
    hidden: bool = False  # it was one of an auditorium's audience


@dataclass(frozen=True, slots=True)
class Left:
    user: User
    rooms: tuple[Room, ...]
    reason: str
    hidden: tuple[Room, ...] = ()  # those of them in whose audience it was


@dataclass(frozen=True, slots=True)
class TopicChanged:
    room: Room
    by: str
    record: RoomRecord


@dataclass(frozen=True, slots=True)
class RoomModesChanged:
    room: Room
    by: str  # "": the server by itself
    changes: tuple[ModeChange, ...]
    record: RoomRecord | None  # None when only members' ranks changed: those end with their stay


@dataclass(frozen=True, slots=True)
class RoomRenamed:
    room: Room
    by: str
    old: str  # its name until now
    reason: str
    record: RoomMoved


@dataclass(frozen=True, slots=True)
class RegistrationChanged:
    room: Room
    by: str  # "": the server by itself
    changes: tuple[ModeChange, ...]  # of members' ranks
    record: RoomRecord


@dataclass(frozen=True, slots=True)
class UserModesChanged:
    user: User
    changes: tuple[ModeChange, ...]


@dataclass(frozen=True, slots=True)
class AwayChanged:
    user: User


@dataclass(frozen=True, slots=True)
class RealnameChanged:
    user: User


@dataclass(frozen=True, slots=True)
class HostChanged:
    user: User
    old_prefix: str


@dataclass(frozen=True, slots=True)
class OperatorMade:
    user: User


@dataclass(frozen=True, slots=True)
class Invited:
    by: str
    user: User
    room: Room


@dataclass(frozen=True, slots=True)
class AccountMade:
    record: AccountRecord


@dataclass(frozen=True, slots=True)
class AccountChanged:
    record: AccountRecord


@dataclass(frozen=True, slots=True)
class AccountDeleted:
    record: AccountGone
    identity: str  # under which its private talk and its files are remembered


@dataclass(frozen=True, slots=True)
class LoggedIn:
    user: User
    was: str | None  # the account it had before
    seen: AccountRecord | None  # to be kept with the next commit: when the account was last used


@dataclass(frozen=True, slots=True)
class LoggedOut:
    user: User
    was: str


@dataclass(frozen=True, slots=True)
class BanSet:
    record: BanRecord


@dataclass(frozen=True, slots=True)
class DefenceSet:
    record: Fact


@dataclass(frozen=True, slots=True)
class BanLifted:
    was: BanRecord
    record: BanGone


@dataclass(frozen=True, slots=True)
class AgentSet:
    record: AgentRecord


Lasting = (
    TopicChanged
    | RoomSettingChanged
    | RoomModesChanged
    | RegistrationChanged
    | RoomRenamed
    | AccountMade
    | AccountChanged
    | AccountDeleted
    | BanSet
    | BanLifted
    | DefenceSet
    | AgentSet
)
"""What is stored before anybody is told."""

Change = (
    Entered
    | Attached
    | Detached
    | NickChanged
    | Joined
    | Parted
    | Kicked
    | Left
    | TopicChanged
    | RoomSettingChanged
    | RoomModesChanged
    | RegistrationChanged
    | RoomRenamed
    | UserModesChanged
    | AwayChanged
    | RealnameChanged
    | HostChanged
    | OperatorMade
    | Invited
    | AccountMade
    | AccountChanged
    | AccountDeleted
    | LoggedIn
    | LoggedOut
    | BanSet
    | BanLifted
    | DefenceSet
    | AgentSet
)
