"""The network: `apply(event) -> changes` is the only code that alters state, and it never waits.

What belongs here: what an event does, and the conflicts it can lose. What must not: permission (`policy`),
replies (`commands`), who is told (`server.fanout`). The same events in the same order give the same state on
every node.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from tertulia import limits
from tertulia.protocol.accounts import AccountGone, AccountRecord, identity_of
from tertulia.protocol.casemap import fold
from tertulia.protocol.defence import NORMAL
from tertulia.protocol.history import RoomRecord
from tertulia.protocol.modes import OPERATOR, ROOM_MODES, Kind, ModeChange
from tertulia.protocol.presence import Presence
from tertulia.protocol.rights import NONE
from tertulia.state import agents, bans, registration, renaming, room_modes
from tertulia.state import changes as did
from tertulia.state import events as may
from tertulia.state.accounts import Accounts
from tertulia.state.agents import Agents
from tertulia.state.bans import Bans
from tertulia.state.changes import Change
from tertulia.state.conflict import Conflict as Conflict
from tertulia.state.renaming import Names
from tertulia.state.room import LISTS, Room
from tertulia.state.user import User


class Gone(NamedTuple):
    """Somebody who was here: an entry of WHOWAS."""

    nick: str
    username: str
    host: str
    realname: str
    at: int


class Network:
    """Read it freely; alter it by `apply`."""

    def __init__(self) -> None:
        self.users: dict[int, User] = {}
        self.nicks: dict[str, User] = {}  # by folded nick
        self.rooms: dict[str, Room] = {}  # by folded name
        self.accounts = Accounts()
        self._of_account: dict[str, dict[User, None]] = {}  # who is logged in to it, in that order
        self.agents = Agents()
        self.bans = Bans()
        self.defence = NORMAL  # the level of `protocol.defence`
        self.whowas: deque[Gone] = deque(maxlen=limits.WHOWAS_ENTRIES)
        self.names = Names()  # of rooms that were called otherwise
        self.timed: dict[Room, None] = {}  # rooms with masks that end by themselves
        self.operators: dict[User, None] = {}  # of the server
        self.invisible: dict[User, None] = {}  # mode +i
        self.listeners: dict[User, None] = {}  # mode +s
        self.most_users = 0

    def user(self, nick: str) -> User | None:
        return self.nicks.get(fold(nick))

    def room(self, name: str) -> Room | None:
        return self.rooms.get(fold(name))

    def room_of_buffer(self, buffer: str) -> Room | None:
        """The room whose talk is kept under this key."""
        found = self.names.moved.get(buffer) or self.rooms.get(buffer)
        return found if found is not None and found.buffer == buffer else None

    def recall(self, record: RoomRecord) -> None:
        """A room as the store remembers it: at start, before anybody is there."""
        room = self.rooms[record.key] = Room(record.name, record.created_at)
        room.restore(registration.still_true(record, self.accounts))
        room.remembered = True
        self.names.note(room)
        if any(mask.until for letter in LISTS for mask in room.masks(letter).values()):
            self.timed[room] = None

    def recall_user(self, presence: Presence, user_id: int, identity: str, at: int) -> User | None:
        """A user that stays, as the store remembers it: at start, before anybody is there. None when the
        account is gone. `identity`: whose it is should it be logged out; `at`: now, seconds since 1970."""
        record = self.accounts.named(presence.account)
        if record is None:
            return None
        names = (presence.nick, record.name, *(f"{record.name[:28]}{number}" for number in range(10_000)))
        nick = next(name for name in names if fold(name) not in self.nicks)  # a crash may have kept two alike
        user = User(user_id, nick, presence.username, presence.host, presence.realname, identity,
                    presence.signon)  # fmt: skip
        user.modes, user.away = presence.modes, presence.away or None
        user.absent_since = presence.absent_since or at
        self.users[user.id] = self.nicks[user.key] = user
        if "i" in user.modes:
            self.invisible[user] = None
        self.take_account(user, record)
        for name, rank, since_ms in presence.rooms:
            room = self.rooms.get(fold(name)) or Room(name, at)
            self.rooms[room.key] = room
            room.members[user] = rank
            if room.founder:
                room.since_ms = {**(room.since_ms or {}), user: since_ms}
            user.rooms[room] = None
        return user

    def logged_in(self, key: str) -> list[User]:
        """Who is logged in to the account of this folded name, the longest first."""
        return list(self._of_account.get(key, ()))

    def apply(self, event: may.Event) -> tuple[Change, ...]:
        """What the event changed, in the order in which it is told. Raises `Conflict`; then nothing
        changed.
        """
        return _APPLY[type(event)](self, event)

    # --- users ------------------------------------------------------------------------------------

    def _enter(self, event: may.Enter) -> tuple[Change, ...]:
        if fold(event.nick) in self.nicks:
            raise Conflict("nick in use")
        user = User(
            event.user, event.nick, event.username, event.host, event.realname, event.identity, event.at
        )
        user.modes, user.door, user.address = event.modes, event.door, event.address
        user.secure, user.fingerprint = event.secure, event.fingerprint
        self.users[user.id] = self.nicks[user.key] = user
        self.most_users = max(self.most_users, len(self.users))
        record = self.accounts.named(event.account) if event.account is not None else None
        self.take_account(user, record)
        return (did.Entered(user, self._seen(record, event.at)),)

    def _attach(self, event: may.Attach) -> tuple[Change, ...]:
        user = self._present(event.user)
        if user.account is None or fold(user.account) != event.account:
            raise Conflict("gone")
        user.secure = event.secure and (user.secure or bool(user.absent_since))
        if user.absent_since:
            user.door, user.address, user.fingerprint = event.door, event.address, event.fingerprint
        user.absent_since = 0
        return (did.Attached(user, self._seen(self.accounts.named(user.account), event.at)),)

    def _detach(self, event: may.Detach) -> tuple[Change, ...]:
        user = self._present(event.user)
        user.absent_since = event.at if event.last else 0
        return (did.Detached(user),)

    def _change_nick(self, event: may.ChangeNick) -> tuple[Change, ...]:
        user = self._present(event.user)
        holder = self.nicks.get(fold(event.nick))
        if holder is not None and holder is not user:
            raise Conflict("nick in use")
        old_prefix, old_nick = user.prefix, user.nick
        del self.nicks[user.key]
        user.rename(event.nick)
        self.nicks[user.key] = user
        return (did.NickChanged(user, old_prefix, old_nick),)

    def _leave(self, event: may.Leave) -> tuple[Change, ...]:
        user = self._present(event.user)
        rooms = tuple(user.rooms)
        hidden = tuple(room for room in rooms if room.hides(user))
        for room in rooms:
            self._take_out(user, room)
        del self.users[user.id], self.nicks[user.key]
        self._drop_account(user)
        self.operators.pop(user, None)
        self.listeners.pop(user, None)
        self.invisible.pop(user, None)
        self.whowas.append(Gone(user.nick, user.username, user.host, user.realname, event.at))
        return (did.Left(user, rooms, event.reason, hidden),)

    def _set_user_modes(self, event: may.SetUserModes) -> tuple[Change, ...]:
        user = self._present(event.user)
        letters = set(user.modes)
        done = []
        for change in event.changes:
            if change.letter == "s":
                if self._set_notices(user, change.param or "" if change.add else ""):
                    done.append(change)
            elif change.add is not (change.letter in letters):
                (letters.add if change.add else letters.discard)(change.letter)
                done.append(change)
        if "o" not in letters and self._set_notices(user, ""):
            done.append(ModeChange(False, "s"))
        (letters.add if user.notices else letters.discard)("s")
        user.modes = "".join(sorted(letters))
        if "i" in letters:
            self.invisible[user] = None
        else:
            self.invisible.pop(user, None)
        if "o" not in letters:
            user.operator, user.rights, user.title, user.operator_by_account = None, NONE, "", False
            self.operators.pop(user, None)
        return (did.UserModesChanged(user, tuple(done)),) if done else ()

    def _set_notices(self, user: User, letters: str) -> bool:
        """Whether other server notices are heard now than before."""
        if letters == user.notices:
            return False
        user.notices = letters
        if letters:
            self.listeners[user] = None
        else:
            self.listeners.pop(user, None)
        return True

    def _set_away(self, event: may.SetAway) -> tuple[Change, ...]:
        user = self._present(event.user)
        if user.away == event.message:
            return ()
        user.away = event.message
        return (did.AwayChanged(user),)

    def _set_realname(self, event: may.SetRealname) -> tuple[Change, ...]:
        user = self._present(event.user)
        user.realname = event.realname
        return (did.RealnameChanged(user),)

    def _set_host(self, event: may.SetHost) -> tuple[Change, ...]:
        user = self._present(event.user)
        if user.host == event.host:
            return ()
        old_prefix, user.host = user.prefix, event.host
        user.rename(user.nick)
        return (did.HostChanged(user, old_prefix),)

    def _become_operator(self, event: may.BecomeOperator) -> tuple[Change, ...]:
        user = self._present(event.user)
        user.operator, user.rights, user.title = event.name, event.rights, event.title
        user.operator_by_account = event.by_account
        self.operators[user] = None
        return (
            did.OperatorMade(user),
            *self._set_user_modes(may.SetUserModes(user.id, (ModeChange(True, "o"),))),
        )

    # --- rooms ------------------------------------------------------------------------------------

    def _join(self, event: may.JoinRoom) -> tuple[Change, ...]:
        user = self._present(event.user)
        room = self.rooms.get(fold(event.room))
        if room is not None and user in room.members:
            return ()
        if room is None:
            if len(self.rooms) >= limits.ROOMS:
                raise Conflict("room limit")
            room = self.rooms[fold(event.room)] = Room(event.room, event.at_ms // 1000)
            if room.key in self.names.moved:  # another room's talk is kept under this name
                room.settings["buffer"] = f"{room.key} {room.created_at}"
                self.names.note(room)
            self.names.leads.pop(room.key, None)
        first = not user.bot and all(
            member.bot for member in room.members
        )  # programs do not rule over people
        if room.founder:  # then who rules is not a question of who comes first
            rank, first = registration.granted(room, user), False
            granted = registration.as_changes(user, 0, rank)
        else:
            rank, granted = OPERATOR if first else 0, ()
        room.members[user] = rank
        if room.founder:
            room.since_ms = room.since_ms or {}
            room.since_ms[user] = event.at_ms
        user.rooms[room] = None
        user.invited -= {room.key}
        return (did.Joined(user, room, first, granted),)

    def _part(self, event: may.PartRoom) -> tuple[Change, ...]:
        user, room = self._membership(event.user, event.room)
        hidden = room.hides(user)
        self._take_out(user, room)
        return (did.Parted(user, room, event.reason, hidden),)

    def _kick(self, event: may.KickMember) -> tuple[Change, ...]:
        user, room = self._membership(event.user, event.room)
        hidden = room.hides(user)
        self._take_out(user, room)
        return (did.Kicked(user, room, event.by, event.reason, hidden),)

    def _set_topic(self, event: may.SetTopic) -> tuple[Change, ...]:
        room = self._existing(event.room)
        room.topic, room.topic_by, room.topic_at = event.topic, event.by, event.at
        return (did.TopicChanged(room, event.by, room.record()),)

    def _rename_room(self, event: may.RenameRoom) -> tuple[Change, ...]:
        room = self._existing(event.room)
        if self.rooms.get(fold(event.name), room) is not room:
            raise Conflict("room exists")
        return (renaming.rename(self.names, self.rooms, self.users, room, event),)

    def _set_registration(self, event: may.SetRegistration) -> tuple[Change, ...]:
        room = self._existing(event.room)
        if room.founder != event.was:
            raise Conflict("room changed")
        return (registration.change(room, event),)

    def _set_room_modes(self, event: may.SetRoomModes) -> tuple[Change, ...]:
        room = self._existing(event.room)
        done: list[ModeChange] = []
        lasting = False
        for change in event.changes:
            applied = room_modes.set_mode(self.user, room, change, event)
            if applied is not None:
                done.append(applied)
                lasting = lasting or ROOM_MODES[change.letter].kind is not Kind.PREFIX
        if not done:
            return ()
        if event.until:
            self.timed[room] = None
        return (did.RoomModesChanged(room, event.by, tuple(done), room.record() if lasting else None),)

    def _invite(self, event: may.Invite) -> tuple[Change, ...]:
        user, room = self._present(event.user), self._existing(event.room)
        if event.opens and len(user.invited) < limits.INVITES_PER_USER:
            user.invited |= {room.key}
        return (did.Invited(event.by, user, room),)

    # --- accounts ---------------------------------------------------------------------------------

    def _register_account(self, event: may.RegisterAccount) -> tuple[Change, ...]:
        record = event.record
        if self.accounts.named(record.name) is not None or not self._certificates_free(record):
            raise Conflict("account exists")
        if len(self.accounts) >= limits.ACCOUNTS:
            raise Conflict("account limit")
        self.accounts.put(record)
        return (did.AccountMade(record),)

    def _change_account(self, event: may.ChangeAccount) -> tuple[Change, ...]:
        record = event.record
        old = self.accounts.named(record.key)
        if old is None or old.created_at != record.created_at:
            raise Conflict("gone")
        if not self._certificates_free(record):
            raise Conflict("account exists")
        self.accounts.put(record)
        out = self._log_all_out(record.key) if record.suspended else ()
        return (did.AccountChanged(record), *out)

    def _delete_account(self, event: may.DeleteAccount) -> tuple[Change, ...]:
        record = self.accounts.named(event.account)
        if record is None:
            raise Conflict("gone")
        self.accounts.drop(record.key)
        self.agents.drop(record.key)
        gone = AccountGone(record.key, record.name, event.words)
        rooms = registration.orphaned(self.rooms.values(), record.key, self.accounts, event.at)
        return (did.AccountDeleted(gone, identity_of(record)), *rooms, *self._log_all_out(record.key))

    def _log_in(self, event: may.LogIn) -> tuple[Change, ...]:
        user, record = self._present(event.user), self.accounts.named(event.account)
        if record is None:
            raise Conflict("gone")
        was, seen = user.account, self._seen(record, event.at)
        self.take_account(user, record)
        ended = self._no_longer_operator(user) if was is not None and was != user.account else ()
        return (did.LoggedIn(user, was, seen), *ended, *registration.recognized(user))

    def _log_out(self, event: may.LogOut) -> tuple[Change, ...]:
        user = self._present(event.user)
        was = user.account
        if was is None:
            return ()
        self.take_account(user, None)
        return (did.LoggedOut(user, was), *self._no_longer_operator(user))

    def _no_longer_operator(self, user: User) -> tuple[Change, ...]:
        """Whoever was made an operator by an account has left that account."""
        if not user.operator_by_account:
            return ()
        return self._set_user_modes(may.SetUserModes(user.id, (ModeChange(False, "o"),)))

    def take_account(self, user: User, record: AccountRecord | None) -> None:
        """Whose the user is from now on. Outside `apply` only where a change is taken back."""
        self._drop_account(user)
        user.log_in(record)
        user.agent = self.agents.of(record.key) if record is not None else None
        if record is not None:
            self._of_account.setdefault(record.key, {})[user] = None

    def _drop_account(self, user: User) -> None:
        """Nobody's from now on, as far as it is found by its account."""
        key = fold(user.account) if user.account is not None else ""
        users = self._of_account.get(key, {})
        users.pop(user, None)
        if not users:
            self._of_account.pop(key, None)

    def _log_all_out(self, key: str) -> tuple[Change, ...]:
        users = self.logged_in(key)
        return tuple(change for user in users for change in self._log_out(may.LogOut(user.id)))

    def _certificates_free(self, record: AccountRecord) -> bool:
        return all(self.accounts.certificate_free(one, record.key) for one in record.certificates)

    def _seen(self, record: AccountRecord | None, at: int) -> AccountRecord | None:
        """The record to be kept when an account is used; None when that was noted within the hour."""
        if record is None or at - record.seen_at < limits.SEEN_SECONDS:
            return None
        seen = replace(record, seen_at=at)
        self.accounts.put(seen)
        return seen

    # --- shared -----------------------------------------------------------------------------------

    def _present(self, user_id: int) -> User:
        user = self.users.get(user_id)
        if user is None:
            raise Conflict("gone")
        return user

    def _existing(self, name: str) -> Room:
        room = self.rooms.get(fold(name))
        if room is None:
            raise Conflict("gone")
        return room

    def _membership(self, user_id: int, name: str) -> tuple[User, Room]:
        user, room = self._present(user_id), self._existing(name)
        if user not in room.members:
            raise Conflict("gone")
        return user, room

    def _take_out(self, user: User, room: Room) -> None:
        del room.members[user], user.rooms[room]
        if room.since_ms is not None:
            room.since_ms.pop(user, None)
        if not room.members and not room.remembered:
            del self.rooms[room.key]
            self.names.moved.pop(room.buffer, None)


