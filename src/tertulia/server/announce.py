"""Announcements: each kind of change, put into words for whom it concerns.

What belongs here: a table from changes to who is told what. What must not: state, permission, the form of
messages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from tertulia.commands import audit, join, room_desk
from tertulia.commands.notices import notify
from tertulia.commands.turn import Turn
from tertulia.limits import LINE_BYTES
from tertulia.policy.room import may_speak
from tertulia.protocol import capabilities as cap
from tertulia.protocol.accounts import AccountRecord
from tertulia.protocol.casemap import fold
from tertulia.protocol.line import trailing
from tertulia.protocol.modes import HALF_OPERATOR, fitting, write_modes
from tertulia.protocol.numerics import NUMERICS
from tertulia.server import auditorium, happenings, metadata, presence
from tertulia.server.hosts import host_changed
from tertulia.server.renamed import room_renamed
from tertulia.server.render import Told
from tertulia.state import changes as did
from tertulia.state.changes import Change
from tertulia.state.room import Room
from tertulia.state.user import User

if TYPE_CHECKING:
    from tertulia.server.hub import Hub
    from tertulia.server.session import Session


def announce(hub: Hub, change: Change, turn: Turn | None) -> None:
    """Tell a change. `turn`: whose command it was; what it hears itself is then a part of its answer."""
    _TABLE[type(change)](hub, change, turn)
    presence.note(hub, change)
    hub.pushes.note_change(change, _doer(turn))
    hub.invitations.note_change(change)
    happenings.note(hub, change, _doer(turn))
    metadata.note(hub, change, turn)


def _to_room(hub: Hub, room: Room, entry: Told, turn: Turn | None) -> None:
    session: Session | None = turn.session if turn is not None else None  # type: ignore[assignment]
    skip = None
    if turn is not None and turn.label is not None and session in hub.fanout.audience(room):
        turn.add(entry)
        skip = session
    hub.fanout.room(room, entry, session, skip)


def _of_member(hub: Hub, room: Room, user: User, hidden: bool, entry: Told, turn: Turn | None) -> None:
    """That somebody comes, goes or is there: in an auditorium, to those who see its audience."""
    if not hidden:
        _to_room(hub, room, entry, turn)
        return
    for session in {**auditorium.seers(hub, room), **dict.fromkeys(hub.fanout.sessions.get(user, ()))}:
        if turn is not None and session is turn.session and turn.label is not None:
            turn.add(entry)
        else:
            hub.fanout.apart(room, session, entry)


def _to_neighbours(
    hub: Hub, user: User, entry: Told, turn: Turn | None, only: int = 0, others: bool = False
) -> None:
    """To everybody who shares a room with the user, once each; `others`: not to the user itself."""
    own = hub.fanout.sessions.get(user, ())
    hearing: dict[Any, None] = _neighbours(hub, user, user.rooms)
    if only:  # what only those hear who asked for it, they may have asked to hear of strangers too
        watching = hub.watchers.of(user.key)
        hearing.update((one, None) for one in watching if one.capabilities & cap.EXTENDED_MONITOR)
    for session in hearing:
        if only and not session.capabilities & only:
            continue
        if session in own and others:
            continue
        if turn is not None and session is turn.session:
            turn.add(entry)
        else:
            hub.fanout.session(session, entry)


def _neighbours(hub: Hub, user: User, rooms: Iterable[Room], hidden: Sequence[Room] = ()) -> dict[Any, None]:
    """Who shares one of these rooms with the user and sees it there; `hidden`: where it was an auditorium's
    audience before it left."""
    behind = [room for room in rooms if room in hidden or (room.hides(user) and user in room.members)]
    found: dict[Any, None] = hub.fanout.neighbours(user, [room for room in rooms if room not in behind])
    for room in behind:
        found.update(auditorium.seers(hub, room))
    return found


def _entered(hub: Hub, change: did.Entered, turn: Turn | None) -> None:
    assert turn is not None, "a user enters by a command of its session"
    session: Session = turn.session  # type: ignore[assignment]
    session.user = turn.user = change.user
    session.password = ""
    hub.fanout.connect(change.user, session)
    hub.fanout.take_name()
    _keep_seen(hub, change.seen)
    _tell_watchers(hub, "RPL_MONONLINE", change.user.key, change.user.prefix)
    if hub.network.listeners:
        user = change.user
        notify(hub, "c", "connected", nick=user.nick, username=user.username, address=user.address,
               door=user.door, realname=user.realname)  # fmt: skip


def _attached(hub: Hub, change: did.Attached, turn: Turn | None) -> None:
    assert turn is not None, "a connection attaches by a command of its own"
    session: Session = turn.session  # type: ignore[assignment]
    session.user = turn.user = change.user
    session.password = ""
    hub.fanout.attach(change.user, session)
    _keep_seen(hub, change.seen)


def _detached(hub: Hub, change: did.Detached, turn: Turn | None) -> None:
    """That one connection of several has ended is nobody's business."""


