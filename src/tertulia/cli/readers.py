"""What the server knows of its readers, for its models: `models.readers.Readers` on the hub.

What belongs here: those questions. What must not: answering any other about people.
"""

from __future__ import annotations

from tertulia.commands.turn import NotStored
from tertulia.policy.room import history_floor_ms
from tertulia.protocol.accounts import setting
from tertulia.protocol.casemap import fold
from tertulia.protocol.metadata import LANGUAGE, NO_MODELS, SETTING, read
from tertulia.protocol.numerics import LANGUAGES
from tertulia.server.hub import Hub


class HubReaders:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def read_until(self, nick: str, room: str) -> int:
        user = self._hub.network.user(nick)
        if user is None:
            return 0
        try:
            return self._hub.marks.until(user, fold(room))
        except NotStored:
            return 0

    def floor(self, nick: str, room: str) -> int:
        user, found = self._hub.network.user(nick), self._hub.network.room(room)
        return history_floor_ms(found, user) if found is not None and user is not None else 0

    def made_ms(self, account: str) -> int | None:
        record = self._hub.network.accounts.named(account)
        return record.created_at * 1000 if record is not None else None

    def is_barred(self, account: str) -> bool:
        record = self._hub.network.accounts.named(account)
        return record is None or bool(record.suspended)

    def nick_of(self, identity: str) -> str | None:
        network = self._hub.network
        if not identity.startswith("~"):
            return next((user.nick for user in network.logged_in(identity) if self._hub.sessions(user)), "")
        user = network.user(identity[1:].partition("!")[0])
        is_the_same = user is not None and user.account is None and fold(user.prefix) == identity[1:]
        return user.nick if user is not None and is_the_same else ""

    def refuses(self, identity: str) -> bool:
        """By their metadata; an account's also while nobody uses it."""
        if identity.startswith("~"):
            user = self._hub.network.user(identity[1:].partition("!")[0])
            return user is not None and self._hub.metadata.of(user).get(NO_MODELS) == "1"
        record = self._hub.network.accounts.named(identity)
        return record is not None and read(setting(record, SETTING)).get(NO_MODELS) == "1"

    def language_of(self, nick: str) -> str:
        """By their metadata, by what they said on one of their connections, by their account."""
        user = self._hub.network.user(nick)
        if user is None:
            return ""
        record = self._hub.network.accounts.named(user.account) if user.account is not None else None
        chosen = [self._hub.metadata.of(user).get(LANGUAGE, "").partition("-")[0]]
        chosen += [one.language for one in self._hub.sessions(user) if one.language_chosen]
        chosen += [setting(record, "language")] if record is not None else []
        return next((one for one in chosen if one in LANGUAGES), "")

    def kept_as(self, room: str) -> str:
        """As its talk is: that name is given to no other room."""
        found = self._hub.network.room(room)
        return found.buffer if found is not None else fold(room)

    def names_of(self, kept: str) -> tuple[str, ...]:
        found = self._hub.network.room_of_buffer(kept)
        return (found.key, *found.former_names) if found is not None else (kept,)

    def common_floor(self, room: str) -> int:
        found = self._hub.network.room(room)
        if found is None or found.since_ms is None:
            return 0
        return max((history_floor_ms(found, user) for user in found.members if not user.bot), default=0)