_APPLY: dict[type, Callable[[Network, Any], tuple[Change, ...]]] = {
    may.Enter: Network._enter,
    may.Attach: Network._attach,
    may.Detach: Network._detach,
    may.ChangeNick: Network._change_nick,
    may.Leave: Network._leave,
    may.JoinRoom: Network._join,
    may.PartRoom: Network._part,
    may.KickMember: Network._kick,
    may.SetTopic: Network._set_topic,
    may.SetRoomSetting: lambda net, event: (registration.set_value(net._existing(event.room), event),),
    may.SetRoomModes: Network._set_room_modes,
    may.SetRegistration: Network._set_registration,
    may.RenameRoom: Network._rename_room,
    may.SetUserModes: Network._set_user_modes,
    may.SetAway: Network._set_away,
    may.SetRealname: Network._set_realname,
    may.SetHost: Network._set_host,
    may.BecomeOperator: Network._become_operator,
    may.Invite: Network._invite,
    may.RegisterAccount: Network._register_account,
    may.ChangeAccount: Network._change_account,
    may.DeleteAccount: Network._delete_account,
    may.LogIn: Network._log_in,
    may.LogOut: Network._log_out,
    may.SetDefence: lambda network, event: bans.set_defence(network, event),
    may.SetAgent: lambda network, event: agents.set_agent(network, event),
    may.SetBan: lambda network, event: bans.set_ban(network.bans, event),
    may.LiftBan: lambda network, event: bans.lift_ban(network.bans, event),
}