def _nick_changed(hub: Hub, change: did.NickChanged, turn: Turn | None) -> None:
    hub.fanout.take_name()
    line = f":{change.old_prefix} NICK {trailing(change.user.nick)}"
    _to_neighbours(hub, change.user, Told(hub.now_ms, (0, line), by=change.user), turn)
    if hub.network.listeners:
        notify(
            hub, "n", "nick changed", old=change.old_nick, nick=change.user.nick, address=change.user.address
        )
    if fold(change.old_nick) != change.user.key:
        _tell_watchers(hub, "RPL_MONOFFLINE", fold(change.old_nick), change.old_nick)
        _tell_watchers(hub, "RPL_MONONLINE", change.user.key, change.user.prefix)


def _tell_watchers(hub: Hub, numeric: str, key: str, who: str) -> None:
    """ "either a target has just become online" or "has just left": to those who watch the folded nick."""
    for session in hub.watchers.of(key):
        head = f":{hub.settings.name} {NUMERICS[numeric].number}"
        assert session.user is not None, "only users watch"
        line = f"{head} {session.user.nick} :{who}"
        hub.fanout.session(session, Told(hub.now_ms, (0, line)))  # type: ignore[arg-type]


def _joined(hub: Hub, change: did.Joined, turn: Turn | None) -> None:
    user, room = change.user, change.room
    session: Session | None = turn.session if turn is not None else None  # type: ignore[assignment]
    hub.fanout.joined(user, room)
    hidden = room.hides(user)
    _of_member(hub, room, user, hidden, joined_entry(hub, user, room), turn)
    if change.first and len(room.members) > 1:  # the programs that were there should know whom to obey
        told = Told(hub.now_ms, (0, f":{hub.settings.name} MODE {room.name} +o {user.nick}"))
        hub.fanout.room(room, told, session, session)  # the user itself sees it in the names
    if change.granted:
        words = " ".join(write_modes(change.granted))
        line = f":{room_desk.prefix(hub.settings.name)} MODE {room.name} {words}"
        _to_room(hub, room, Told(hub.now_ms, (0, line)), turn)
    if user.away is not None:
        words = f":{user.prefix} AWAY :{user.away}"
        away = Told(hub.now_ms, (cap.AWAY_NOTIFY, words), by=user)
        if hidden:
            for one in auditorium.seers(hub, room):
                hub.fanout.session(one, away)
        else:
            hub.fanout.room(room, away, session, session)
    for other in hub.fanout.sessions.get(user, ()):
        if turn is None or other is not turn.session:  # whose own command shows it the room
            showing = hub.turn(other)
            join.shown(showing, room)
            hub.answer(showing)


def joined_entry(hub: Hub, user: User, room: Room) -> Told:
    """ "JOIN channel accountname :Real Name" (extended-join), and without."""
    extended = f":{user.prefix} JOIN {room.name} {user.account or '*'} :{user.realname}"
    plain = f":{user.prefix} JOIN {room.name}"
    return Told(hub.now_ms, (cap.EXTENDED_JOIN, extended), (0, plain), by=user)


def _parted(hub: Hub, change: did.Parted, turn: Turn | None) -> None:
    user, room = change.user, change.room
    _leave_streams(hub, user, room)
    reason = f" :{change.reason}" if change.reason is not None else ""
    line = f":{user.prefix} PART {room.name}{reason}"
    _of_member(hub, room, user, change.hidden, Told(hub.now_ms, (0, line), by=user), turn)
    hub.fanout.parted(user, room)


def _kicked(hub: Hub, change: did.Kicked, turn: Turn | None) -> None:
    _leave_streams(hub, change.user, change.room)
    for session in hub.fanout.sessions.get(change.user, ()):
        hub.fanout.segment(change.room, session)  # heard before whatever the kicked one does next, elsewhere
    line = f":{change.by} KICK {change.room.name} {change.user.nick} :{change.reason}"
    told = Told(hub.now_ms, (0, line), by=_doer(turn))
    _of_member(hub, change.room, change.user, change.hidden, told, turn)
    hub.fanout.parted(change.user, change.room)


def _leave_streams(hub: Hub, user: User, room: Room) -> None:
    """What the leaver was saying there breaks off, and what others are saying goes on without the leaver."""
    for stream in hub.streams.of(room):
        if stream.speaker is user:
            stream.abandon(None, "left the room")
    hub.streams.left(room, user)


def _silence_streams(hub: Hub, room: Room) -> None:
    """Who "may no longer speak" breaks off."""
    for stream in hub.streams.of(room):
        denied = may_speak(room, stream.speaker)
        if denied is not None:
            stream.silence(denied)


