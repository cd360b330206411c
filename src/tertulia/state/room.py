"""A room: its members, its settings, its lists.

What belongs here: plain facts about one room, and its record for the store. What must not: decisions
(`policy`).
"""

from __future__ import annotations

from tertulia.limits import NAMES_REMEMBERED
from tertulia.protocol.casemap import fold
from tertulia.protocol.history import Mask, RoomRecord
from tertulia.protocol.modes import DEFAULT_ROOM_FLAGS
from tertulia.protocol.rooms import Access
from tertulia.state.user import User

LISTS = {"b": "bans", "e": "exceptions", "I": "invitations"}


class Room:
    """Changed by `network.apply` only. Compared by identity, so it can be a key."""

    __slots__ = (
        "access",
        "bans",
        "created_at",
        "exceptions",
        "flags",
        "founder",
        "invitations",
        "key",
        "limit",
        "members",
        "name",
        "password",
        "registered_at",
        "remembered",
        "settings",
        "since_ms",
        "topic",
        "topic_at",
        "topic_by",
    )

    def __init__(self, name: str, created_at: int) -> None:
        self.name = name
        self.key = fold(name)
        self.created_at = created_at
        self.members: dict[User, int] = {}  # to the sum of its rank bits; in the order of joining
        self.topic = ""
        self.topic_by = ""
        self.topic_at = 0
        self.flags = frozenset(DEFAULT_ROOM_FLAGS)
        self.password = ""
        self.limit = 0
        self.bans: dict[str, Mask] = {}  # by folded mask
        self.exceptions: dict[str, Mask] = {}
        self.invitations: dict[str, Mask] = {}
        self.founder = ""  # folded name of an account; "": the room is not registered
        self.registered_at = 0
        self.access: dict[str, Access] = {}  # by `Access.who`
        self.settings: dict[str, str] = {}  # see `protocol.rooms.SETTINGS`
        self.since_ms: dict[User, int] | None = None  # of a registered room: when members came
        self.remembered = False  # there is something of it in the store, so it outlives its members

    def masks(self, letter: str) -> dict[str, Mask]:
        """The list behind the mode letter b, e or I."""
        masks: dict[str, Mask] = getattr(self, LISTS[letter])
        return masks

    def record(self) -> RoomRecord:
        return RoomRecord(
            key=self.key,
            name=self.name,
            created_at=self.created_at,
            topic=self.topic,
            topic_by=self.topic_by,
            topic_at=self.topic_at,
            flags="".join(sorted(self.flags)),
            password=self.password,
            limit=self.limit,
            bans=tuple(self.bans.values()),
            exceptions=tuple(self.exceptions.values()),
            invitations=tuple(self.invitations.values()),
            founder=self.founder,
            registered_at=self.registered_at,
            access=tuple(self.access.values()),
            settings=tuple(sorted(self.settings.items())),
        )

    def restore(self, record: RoomRecord) -> None:
        """Take the settings of a record, members apart: at start, and when the store refused a change."""
        self.created_at = record.created_at
        self.topic, self.topic_by, self.topic_at = record.topic, record.topic_by, record.topic_at
        self.flags = frozenset(record.flags)
        self.password, self.limit = record.password, record.limit
        self.bans = {fold(mask.mask): mask for mask in record.bans}
        self.exceptions = {fold(mask.mask): mask for mask in record.exceptions}
        self.invitations = {fold(mask.mask): mask for mask in record.invitations}
        self.founder, self.registered_at = record.founder, record.registered_at
        self.access = {entry.who: entry for entry in record.access}
        self.settings = dict(record.settings)

    def rename(self, name: str) -> None:
        """Its talk stays under the name that it is kept under."""
        buffer, names = self.buffer, dict.fromkeys((*self.former_names, self.key))
        self.name, self.key = name, fold(name)
        self.settings.pop("buffer", None)
        self.settings.pop("names", None)
        if buffer != self.key:
            self.settings["buffer"] = buffer
        if former := [one for one in names if one != self.key]:
            self.settings["names"] = " ".join([*former[:1], *former[1:][1 - NAMES_REMEMBERED :]])

    @property
    def former_names(self) -> tuple[str, ...]:
        """Folded; the earliest first."""
        return tuple(self.settings.get("names", "").split())

    @property
    def buffer(self) -> str:
        """Under which key its messages are remembered: its first name, whatever it is called now."""
        return self.settings.get("buffer", self.key)

    @property
    def kept(self) -> bool:
        """Whether what is said is stored."""
        return self.settings.get("history") != "off"

    def hides(self, user: User) -> bool:
        """Whether a member is one of an auditorium's audience (mode u), seen only by those who keep order."""
        return "u" in self.flags and not self.members.get(user)

    @property
    def secret(self) -> bool:
        return "s" in self.flags
