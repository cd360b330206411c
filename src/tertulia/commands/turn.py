"""A turn: one command of one session, from its line to its replies.

What belongs here: what every handler is given, and the seams to the server (`World`, `Session`). What must
not: decisions about a single command. Handlers gather replies here and send nothing themselves; labels,
batches and the order on the wire are the server's business.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol

from tertulia.commands.guesses import Guesses
from tertulia.commands.settings import ServerSettings
from tertulia.limits import LINE_BYTES
from tertulia.ports import Ids, Keepsakes, Passwords, Peer, Pusher, Record
from tertulia.protocol.accounts import AccountRecord
from tertulia.protocol.agents import Place
from tertulia.protocol.audit import AuditEntry, AuditPage
from tertulia.protocol.capabilities import STANDARD_REPLIES as KNOWS_STANDARD_REPLIES
from tertulia.protocol.history import Message, Page, Search, TargetSeen
from tertulia.protocol.invitations import Invitation
from tertulia.protocol.line import Line
from tertulia.protocol.numerics import NUMERICS, STANDARD_REPLIES, written
from tertulia.protocol.tags import Tags
from tertulia.protocol.text import packed
from tertulia.protocol.webpush import Subscription
from tertulia.state.changes import Change
from tertulia.state.events import Event
from tertulia.state.network import Network
from tertulia.state.room import Room
from tertulia.state.user import User

if TYPE_CHECKING:
    from tertulia.commands.facts import Value
    from tertulia.commands.floods import Floods
    from tertulia.commands.metadata_lists import Metadata
    from tertulia.commands.monitor import Watchers
    from tertulia.commands.sasl import Exchange
    from tertulia.commands.tokens import Tokens
    from tertulia.ports import Files, Inspector


class Refuse(Exception):
    """A command cannot be carried out: the numeric that says so, with its parameters and fields."""

    def __init__(self, numeric: str, *params: str, **fields: object) -> None:
        super().__init__(numeric)
        self.numeric, self.params, self.fields = numeric, params, fields


class NotStored(Exception):
    """The store refused what the command wanted to keep. `code` is that of `ports.StoreError`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Entry(Protocol):
    """Something said or done, not yet in the form that a session's capabilities ask for."""

    def render(self, capabilities: int) -> str:
        """Whole lines with CR LF for a session with these capabilities; "" when it gets nothing."""


class Weighed(Entry, Protocol):
    @property
    def weight(self) -> int:
        """About how many bytes it becomes."""


class OpenBatch(Protocol):
    """A client batch being received."""

    opened: float  # monotonic seconds
    lifetime: float  # seconds after which it is abandoned

    def line(self, turn: Turn, line: Line) -> None: ...

    def close(self, turn: Turn, tags: Tags | None) -> None: ...

    def abandon(self, turn: Turn | None, reason: str) -> None:
        """It will not be closed by who opened it. `turn`: where to say so, when the session is still
        there.
        """


class Session(Protocol):
    """One connection, as the verbs see it."""

    peer: Peer
    user: User | None
    capabilities: int
    cap_version: int
    negotiating: bool  # CAP LS came and CAP END has not
    language: str
    language_chosen: bool
    nick_wanted: str
    username: str
    realname: str
    password: str
    account: str  # folded name of the account it logged in to before it had a user
    away: str  # what AWAY said here, before registration too (IRCv3 pre-away); "": nothing
    device: str  # which of the account's devices it says to be, folded; "" when it did not say
    opened_at: float  # monotonic seconds
    heard_at: float  # the same, of the last bytes
    exchange: Exchange | None  # the SASL exchange under way
    spoke_at: float  # monotonic seconds of the last PRIVMSG or NOTICE
    batches: dict[str, OpenBatch]


class Marks(Protocol):
    """How far users have read conversations (folded names), in milliseconds. Both raise NotStored."""

    def until(self, user: User, target: str) -> int:
        """0: not known."""

    def set(self, user: User, target: str, at_ms: int) -> bool:
        """False when it had been read as far."""


class Inboxes(Protocol):
    """How far agents have got. All raise NotStored."""

    def places(self, agent: str) -> Mapping[str, Place]:
        """Of an agent (folded name), by buffer."""

    def begin(self, place: Place) -> None:
        """A first one, kept at once."""

    def put(self, place: Place) -> None:
        """Kept with the next commit, together with what is said in this turn."""

    def entry(self, target: str, messages: Sequence[Message]) -> Weighed:
        """Claimed messages as an answer."""


class TooManyLinks(Exception):
    """No more invitations can be made."""


class Invitations(Protocol):
    """Invitations by link, under their words."""

    def make(self, word: str, one: Invitation) -> None:
        """Raises `TooManyLinks`, `NotStored`."""

    def find(self, word: str) -> Invitation | None:
        """One that can still be used."""

    def of_room(self, buffer: str) -> list[Invitation]: ...

    def use(self, one: Invitation) -> None:
        """Count a use. Raises `NotStored`."""

    def revoke(self, one: Invitation) -> None:
        """Raises `NotStored`."""

    def room_of(self, word: str) -> Room | None:
        """Where a good one leads."""