def _left(hub: Hub, change: did.Left, turn: Turn | None) -> None:
    user = change.user
    own = hub.fanout.sessions.get(user, ())
    entry = Told(hub.now_ms, (0, f":{user.prefix} QUIT :{change.reason}"), by=user)
    if hub.leaving is not None:
        hub.leaving.add(entry, change.rooms, change.hidden)
    elif len(change.rooms) == 1 and own and not change.hidden:  # the usual case shares the room's buffer
        hub.fanout.farewell(change.rooms[0], entry, own[0])
    else:
        for session in _neighbours(hub, user, change.rooms, change.hidden):
            if session not in own:
                hub.fanout.session(session, entry)
    for room in change.rooms:
        hub.fanout.parted(user, room)
    _tell_watchers(hub, "RPL_MONOFFLINE", user.key, user.nick)
    hub.marks.forget(user, user.account)
    if hub.network.listeners:
        notify(hub, "d", "disconnected", nick=user.nick, username=user.username, address=user.address,
               reason=change.reason)  # fmt: skip


def _topic_changed(hub: Hub, change: did.TopicChanged, turn: Turn | None) -> None:
    _to_room(
        hub,
        change.room,
        Told(
            hub.now_ms,
            (0, f":{change.by} TOPIC {change.room.name} :{change.room.topic}"),
            by=_doer(turn),
        ),
        turn,
    )


def _room_modes_changed(
    hub: Hub, change: did.RoomModesChanged | did.RegistrationChanged, turn: Turn | None
) -> None:
    _silence_streams(hub, change.room)
    head = f":{change.by or room_desk.prefix(hub.settings.name)} MODE {change.room.name}"
    steps = auditorium.steps(hub, change.room, change.changes) if "u" in change.room.flags else None
    for user in steps.came if steps else ():
        auditorium.tell_audience(hub, change.room, user, joined_entry(hub, user, change.room))
    for words in fitting(change.changes, LINE_BYTES - len(f"{head} \r\n".encode())):
        _to_room(hub, change.room, Told(hub.now_ms, (0, f"{head} {words}"), by=_doer(turn)), turn)
    for user in steps.risen if steps else ():
        auditorium.show(hub, change.room, user)
    for user in steps.went if steps else ():
        auditorium.tell_audience(hub, change.room, user, auditorium.gone(hub, change.room, user))
    if steps:
        auditorium.hide(hub, change.room, steps.fallen, turn)
    if any(one.letter == "u" for one in change.changes):
        if steps:
            auditorium.dimmed(hub, change.room, turn)
        else:
            auditorium.opened(hub, change.room, change.changes)


def _registration_changed(hub: Hub, change: did.RegistrationChanged, turn: Turn | None) -> None:
    if change.changes:
        _room_modes_changed(hub, change, turn)


def _user_modes_changed(hub: Hub, change: did.UserModesChanged, turn: Turn | None) -> None:
    user = change.user
    line = f":{user.nick} MODE {user.nick} {' '.join(write_modes(change.changes))}\r\n"
    for session in hub.fanout.sessions.get(user, ()):
        if turn is not None and session is turn.session:
            turn.items.append(line)
        else:
            hub.fanout.session(session, line)


def _away_changed(hub: Hub, change: did.AwayChanged, turn: Turn | None) -> None:
    user = change.user
    words = f" :{user.away}" if user.away is not None else ""
    line = f":{user.prefix} AWAY{words}"
    entry = Told(hub.now_ms, (cap.AWAY_NOTIFY, line), by=user)
    _to_neighbours(hub, user, entry, turn, only=cap.AWAY_NOTIFY, others=True)


def _realname_changed(hub: Hub, change: did.RealnameChanged, turn: Turn | None) -> None:
    line = f":{change.user.prefix} SETNAME :{change.user.realname}"
    entry = Told(hub.now_ms, (cap.SETNAME, line), by=change.user)
    _to_neighbours(hub, change.user, entry, turn, only=cap.SETNAME)


def _operator_made(hub: Hub, change: did.OperatorMade, turn: Turn | None) -> None:
    hub.log("operator", nick=change.user.nick, operator=change.user.operator, address=change.user.address)
    audit.note(hub, None, "OPER", change.user.nick, change.user.address, who=change.user.prefix)
    notify(hub, "o", "operator", nick=change.user.nick, address=change.user.address,
           name=change.user.operator)  # fmt: skip
    auditorium.show_all(hub, change.user)


def _invited(hub: Hub, change: did.Invited, turn: Turn | None) -> None:
    line = f":{change.by} INVITE {change.user.nick} {change.room.name}"
    hub.fanout.user(change.user, Told(hub.now_ms, (0, line), by=_doer(turn)))
    notice = Told(hub.now_ms, (cap.INVITE_NOTIFY, line), by=_doer(turn))
    for member, rank in change.room.members.items():
        if rank >= HALF_OPERATOR:
            hub.fanout.user(member, notice, only=cap.INVITE_NOTIFY, skip=turn.session if turn else None)


