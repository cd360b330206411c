"""What is kept of an account's presence, as values: its marks and devices, and the user that stays.

What belongs here: the shapes shared by the server and the stores. What must not: who stays
(`server.presence`), SQL.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Moment = Literal["read", "device"]


class AccountTime(NamedTuple):
    """A moment of an account: how far it has read a conversation, or when a device of it was last here."""

    account: str  # folded name
    kind: Moment
    name: str  # folded room or nick; folded name of the device, "" of those that have none
    at_ms: int  # 0: nothing is to be kept of it any more


class StandsIn(NamedTuple):
    """A room of a user that stays."""

    name: str
    rank: int  # sum of the rank bits
    since_ms: int = 0  # when it came, where the room knows it


class Presence(NamedTuple):
    """A user that stays without a connection, and over a restart of the server."""

    account: str  # folded name
    nick: str
    username: str
    host: str
    realname: str
    modes: str
    away: str  # "": here
    signon: int  # seconds since 1970
    absent_since: int  # seconds since 1970; 0: it had a connection
    rooms: tuple[StandsIn, ...]  # in the order of joining


class PresenceGone(NamedTuple):
    """A user that stays no more."""

    account: str
