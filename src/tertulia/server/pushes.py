"""Web Push: which devices are to hear of what was said, and when.

What belongs here: the subscriptions in memory, who counts as absent, what of a message a notification
carries, how often. What must not: WEBPUSH (`commands.webpush`), encryption and sending (`transports.push`).

While nobody has subscribed, a tick pays one test of truth for all this. With subscriptions each message costs
its words: they are looked up among the nicks, so it does not matter how many people have subscribed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tertulia import limits
from tertulia.commands.turn import NotStored, PushFull
from tertulia.ports import Pusher, Record
from tertulia.protocol import capabilities as cap
from tertulia.protocol.casemap import fold
from tertulia.protocol.history import Message
from tertulia.protocol.modes import RANKS
from tertulia.protocol.names import is_room
from tertulia.protocol.text import cut
from tertulia.protocol.times import written
from tertulia.protocol.webpush import Push, Subscription, SubscriptionGone
from tertulia.server.render import Said, line_room, time_tag, told_tags
from tertulia.state import changes as did
from tertulia.state.room import Room
from tertulia.state.user import User

if TYPE_CHECKING:
    from tertulia.server.hub import Hub

FORM = cap.MESSAGE_TAGS | cap.SERVER_TIME | cap.ACCOUNT_TAG
"""What changes the form of a single line; "exactly one IRC message" leaves no room for batches."""
_WORD = re.compile(r"[\w\[\]\\`^{|}-]+")  # of letters that nicks have
_SYMBOLS = {rank.symbol: rank.bit for rank in RANKS}


class Pushes:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.service: Pusher | None = None  # set by who wires it, when there is one
        self._of: dict[str, dict[str, Subscription]] = {}  # by account, then endpoint
        self._owner: dict[str, str] = {}  # of each endpoint
        self._told: dict[str, set[str]] = {}  # conversations of which a device shows something, by account
        self._read_at: dict[str, float] = {}  # when an account last read somewhere, on the monotonic clock
        self._allowance: dict[str, tuple[float, float]] = {}  # pushes left, and when that was
        self._noted: list[Message] = []
        self._new: set[tuple[User, Room | None]] = set()  # in this tick: in the room, or under their name
        self.expired = 0  # subscriptions that ended by themselves, since the start

    def __bool__(self) -> bool:
        """Whether anybody has subscribed."""
        return bool(self._of)

    def __len__(self) -> int:
        """How many devices have subscribed."""
        return len(self._owner)

    def recall(self) -> None:
        """At the start: those that are kept, but for the ones that nobody has renewed."""
        for one in self._hub.store.subscriptions():
            self._put(one)

    # --- subscribing ------------------------------------------------------------------------------

    @property
    def key(self) -> str:
        """The server's public key for VAPID; "" when there is none."""
        return self.service.key if self.service is not None else ""

    def register(self, one: Subscription) -> None:
        """Keep it, in place of any other with its endpoint. Raises `PushFull`, `NotStored`."""
        own = self._of.get(one.account, {})
        if one.endpoint not in own and (
            len(own) >= limits.PUSH_DEVICES or len(self._owner) >= limits.PUSH_SUBSCRIPTIONS
        ):
            raise PushFull
        if (error := self._hub.commit([one])) is not None:
            raise NotStored(error.code)
        self._put(one)

    def unregister(self, account: str, endpoint: str) -> None:
        """Raises `NotStored`."""
        if self._owner.get(endpoint) != account:
            return
        if (error := self._hub.commit([SubscriptionGone(endpoint)])) is not None:
            raise NotStored(error.code)
        self._drop(endpoint)

    def gone(self, one: Subscription) -> None:
        """The push service does not know it any more. A newer one with its endpoint stays."""
        if self._of.get(one.account, {}).get(one.endpoint) == one:
            self._drop(one.endpoint)
            self.expired += 1
            self._hub.keep_soon(SubscriptionGone(one.endpoint))

    def note_change(self, change: did.Change, by: User | None) -> None:
        """Somebody is invited; or an account is deleted: whoever has its name next must not be heard on these
        devices. And who is new, since what was said just before was not said to them."""
        if not self._of:
            return
        match change:
            case did.Invited():
                self._invited(change, by)
            case did.AccountDeleted():
                for endpoint in list(self._of.get(change.record.key, ())):
                    self._drop(endpoint)
            case did.Joined():
                self._new.add((change.user, change.room))
            case did.Entered() | did.NickChanged():
                self._new.add((change.user, None))

    def _put(self, one: Subscription) -> None:
        self._drop(one.endpoint)
        self._of.setdefault(one.account, {})[one.endpoint] = one
        self._owner[one.endpoint] = one.account

    def _drop(self, endpoint: str) -> None:
        account = self._owner.pop(endpoint, None)
        if account is None:
            return
        left = self._of[account]
        del left[endpoint]
        if not left:
            for table in (self._of, self._told, self._read_at, self._allowance):
                table.pop(account, None)

    # --- what happens -----------------------------------------------------------------------------

    def note(self, message: Message) -> None:
        """Something was said: pushed at the end of this tick, if what it is stored with can be stored."""
        self._noted.append(message)

    def look(self, records: Iterable[Record]) -> None:
        """What was stored. Streams are noted when they end."""
        for record in records:
            if type(record) is Message and not record.state:
                self._noted.append(record)

    def forget_noted(self) -> None:
        """It could not be stored, so it was not said."""
        self._noted.clear()

    def put_out(self) -> None:
        """At the end of a tick."""
        noted, self._noted = self._noted, []
        for message in noted:
            if message.kind != "TAGMSG":
                self._message(message)
        self._new.clear()

    def read(self, user: User, target: str, at_ms: int) -> None:
        """Somebody has read so far: devices take away what they show of it."""
        account = fold(user.account) if user.account is not None else ""
        if account not in self._of:
            return
        self._read_at[account] = self._hub.instant
        told = self._told.get(account, set())
        if fold(target) in told:
            told.discard(fold(target))
            line = f":{self._hub.settings.name} MARKREAD {target} timestamp={written(at_ms)}"
            for one in self._devices(account):
                timed = f"@{time_tag(self._hub.now_ms)} {line}" if one.bits & cap.SERVER_TIME else line
                self._push(one, timed, "normal")

    # --- within -----------------------------------------------------------------------------------

    def _invited(self, change: did.Invited, by: User | None) -> None:
        """It waits for no commit: invitations are not stored."""
        account = fold(change.user.account or "")
        own = by is not None and fold(by.account or "") == account
        if account not in self._of or own or not self._is_absent(change.user, account):
            return
        if not self._takes(account):
            return
        self._remember(account, fold(change.room.name))
        line = f":{change.by} INVITE {change.user.nick} {change.room.name}"
        for one in self._devices(account):
            tags = told_tags(
                self._hub.now_ms, by.account if by else None, one.bits & FORM, by is not None and by.bot
            )
            self._push(one, f"@{tags} {line}" if tags else line, "high")

    def _message(self, message: Message) -> None:
        room = self._room(message)
        for user in self._addressed(message, room):
            account = fold(user.account or "")
            if account not in self._of or not self._is_absent(user, account):
                continue
            if (user, None) in self._new or (user, room) in self._new:
                continue
            if message.account is not None and fold(message.account) == account:
                continue
            if self._takes(account):
                conversation = message.target if room is not None else message.source.partition("!")[0]
                self._tell(account, fold(conversation), message)

    def _room(self, message: Message) -> Room | None:
        return self._hub.network.room_of_buffer(message.buffer.lstrip("~&@%+"))

    def _addressed(self, message: Message, room: Room | None) -> Iterable[User]:
        """Whom it is for: the other one of a private talk, and in a room the members that it names."""
        network = self._hub.network
        if room is None:
            user = None if is_room(message.target.lstrip("~&@%+")) else network.user(message.target)
            return [user] if user is not None else []
        rank = _SYMBOLS.get(message.target[0], 0)
        words = dict.fromkeys(_WORD.findall(message.text))
        named = dict.fromkeys(user for word in words if (user := network.user(word)) is not None)
        return [user for user in named if user in room.members and room.members[user] >= rank]

    def _is_absent(self, user: User, account: str) -> bool:
        """Without a connection, away, or at none of its connections for a while."""
        now, sessions = self._hub.instant, self._hub.sessions(user)
        if not sessions or user.away is not None:
            return True
        last = max(self._read_at.get(account, float("-inf")), *(one.spoke_at for one in sessions))
        return now - last >= limits.PUSH_INACTIVE_SECONDS

    def _takes(self, account: str) -> bool:
        """Whether the account may be notified once more by now."""
        now = self._hub.instant
        left, at = self._allowance.get(account, (limits.PUSH_BURST, now))
        left = min(limits.PUSH_BURST, left + (now - at) * limits.PUSH_PER_SECOND)
        self._allowance[account] = (max(0.0, left - 1), now)
        return left >= 1

    def _tell(self, account: str, conversation: str, message: Message) -> None:
        self._remember(account, conversation)
        forms: dict[int, str] = {}
        for one in self._devices(account):
            form = one.bits & FORM
            if form not in forms:
                forms[form] = line_of(message, form)
            self._push(one, forms[form], "high")

    def _remember(self, account: str, conversation: str) -> None:
        told = self._told.setdefault(account, set())
        if len(told) < limits.READ_MARKS:
            told.add(conversation)

    def _devices(self, account: str) -> Sequence[Subscription]:
        """Of an account that may be used; those that nobody renewed are forgotten."""
        record = self._hub.network.accounts.named(account)
        if record is None or record.suspended:
            return []
        oldest = self._hub.now_ms // 1000 - limits.PUSH_DAYS * 86_400
        devices = list(self._of[account].values())
        for one in devices:
            if one.renewed_at < oldest:
                self.gone(one)
        return [one for one in devices if one.renewed_at >= oldest]

    def _push(self, one: Subscription, line: str, urgency: str) -> None:
        if self.service is not None and line:
            self.service.push(Push(one, line.encode(), urgency, limits.PUSH_TTL_SECONDS))


def line_of(message: Message, form: int) -> str:
    """A message as one line without CRLF that fits a notification: "servers MAY drop some or all message
    tags ... MUST NOT drop the `msgid` tag"."""
    room = line_room(message.source, message.kind, message.target)
    flat = " ".join(message.text.split("\n")).strip() or " "
    short = message._replace(text=cut(flat, room)[0], cuts="", state="")
    line = Said(short).render(form).removesuffix("\r\n")
    if len(line.encode()) > limits.PUSH_PAYLOAD_BYTES:
        line = Said(short._replace(tags="")).render(form).removesuffix("\r\n")
    return line
