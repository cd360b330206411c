"""What may happen: events that somebody wants, each of which can still lose a conflict.

What belongs here: frozen values that name users by id and rooms by folded name, so that they can cross a
network. What must not: objects of the state, and anything that decides.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tertulia.protocol.accounts import AccountRecord
from tertulia.protocol.agents import AgentRecord
from tertulia.protocol.bans import BanRecord
from tertulia.protocol.modes import ModeChange
from tertulia.protocol.rights import EVERY
from tertulia.protocol.rooms import Access


@dataclass(frozen=True, slots=True)
class Enter:
    """A connection has said who it is and becomes a user."""

    user: int
    nick: str
    username: str
    host: str
    realname: str
    identity: str  # under which private talk is remembered; see `state.user.User.identity`
    at: int  # seconds since 1970
    modes: str = ""
    door: str = ""
    address: str = ""
    secure: bool = False
    fingerprint: str | None = None
    account: str | None = None  # folded name of the account it has logged in to


@dataclass(frozen=True, slots=True)
class Attach:
    """One more connection, of somebody who is here: it has logged in to the user's account."""

    user: int
    account: str  # folded name
    at: int  # seconds since 1970
    door: str = ""
    address: str = ""
    secure: bool = False
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class Detach:
    """A connection has ended, and its user stays."""

    user: int
    at: int
    last: bool  # there is no other


@dataclass(frozen=True, slots=True)
class ChangeNick:
    user: int
    nick: str


@dataclass(frozen=True, slots=True)
class Leave:
    user: int
    reason: str
    at: int


@dataclass(frozen=True, slots=True)
class JoinRoom:
    user: int
    room: str  # as it was typed; the first to come fixes the spelling
    at_ms: int  # since 1970; what was said before may not be for who comes now


@dataclass(frozen=True, slots=True)
class PartRoom:
    user: int
    room: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class KickMember:
    user: int
    room: str
    by: str  # prefix of who did it
    reason: str


@dataclass(frozen=True, slots=True)
class SetTopic:
    room: str
    by: str
    topic: str
    at: int


@dataclass(frozen=True, slots=True)
class SetRoomModes:
    room: str
    by: str
    at: int
    changes: tuple[ModeChange, ...] = field(default=())
    until: int = 0  # of masks that are added: seconds since 1970 when they end by themselves
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RenameRoom:
    room: str
    name: str
    by: str
    reason: str
    at: int


@dataclass(frozen=True, slots=True)
class SetRoomSetting:
    room: str
    name: str
    value: str  # "": it is no longer set


@dataclass(frozen=True, slots=True)
class SetRegistration:
    """To whom a room belongs from now on, and all that is kept for it. Without a founder it is given up."""

    room: str
    by: str
    was: str  # the founder until now; another one wins the conflict
    founder: str  # folded name of an account
    registered_at: int
    access: tuple[Access, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SetUserModes:
    user: int
    changes: tuple[ModeChange, ...]


@dataclass(frozen=True, slots=True)
class SetAway:
    user: int
    message: str | None


@dataclass(frozen=True, slots=True)
class SetRealname:
    user: int
    realname: str


@dataclass(frozen=True, slots=True)
class SetHost:
    user: int
    host: str


@dataclass(frozen=True, slots=True)
class BecomeOperator:
    user: int
    name: str  # of the operator block
    rights: frozenset[str] = EVERY
    title: str = ""
    by_account: bool = False  # it ends when the user leaves the account


@dataclass(frozen=True, slots=True)
class Invite:
    by: str
    user: int
    room: str
    opens: bool = True  # by an operator of the room: it lets in past the room's modes; else it only tells


@dataclass(frozen=True, slots=True)
class RegisterAccount:
    record: AccountRecord


@dataclass(frozen=True, slots=True)
class ChangeAccount:
    record: AccountRecord  # as it is to be; of an account that exists


@dataclass(frozen=True, slots=True)
class DeleteAccount:
    account: str  # folded name
    words: bool  # what it said goes with it
    at: int = 0  # seconds since 1970


@dataclass(frozen=True, slots=True)
class LogIn:
    user: int
    account: str  # folded name
    at: int  # seconds since 1970


@dataclass(frozen=True, slots=True)
class LogOut:
    user: int


@dataclass(frozen=True, slots=True)
class SetBan:
    record: BanRecord  # replaces what there was on this target


@dataclass(frozen=True, slots=True)
class LiftBan:
    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class SetDefence:
    level: int  # of `protocol.defence`


@dataclass(frozen=True, slots=True)
class SetAgent:
    record: AgentRecord  # replaces what there was under this name


Event = (
    Enter
    | Attach
    | Detach
    | ChangeNick
    | Leave
    | JoinRoom
    | PartRoom
    | KickMember
    | SetTopic
    | SetRoomModes
    | SetRegistration
    | RenameRoom
    | SetRoomSetting
    | SetUserModes
    | SetAway
    | SetRealname
    | SetHost
    | BecomeOperator
    | Invite
    | RegisterAccount
    | ChangeAccount
    | DeleteAccount
    | LogIn
    | LogOut
    | SetBan
    | LiftBan
    | SetDefence
    | SetAgent
)
