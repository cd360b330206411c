"""Users and their connections: what happens to a user when connections end, and who stays without any.

What belongs here: everything between "the connection is gone" and "the user has left", also over a restart.
What must not: how a connection joins a user (`commands.attaching`), who may stay (`policy.user`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia import limits
from tertulia.commands.away import UNSAID, away_of
from tertulia.policy.user import stays_on
from tertulia.protocol.accounts import AccountRecord, setting
from tertulia.protocol.casemap import fold
from tertulia.protocol.modes import RANK_BITS, ModeChange
from tertulia.protocol.presence import AccountTime, Presence, PresenceGone, StandsIn
from tertulia.server import announce
from tertulia.state import changes as did
from tertulia.state import events as may
from tertulia.state.changes import Change
from tertulia.state.user import User

if TYPE_CHECKING:
    from tertulia.server.hub import Hub
    from tertulia.server.session import Session

AUTO_AWAY = ("Not connected at the moment", "Sin conexión en este momento")
EXPIRED = ("Away for too long", "Demasiado tiempo fuera")


# --- connections end ------------------------------------------------------------------------------


def stays(hub: Hub, user: User) -> bool:
    """Whether the user stays without a connection. Of an account that is several users only one does."""
    record = _staying_account(hub, user.account)
    return record is not None and hub.network.logged_in(record.key)[0] is user


def has_room(hub: Hub) -> bool:
    return len(hub.absent) < limits.ABSENT_USERS


def detach(hub: Hub, session: Session, user: User) -> None:
    """A connection has ended and its user stays: nobody is told, except that nobody may be here now."""
    note_device(hub, session)
    hub.fanout.detach(user, session)
    left = hub.sessions(user)
    if not left and user.operator is not None:  # rights are for who is here
        _apply(hub, may.SetUserModes(user.id, (ModeChange(False, "o"),)))
    _apply(hub, may.Detach(user.id, hub.now_ms // 1000, not left))
    _apply(hub, may.SetAway(user.id, away_of(left) if left else _absent(hub, session, user)))


def _absent(hub: Hub, session: Session, user: User) -> str | None:
    """What is told of somebody without a connection: their own words if the last one to go said some."""
    if session.away not in ("", UNSAID):
        return session.away
    record = _staying_account(hub, user.account)
    automatic = record is None or setting(record, "auto-away") != "off"
    return _words(hub, AUTO_AWAY) if automatic else user.away


def note_device(hub: Hub, session: Session) -> None:
    """Remember that one of the account's devices was here until now."""
    user = session.user
    if user is not None and user.account is not None:
        hub.keep_soon(AccountTime(fold(user.account), "device", session.device, hub.now_ms))


def last_here(hub: Hub, session: Session) -> int:
    """When the session's device was last here, in milliseconds; 0: it never was. A connection of the same
    device that has not ended yet was here when it last said something. Raises `NotStored`."""
    user = session.user
    if user is None or user.account is None:
        return 0
    account = fold(user.account)
    devices = {one.name: one.at_ms for one in hub.times(account) if one.kind == "device"}
    for name in sorted(devices, key=devices.__getitem__)[: -limits.DEVICES_PER_ACCOUNT]:
        hub.keep_soon(AccountTime(account, "device", name, 0))
    twins = [one for one in hub.sessions(user) if one is not session and one.device == session.device]
    heard = [hub.now_ms - round((hub.instant - twin.heard_at) * 1000) for twin in twins]
    return max([devices.get(session.device, 0), *heard])


# --- who is absent --------------------------------------------------------------------------------