def _account_made(hub: Hub, change: did.AccountMade, turn: Turn | None) -> None:
    hub.log("account_made", account=change.record.name)
    notify(hub, "u", "account made", account=change.record.name, who=turn.me if turn is not None else "-")


def _quietly(hub: Hub, change: Change, turn: Turn | None) -> None:
    """Who made or lifted a ban tells it (`commands.banning`)."""


def _account_changed(hub: Hub, change: did.AccountChanged, turn: Turn | None) -> None:
    """Who changed it is told by the command."""


def _account_deleted(hub: Hub, change: did.AccountDeleted, turn: Turn | None) -> None:
    hub.log("account_deleted", account=change.record.name, words=change.record.words)
    if hub.files is not None:
        hub.files.forget(change.identity, change.record.words)
    if hub.keepsakes is not None:
        hub.keepsakes.account_gone(change.record.key)
    notify(hub, "u", "account gone", account=change.record.name)


def _logged_in(hub: Hub, change: did.LoggedIn, turn: Turn | None) -> None:
    """ ":nick!user@host ACCOUNT accountname", and RPL_LOGGEDIN: "sent when the user's account name is set
    (whether by SASL or otherwise)"."""
    user = change.user
    assert user.account is not None
    for own in _own_turns(hub, user, turn):
        own.numeric("RPL_LOGGEDIN", user.prefix, user.account, account=user.account)
        _send(hub, own, turn)
    _tell_account(hub, user, user.account, change.was, turn)
    hub.marks.forget(user, change.was)
    _keep_seen(hub, change.seen)


def _logged_out(hub: Hub, change: did.LoggedOut, turn: Turn | None) -> None:
    for own in _own_turns(hub, change.user, turn):
        own.numeric("RPL_LOGGEDOUT", change.user.prefix)
        _send(hub, own, turn)
    _tell_account(hub, change.user, "*", change.was, turn)
    hub.marks.forget(change.user, change.was)
    if change.user not in hub.fanout.sessions:
        hub.leave(change.user, "Logged out")


def _own_turns(hub: Hub, user: User, turn: Turn | None) -> list[Turn]:
    """The turn that is under way if it is the user's, and one for each of its other sessions."""
    return [
        turn if turn is not None and turn.session is session else hub.turn(session)
        for session in hub.fanout.sessions.get(user, ())
    ]


def _send(hub: Hub, own: Turn, turn: Turn | None) -> None:
    if own is not turn:
        hub.answer(own)


def _tell_account(hub: Hub, user: User, name: str, was: str | None, turn: Turn | None) -> None:
    """ "for clients on common channels with them, including themselves". The tag is of the account before."""
    line = f":{user.prefix} ACCOUNT {name}"
    entry = Told(hub.now_ms, (cap.ACCOUNT_NOTIFY, line), account=was)
    _to_neighbours(hub, user, entry, turn, only=cap.ACCOUNT_NOTIFY)


def _keep_seen(hub: Hub, seen: AccountRecord | None) -> None:
    if seen is not None:
        hub.keep(seen)


def _doer(turn: Turn | None) -> User | None:
    """Whose command it is."""
    return turn.user if turn is not None else None


def _room_setting_changed(hub: Hub, change: did.RoomSettingChanged, turn: Turn | None) -> None:
    """Who changed it is told by the command."""


_TABLE: dict[type, Callable[[Hub, Any, Turn | None], None]] = {
    did.Entered: _entered,
    did.Attached: _attached,
    did.Detached: _detached,
    did.NickChanged: _nick_changed,
    did.Joined: _joined,
    did.Parted: _parted,
    did.Kicked: _kicked,
    did.Left: _left,
    did.TopicChanged: _topic_changed,
    did.RoomSettingChanged: _room_setting_changed,
    did.RoomModesChanged: _room_modes_changed,
    did.RegistrationChanged: _registration_changed,
    did.RoomRenamed: room_renamed,
    did.UserModesChanged: _user_modes_changed,
    did.AwayChanged: _away_changed,
    did.RealnameChanged: _realname_changed,
    did.HostChanged: host_changed,
    did.OperatorMade: _operator_made,
    did.Invited: _invited,
    did.AccountMade: _account_made,
    did.AccountChanged: _account_changed,
    did.AccountDeleted: _account_deleted,
    did.LoggedIn: _logged_in,
    did.LoggedOut: _logged_out,
    did.AgentSet: _quietly,
    did.BanSet: _quietly,
    did.BanLifted: _quietly,
    did.DefenceSet: _quietly,
}