class Vitals(Protocol):
    """How the server is."""

    inspector: Inspector | None  # how the models are; None: there are none

    def numbers(self) -> Mapping[str, Value]:
        """Numbers of the running server by their names, as `server.vitals` lists them."""

    def waiting_bytes(self, session: Session) -> int:
        """What a session's reader has not taken yet."""


class PushFull(Exception):
    """No more devices can be reached."""


class Pushes(Protocol):
    """The devices of accounts (folded names) that Web Push reaches."""

    service: Pusher | None

    @property
    def key(self) -> str: ...

    def register(self, one: Subscription) -> None:
        """Raises `PushFull`, `NotStored`."""

    def unregister(self, account: str, endpoint: str) -> None:
        """Raises `NotStored`."""

    def read(self, user: User, target: str, at_ms: int) -> None:
        """A user has read a conversation so far."""


class World(Protocol):
    """The server, as the verbs see it."""

    network: Network
    settings: ServerSettings
    ids: Ids
    passwords: Passwords
    guesses: Guesses
    floods: Floods
    watchers: Watchers
    metadata: Metadata
    tokens: Tokens
    files: Files | None  # where files are handed in; None: nowhere
    keepsakes: Keepsakes | None  # what models keep; None: there are none
    log: Callable[..., None]  # (event, **fields): the operator's lines
    now_ms: int  # wall clock of this tick
    started_ms: int  # when the server began
    instant: float  # monotonic seconds of this tick

    @property
    def marks(self) -> Marks: ...

    @property
    def inboxes(self) -> Inboxes: ...

    @property
    def invitations(self) -> Invitations: ...

    @property
    def vitals(self) -> Vitals: ...

    @property
    def pushes(self) -> Pushes: ...

    async def propose(self, event: Event, turn: Turn | None = None) -> tuple[Change, ...]:
        """Have an event applied, kept where it lasts, and told to whom it concerns. Raises Conflict,
        NotStored.
        """

    def keep(self, record: Record) -> None:
        """Have a record in the next commit: for what is not told to anybody."""

    def audit(self, page: AuditPage) -> list[AuditEntry]:
        """What operators did. Raises NotStored when the store cannot be read."""

    def say(self, turn: Turn, message: Message, room: Room | None, others: Iterable[User] = ()) -> None:
        """Store (PRIVMSG, NOTICE) and relay a message: to a room's members, or to `others`, and echo it."""

    def page(self, page: Page) -> list[Message]:
        """Stored messages, with everything said before now. Raises NotStored when the store cannot be
        read.
        """

    def targets(
        self,
        identity: str,
        rooms: Sequence[str],
        after_ms: int,
        before_ms: int,
        limit: int,
        newest_first: bool,
    ) -> list[TargetSeen]: ...

    async def search(self, search: Search) -> list[Message]:
        """What was found, with everything said before now; it may take a while. Raises NotStored."""

    def history_entry(self, target: str, messages: Sequence[Message], batch: str = "chathistory") -> Entry:
        """Stored messages as one answer, in a batch of this type, in the form that the reader negotiated."""

    def tell(self, users: Iterable[User], entry: Entry, only: int = 0, skip: Session | None = None) -> None:
        """Relay an entry to users; with `only`, to sessions that have this capability bit."""

    def tell_metadata(self, turn: Turn, target: User | Room, key: str, value: str) -> None:
        """A value was set ("": taken away): tell who subscribed to the key."""

    def sync_metadata(
        self, turn: Turn, target: User | Room | None, keys: Sequence[str] | None = None
    ) -> None:
        """Add to the answer what the session subscribed to: of the target and, in a room, of its members."""

    def drop(self, session: Session, reason: str) -> None:
        """End a session: ERROR, its user leaves with this reason, the wire closes."""

    def drop_user(self, user: User, reason: str) -> None:
        """End every session of a user, and the user."""

    def sessions(self, user: User) -> Sequence[Session]: ...

    def turn(self, session: Session) -> Turn:
        """A turn without a command, for what another session is to be told. `answer` sends it."""

    def sessions_of_account(self, user: User) -> Sequence[Session]:
        """All sessions of the user's account, of other users too; a guest's own."""

    def last_here(self, session: Session) -> int:
        """When the session's device was last here before, in milliseconds; 0: never, or nobody knows. Raises
        NotStored when the store cannot be read."""

    def missed_entry(self, user: User, target: str, messages: Sequence[Message]) -> Weighed:
        """What was said in a conversation while the user's device was away."""

    def joined_entry(self, user: User, room: Room) -> Entry:
        """JOIN of somebody who has been there for some time: for another connection of theirs."""

    def capabilities_changed(self, session: Session) -> None: ...

    def open_stream(self, turn: Turn, reference: str, room: Room | None, user: User | None) -> OpenBatch:
        """Begin a `tertulia.chat/stream` to a room or a user that the speaker may speak to."""

    def hop_tags(self, user: User, buffer: str, tags: Tags) -> str:
        """Cause and hops for what a bot-flagged member says: escaped tags, "" for people."""

    def answer(self, turn: Turn) -> None:
        """Send what a turn has gathered so far."""

    def together(self) -> AbstractContextManager[None]:
        """Whoever is dropped inside leaves for one cause: others are told of all of them at once."""

    def redact(
        self, turn: Turn, message: Message, target: str, room: Room | None, user: User | None, reason: str
    ) -> None:
        """Delete a stored message, or one that grows, and tell those who know REDACT. Raises NotStored."""

    def find(self, buffer: str, message_id: int) -> Message | None:
        """One message, also while it waits to be stored."""

    def growing(self, message_id: int) -> Message | None:
        """The message, without its text, if a stream says it just now."""

    def export(self, turn: Turn, record: AccountRecord) -> str:
        """Begin to gather an account's own data for its owner; a word of NickServ's that says whether."""

    def is_exempt(self, address: str) -> bool:
        """Whether limits of connections and levels of defence do not hold there."""

    def unregistered(self) -> int: ...

    def at_the_gate(self, session: Session) -> bool:
        """Whether a connection that is about to enter may; else it has been told why, and is closing."""

    def readdress(self, session: Session, peer: Peer) -> None:
        """A gateway says who is behind a connection: from now on this peer."""

    def rehash(self) -> str | None:
        """Read the configuration again; what was wrong with it, or None."""


