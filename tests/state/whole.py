"""The whole state of a network as plain values, to be compared; and what must be true of it."""

from __future__ import annotations

from typing import Any

from tertulia.state.network import Network
from tertulia.state.room import Room
from tertulia.state.user import User


def of(network: Network) -> dict[str, Any]:
    """All that can be known of it but who was here (WHOWAS) and how many there were."""
    return {
        "users": {user_id: of_user(user) for user_id, user in network.users.items()},
        "nicks": {key: user.id for key, user in network.nicks.items()},
        "rooms": {key: of_room(room) for key, room in network.rooms.items()},
        "accounts": {record.key: record for record in network.accounts},
    }


def of_user(user: User) -> dict[str, Any]:
    plain = {slot: getattr(user, slot) for slot in User.__slots__ if slot != "rooms"}
    return plain | {"rooms": [room.key for room in user.rooms]}


def of_room(room: Room) -> dict[str, Any]:
    members = {user.id: rank for user, rank in room.members.items()}
    return {"record": room.record(), "members": members, "remembered": room.remembered}
