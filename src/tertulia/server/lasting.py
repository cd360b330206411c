"""What lasts: the records of changes, how they are taken back, and what follows once they are stored.

What belongs here: one row for each kind of lasting event. What must not: the commit (`hub`), and who is told
(`announce`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tertulia.ports import Record
from tertulia.protocol.casemap import fold
from tertulia.state import changes as did
from tertulia.state import events as may
from tertulia.state import renaming
from tertulia.state.changes import Change
from tertulia.state.network import Network
from tertulia.state.room import Room

Undo = Callable[[], None]
OF_ROOMS = (
    did.TopicChanged
    | did.RoomSettingChanged
    | did.RoomModesChanged
    | did.RegistrationChanged
    | did.RoomRenamed
)


def records(changes: Sequence[Change]) -> list[Record]:
    """What must be stored before these changes are told."""
    return [one.record for one in changes if isinstance(one, did.Lasting) and one.record is not None]


def stored(change: Change) -> None:
    """Its record is in the store now."""
    if isinstance(change, OF_ROOMS) and change.record is not None:
        change.room.remembered = True


def undo(network: Network, event: may.Event) -> Undo:
    """How to take the event back when the store refuses it: in the same turn, so that nobody saw it. Ask
    before it is applied.
    """
    prepare = _UNDO.get(type(event))
    return prepare(network, event) if prepare is not None else _nothing


def _room(
    network: Network, event: may.SetTopic | may.SetRoomSetting | may.SetRoomModes | may.SetRegistration
) -> Undo:
    room = network.room(event.room)
    return _as_it_was(room) if room is not None else _nothing


def _as_it_was(room: Room) -> Undo:
    record, members = room.record(), dict(room.members)

    def undo() -> None:
        room.restore(record)
        room.members.update(members)

    return undo


def _renaming(network: Network, event: may.RenameRoom) -> Undo:
    room = network.room(event.room)
    if room is None:
        return _nothing
    name, settings, leads = room.name, dict(room.settings), network.names.leads.copy()

    def undo() -> None:
        back = may.RenameRoom(room.key, name, event.by, "", event.at)
        renaming.rename(network.names, network.rooms, network.users, room, back)
        room.settings = settings
        network.names.leads = leads

    return undo


def _deletion(network: Network, event: may.DeleteAccount) -> Undo:
    """With what becomes of its rooms."""
    account = _account(network, fold(event.account))
    rooms = [_as_it_was(room) for room in network.rooms.values() if room.founder]

    def undo() -> None:
        account()
        for room in rooms:
            room()

    return undo


def _account(network: Network, key: str) -> Undo:
    record, users = network.accounts.named(key), network.logged_in(key)
    agent = network.agents.of(key)

    def undo() -> None:
        if record is None:
            network.accounts.drop(key)
            return
        network.accounts.put(record)
        if agent is not None:
            network.agents.put(agent)
        for user in users:
            network.take_account(user, record)

    return undo


def _ban(network: Network, kind: str, target: str) -> Undo:
    record = network.bans.get(kind, target)
    if record is None:
        return lambda: network.bans.drop(kind, target)
    return lambda: network.bans.put(record)


def _defence(network: Network) -> Undo:
    level = network.defence

    def undo() -> None:
        network.defence = level

    return undo


def _agent(network: Network, event: may.SetAgent) -> Undo:
    record = network.agents.of(event.record.key)
    if record is None:
        return lambda: network.agents.drop(event.record.key)
    return lambda: network.agents.put(record)


def _nothing() -> None:
    pass


_UNDO: dict[type, Callable[[Network, Any], Undo]] = {
    may.SetTopic: _room,
    may.SetRoomSetting: _room,
    may.SetRoomModes: _room,
    may.SetRegistration: _room,
    may.RenameRoom: _renaming,
    may.RegisterAccount: lambda network, event: _account(network, event.record.key),
    may.ChangeAccount: lambda network, event: _account(network, event.record.key),
    may.DeleteAccount: _deletion,
    may.SetAgent: _agent,
    may.SetDefence: lambda network, event: _defence(network),
    may.SetBan: lambda network, event: _ban(network, event.record.kind, event.record.target),
    may.LiftBan: lambda network, event: _ban(network, event.kind, event.target),
}