class Turn:
    """One command being carried out."""

    __slots__ = ("items", "label", "session", "tags", "user", "verb", "world")

    def __init__(self, world: World, session: Session, tags: Tags | None, label: str | None) -> None:
        self.world = world
        self.session = session
        self.user: User = session.user  # type: ignore[assignment]  # the gates keep out who has none
        self.tags = tags
        self.label = label
        self.verb = ""  # the command's name, once it has passed the gates
        self.items: list[str | Entry] = []  # replies, in order

    @property
    def network(self) -> Network:
        return self.world.network

    @property
    def me(self) -> str:
        """How numerics address this session."""
        return self.session.user.nick if self.session.user else self.session.nick_wanted or "*"

    def numeric(self, name: str, *params: str, **fields: object) -> None:
        """Reply with a numeric of the table. Without a text of its own, the last parameter is the text."""
        session = self.session
        self.items.append(written(self.world.settings.name, self.me, session.language, name, params, fields))

    def plain_numeric(self, name: str, *params: str) -> None:
        """Reply with a numeric that ends with a middle parameter (RPL_MYINFO and the like)."""
        self.items.append(
            f":{self.world.settings.name} {' '.join([NUMERICS[name].number, self.me, *params])}\r\n"
        )

    def words(self, name: str, words: Sequence[str], *params: str) -> None:
        """Reply with words in the last parameter, in as many numerics as they need; at least one."""
        head = " ".join([f":{self.world.settings.name}", NUMERICS[name].number, self.me, *params, ":\r\n"])
        for text in packed(words, LINE_BYTES - len(head.encode())) or [""]:
            self.numeric(name, *params, text)

    def line(self, command: str, *params: str, text: str | None = None) -> None:
        """Reply with any line of the server's."""
        words = " ".join([command, *params])
        self.items.append(f":{self.world.settings.name} {words}\r\n" if text is None
                          else f":{self.world.settings.name} {words} :{text}\r\n")  # fmt: skip

    def fail(self, command: str, code: str, *context: str, plainly: bool = False, **fields: object) -> None:
        """A FAIL (IRCv3 standard-replies). `plainly`: as a NOTICE to those who did not say that they know
        FAIL.
        """
        text = words_of(code, self.session.language, fields)
        if plainly and not self.session.capabilities & KNOWS_STANDARD_REPLIES:
            self.line("NOTICE", self.me, text=f"{command}: {text}")
        else:
            self.line("FAIL", command, code, *context, text=text)

    def note(self, command: str, code: str, *context: str, **fields: object) -> None:
        """A NOTE (IRCv3 standard-replies); to those who do not know it, the same as a NOTICE with the context
        before the words."""
        text = words_of(code, self.session.language, fields)
        if self.session.capabilities & KNOWS_STANDARD_REPLIES:
            self.line("NOTE", command, code, *context, text=text)
        else:
            self.line("NOTICE", self.me, text=" ".join([*(one for one in context if one != "*"), text]))

    def words_of(self, code: str, **fields: object) -> str:
        """The words of a standard reply in the session's language."""
        return words_of(code, self.session.language, fields)

    def add(self, entry: Entry) -> None:
        """An entry as a part of this turn's answer."""
        self.items.append(entry)


def words_of(code: str, language: str, fields: dict[str, object]) -> str:
    reply = STANDARD_REPLIES[code]
    text = reply.es if language == "es" else reply.en
    return text.format(**fields) if fields else text


Handler = Callable[[Turn, list[str]], Coroutine[Any, Any, None]]