def note(hub: Hub, change: Change) -> None:
    """Something has changed: what is kept of those who stay follows."""
    kind = type(change)
    if kind in _OF_A_USER:
        user: User = change.user  # type: ignore[union-attr]  # each of these has one
        if user.account is not None:
            _keep(hub, user)
    elif isinstance(change, did.RoomRenamed):
        for member in change.room.members:
            if member.account is not None:
                _keep(hub, member)
    elif isinstance(change, did.RoomModesChanged | did.RegistrationChanged):
        for one in change.changes:
            ranked = hub.network.user(one.param or "") if one.letter in RANK_BITS else None
            if ranked is not None and ranked.account is not None:
                _keep(hub, ranked)
    elif isinstance(change, did.Left):
        hub.absent.pop(change.user, None)
        _forget(hub, change.user.account)
    elif isinstance(change, did.LoggedOut):
        _forget(hub, change.was)
    elif isinstance(change, did.AccountChanged):
        _reconsider(hub, change.record)


_OF_A_USER = frozenset({
    did.Attached, did.Detached, did.Entered, did.NickChanged, did.Joined, did.Parted, did.Kicked,
    did.LoggedIn, did.UserModesChanged, did.AwayChanged, did.RealnameChanged, did.HostChanged,
})  # fmt: skip


def _keep(hub: Hub, user: User) -> None:
    if user.absent_since:
        hub.absent[user] = None
    else:
        hub.absent.pop(user, None)
    if stays(hub, user):
        hub.keep_soon(presence_of(user))


def _forget(hub: Hub, account: str | None) -> None:
    record = _staying_account(hub, account)
    if record is not None:
        users = hub.network.logged_in(record.key)
        hub.keep_soon(presence_of(users[0]) if users else PresenceGone(record.key))


def _reconsider(hub: Hub, record: AccountRecord) -> None:
    """The account may have chosen otherwise."""
    users = hub.network.logged_in(record.key)
    if not users:
        return
    if stays_on(record, hub.settings.accounts.always_on):
        hub.keep_soon(presence_of(users[0]))
        return
    hub.keep_soon(PresenceGone(record.key))
    for user in users:
        if user.absent_since:
            hub.leave(user, "Quit")


def presence_of(user: User) -> Presence:
    assert user.account is not None
    modes = "".join(letter for letter in user.modes if letter != "o")
    return Presence(
        fold(user.account), user.nick, user.username, user.host, user.realname, modes, user.away or "",
        user.signon, user.absent_since, tuple(
            StandsIn(room.name, room.members[user], (room.since_ms or {}).get(user, 0)) for room in user.rooms
        ),
    )  # fmt: skip


def sweep(hub: Hub) -> None:
    """Who has been away for too long leaves. And devices that are here were here until now."""
    days, now = hub.settings.accounts.always_on_days, hub.now_ms // 1000
    for user in list(hub.absent):
        if days and now - user.absent_since >= days * 86_400:
            hub.leave(user, _words(hub, EXPIRED))
    note_devices(hub)


def note_devices(hub: Hub) -> None:
    for session in hub.connections:
        if not session.closing:
            note_device(hub, session)


def reconsider_all(hub: Hub) -> None:
    """The server's own rule has changed."""
    for record in list(hub.network.accounts):
        _reconsider(hub, record)


# --- the start ------------------------------------------------------------------------------------


def recall(hub: Hub) -> None:
    """Those who stayed when the server ended are here again, as they were."""
    now = hub.now_ms // 1000
    for presence in hub.store.presences():
        record, user = _staying_account(hub, presence.account), None
        if record is not None and not record.suspended and has_room(hub):
            if setting(record, "auto-away") != "off":
                presence = presence._replace(away=presence.away or _words(hub, AUTO_AWAY))
            user = hub.network.recall_user(presence, hub.ids.message(hub.now_ms), f"/{hub.ids.token()}", now)
        if user is None:
            hub.keep_soon(PresenceGone(presence.account))
        else:
            _keep(hub, user)


def _staying_account(hub: Hub, account: str | None) -> AccountRecord | None:
    record = hub.network.accounts.named(account) if account is not None else None
    return record if record is not None and stays_on(record, hub.settings.accounts.always_on) else None


def _words(hub: Hub, texts: tuple[str, str]) -> str:
    return texts[hub.settings.language == "es"]


def _apply(hub: Hub, event: may.Event) -> None:
    for change in hub.network.apply(event):
        announce.announce(hub, change, None)
