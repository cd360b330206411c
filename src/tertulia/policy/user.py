"""Questions about users: their names, and what they may know of each other."""

from __future__ import annotations

from tertulia.policy.auditorium import may_see_member
from tertulia.policy.operators import may
from tertulia.policy.room import may_see
from tertulia.protocol.accounts import AccountRecord, setting
from tertulia.protocol.casemap import fold
from tertulia.protocol.history import Message
from tertulia.protocol.names import reserved_nick, valid_nick
from tertulia.state.room import Room
from tertulia.state.user import User


def may_take_nick(nick: str) -> bool:
    """Whether the name itself is allowed; whether it is free is the network's to say."""
    return valid_nick(nick) and not reserved_nick(nick)


def owns_nick(user: User, owner: AccountRecord) -> bool:
    """Whether a user is logged in to the account whose name is the nick."""
    return user.account is not None and fold(user.account) == owner.key


def may_share(record: AccountRecord, default: bool) -> bool:
    """Whether several connections of an account are one user. `default`: the server's, for who chose
    nothing."""
    return {"on": True, "off": False}.get(setting(record, "multi-session"), default)


def stays_on(record: AccountRecord, server: str) -> bool:
    """Whether who uses this account stays when its connections end. `server`: opt-in, opt-out, mandatory or
    disabled."""
    if server in ("mandatory", "disabled"):
        return server == "mandatory"
    return {"on": True, "off": False}.get(setting(record, "always-on"), server == "opt-out")


def share_a_room(one: User, other: User) -> bool:
    return one is other or not one.rooms.keys().isdisjoint(other.rooms.keys())


def may_see_user(viewer: User, user: User) -> bool:
    """In WHO without a room: invisible users are seen by those who share a room and by operators who
    see rooms."""
    return not user.invisible or may(viewer, "see-rooms") or share_a_room(viewer, user)


def may_see_membership(viewer: User, user: User, room: Room) -> bool:
    """That a user is in a room: not in secret ones, of the invisible only rooms that are shared, and of an
    auditorium's audience none."""
    return (
        may_see(room, viewer)
        and may_see_member(room, viewer, user)
        and (not user.invisible or viewer is user or viewer in room.members or may(viewer, "see-rooms"))
    )


def said_it(user: User, message: Message) -> bool:
    """Whether these are the user's own words: by account; without one, by identity, or by the same name and
    host during the same stay."""
    if message.sender is not None:
        return message.sender == user.identity
    if message.account is not None:
        return message.account == user.account
    return message.source == user.prefix and message.time_ms >= user.signon * 1000


def may_see_address(viewer: User, user: User) -> bool:
    """Real addresses and certificate fingerprints are for oneself and for operators who see hosts."""
    return viewer is user or may(viewer, "see-hosts")
