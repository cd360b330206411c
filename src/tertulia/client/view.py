"""Rooms, members and topics as a client sees them.

What belongs here: applying events, and questions a screen or a model asks. What must not: lines, sockets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tertulia.client import events as e
from tertulia.protocol.casemap import fold

OPERATOR_MODES = "qaoh"  # owner, protected, operator, half-operator: who may stop others
_LETTERS = {"~": "q", "&": "a", "@": "o", "%": "h", "+": "v"}


@dataclass(slots=True)
class Member:
    nick: str
    modes: str = ""  # mode letters: "o", "v"
    account: str | None = None
    bot: bool = False
    away: str = ""


@dataclass(slots=True)
class Room:
    name: str
    topic: str = ""
    members: dict[str, Member] = field(default_factory=dict)  # by folded nick


class View:
    """What one nick knows. Only rooms it is in are kept."""

    def __init__(self, nick: str) -> None:
        self.nick = nick
        self.rooms: dict[str, Room] = {}

    def room(self, name: str) -> Room | None:
        return self.rooms.get(fold(name))

    def member(self, room: str, nick: str) -> Member | None:
        found = self.room(room)
        return found.members.get(fold(nick)) if found else None

    def account(self, nick: str) -> str | None:
        """Of whoever is in a room of ours under this nick, as far as it was told."""
        return next((one.account for one in self._everywhere(nick)), None)

    def is_operator(self, room: str, nick: str) -> bool:
        member = self.member(room, nick)
        return member is not None and any(letter in OPERATOR_MODES for letter in member.modes)

    def apply(self, event: e.Event) -> None:
        """Take note of what happened. Events that are not about membership are passed over."""
        match event:
            case e.Registered(nick=nick):
                self.nick, self.rooms = nick, {}
            case e.Joined():
                self._joined(event)
            case e.Left():
                self._left(event)
            case e.NickChanged(old=old, new=new):
                self._renamed(old, new)
            case e.Names(room=room, members=members):
                self._named(room, members)
            case e.ModeChanged(target=target, changes=changes) if found := self.room(target):
                _moded(found, changes)
            case e.TopicChanged(room=room, text=text) if found := self.room(room):
                found.topic = text
            case e.AccountChanged(nick=nick, account=account):
                for member in self._everywhere(nick):
                    member.account = account
            case e.AwayChanged(nick=nick, text=text):
                for member in self._everywhere(nick):
                    member.away = text
            case e.Message() if event.bot:
                for member in self._everywhere(event.nick):
                    member.bot = True
            case _:
                pass

    def _everywhere(self, nick: str) -> list[Member]:
        key = fold(nick)
        return [room.members[key] for room in self.rooms.values() if key in room.members]

    def _joined(self, event: e.Joined) -> None:
        if fold(event.nick) == fold(self.nick):
            self.rooms[fold(event.room)] = Room(event.room)
        if room := self.room(event.room):
            room.members[fold(event.nick)] = Member(event.nick, "", event.account, event.bot)

    def _left(self, event: e.Left) -> None:
        mine = fold(event.nick) == fold(self.nick)
        for key in [fold(event.room)] if event.room is not None else list(self.rooms):
            if mine:
                self.rooms.pop(key, None)
            elif key in self.rooms:
                self.rooms[key].members.pop(fold(event.nick), None)

    def _renamed(self, old: str, new: str) -> None:
        if fold(old) == fold(self.nick):
            self.nick = new
        for room in self.rooms.values():
            if member := room.members.pop(fold(old), None):
                member.nick = new
                room.members[fold(new)] = member

    def _named(self, name: str, members: tuple[tuple[str, str], ...]) -> None:
        if room := self.room(name):
            known: Mapping[str, Member] = room.members
            room.members = {}
            for nick, prefixes in members:
                member = known.get(fold(nick)) or Member(nick)
                member.nick, member.modes = nick, "".join(_LETTERS.get(prefix, "") for prefix in prefixes)
                room.members[fold(nick)] = member


def _moded(room: Room, changes: tuple[tuple[str, str, str | None], ...]) -> None:
    for sign, letter, nick in changes:
        if letter in _LETTERS.values() and nick and (member := room.members.get(fold(nick))):
            member.modes = member.modes.replace(letter, "") + (letter if sign == "+" else "")
