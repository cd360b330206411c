"""What the core asks of the outside world, and the shapes that both sides share.

What belongs here: Protocols, and the frozen values they exchange. What must not: behaviour.
Doors (`transports`, `store`, `bus`) implement these without knowing the server; the server calls them without
knowing which it has.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tertulia.protocol.accounts import AccountGone, AccountRecord
from tertulia.protocol.agents import AgentRecord, Place
from tertulia.protocol.audit import AuditEntry, AuditPage, AuditPrune, Fact
from tertulia.protocol.bans import BanGone, BanRecord
from tertulia.protocol.files import FileGone, FileRecord, FileUse
from tertulia.protocol.history import (
    Forgetting,
    Happening,
    Message,
    Own,
    Page,
    Piece,
    Redaction,
    RoomMoved,
    RoomRecord,
    Search,
    StreamEnd,
    TargetSeen,
)
from tertulia.protocol.inspected import ModelCounts, ModelsFacts
from tertulia.protocol.invitations import Invitation, InvitationGone
from tertulia.protocol.presence import AccountTime, Presence, PresenceGone
from tertulia.protocol.webpush import Push, Subscription, SubscriptionGone

if TYPE_CHECKING:  # to make their classes takes longer than most errands of the shell
    from tertulia.state.changes import Change
    from tertulia.state.events import Event

Moderation = BanRecord | BanGone | AuditEntry | AuditPrune | Fact
Record = (
    Message
    | Piece
    | StreamEnd
    | Redaction
    | Happening
    | RoomRecord
    | RoomMoved
    | AccountRecord
    | AccountGone
    | AccountTime
    | Presence
    | PresenceGone
    | Invitation
    | InvitationGone
    | Subscription
    | SubscriptionGone
    | FileRecord
    | FileGone
    | AgentRecord
    | Place
    | Moderation
)
"""What a store keeps. A tick's records are committed together, in order."""


# --- Doors --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is at the other end of a wire, as far as the door can know."""

    door: str  # "irc", "ircs", "unix", "ws", "plain", "memory"
    address: str  # numeric IP address; "localhost" for unix and memory
    secure: bool = False  # nobody between can read: TLS, a Unix socket, memory
    local: bool = False  # loopback, Unix socket or memory
    fingerprint: str | None = None  # SHA-256 of the client's certificate, lower-case hexadecimal
    uid: int | None = None  # the peer's user id on a Unix socket
    gateway: str = ""  # the web gateway that brought it (WEBIRC); the address is then what it said
    admitted: bool = False  # the door has asked at the gate whether it may come in
    trusted: bool = False  # a model of this server's own: no flood control, may set bot mode and provenance


class Wire(Protocol):
    """One connection as the server sees it. Nothing here ever waits or raises."""

    peer: Peer

    def write(self, data: bytes) -> None:
        """Send whole lines, each ended by CR LF. Calls are kept in order.

        When more than `SEND_QUEUE_BYTES` wait for a slow reader, the wire cuts the connection by itself and
        reports `lost("SendQ exceeded")`.
        """

    def close(self) -> None:
        """Close after what was written has left, or after `CLOSE_SECONDS`. `lost` is reported then."""

    @property
    def waiting_bytes(self) -> int:
        """What a slow reader has not taken yet."""


class Receiver(Protocol):
    """The server's end of one connection, called by the door from the loop's own thread."""

    def received(self, data: bytes) -> None:
        """Bytes in the order of arrival, cut anywhere."""

    def lost(self, reason: str) -> None:
        """The connection is gone; called exactly once, and nothing after it."""


Accept = Callable[[Wire], Receiver]
"""What a listener is given: it turns a new wire into the receiver of its bytes."""


Admit = Callable[[str], bool]
"""What a door with costs asks, once for each connection: whether to go on, by its numeric address."""


# --- Time and chance ----------------------------------------------------------------------------------------


class Clock(Protocol):
    def now_ms(self) -> int:
        """Wall clock, milliseconds since 1970 UTC."""

    def monotonic(self) -> float:
        """Seconds that never go back; the origin means nothing."""


class Ids(Protocol):
    def message(self, now_ms: int) -> int:
        """The next message id: 63 bits, strictly growing, also over restarts."""

    def token(self) -> str:
        """An unguessable short text: batch references, guest identities, PING cookies."""


class Scheduler(Protocol):
    """The loop's clockwork: callbacks run one at a time, on the thread that owns the state."""

    def soon(self, callback: Callable[[], None]) -> None:
        """Call it once all input that has arrived has been taken."""

    def after(self, seconds: float, callback: Callable[[], None]) -> None:
        """Call it once, not before so many seconds."""


# --- The store ----------------------------------------------------------------------------------------------


class StoreError(Exception):
    """The store could not keep or read something. `str()` is for the operator's log; `code` is for people;
    `spanish` is what the shell tells one who speaks it, "" where that is as in English.
    """

    def __init__(self, code: str, detail: str, spanish: str = "") -> None:
        super().__init__(detail)
        self.spanish = spanish
        self.code = code  # "full" | "locked" | "corrupt" | "denied" | "failed"


class Store(Protocol):
    """The durable log. Called from one thread only; every call returns or raises `StoreError`, and is
    short.
    """

    def commit(self, records: Sequence[Record]) -> None:
        """Keep all of them or none. On return they are as durable as the level asks ("full": synced to disk).

        A `RoomRecord` replaces what was known of that room, a `RoomMoved`
        what was known under its old name; a `Piece` belongs to an open stream's `Message`;
        a `StreamEnd` replaces its pieces by the final text; a `Redaction` deletes a message. An
        `AccountRecord` replaces what was known of that account; an `AccountGone` ends it, and what it said
        loses its name or is deleted as well. An `AccountTime` and a `Presence` replace what was known of that
        name or account; both end with the account. A `FileRecord` is a file that was handed in, a
        `FileGone` the end of one; neither is the file itself. A `BanRecord` or `Fact` replaces what was known
        of that target or name; an `AuditPrune` forgets what operators did before an id. An `AgentRecord` or
        `Place` replaces what was known of that agent, there; both end with the account."""

    def page(self, page: Page) -> list[Message]:
        """The messages a `Page` selects, in ascending id order, at most `page.limit` of them; happenings
        among them look like messages of their kind."""

    def targets(
        self,
        identity: str,
        rooms: Sequence[str],
        after_ms: int,
        before_ms: int,
        limit: int,
        newest_first: bool = False,
    ) -> list[TargetSeen]:
        """Buffers whose latest message lies in the open interval, by its time, oldest first: of `rooms`
        (folded names) and of the private conversations of `identity`. `newest_first` says which end counts
        when there are more than `limit`, as in a `Page`."""

    def search(self, search: Search) -> list[Message]:
        """What was found, in ascending id order, at most `search.limit` of it: among all that `tend` has
        put in order. It looks at so many candidates (`limits.SEARCH_ROWS`) and no more."""

    def own(self, own: Own) -> tuple[list[Message], int]:
        """What somebody said or was told in private, in ascending order, of the next `own.rows` messages of
        all; and the id of the last that was looked at, `own.after` when there was none."""

    def tend(self) -> bool:
        """A few milliseconds of work that could wait, such as indexing what was said. True: more is left."""

    def forget(self, forgetting: Forgetting) -> int:
        """Delete what is old, with its words; how many were deleted. What still grows stays."""

    def rooms(self) -> Iterable[RoomRecord]:
        """Every room that has something to remember."""

    def accounts(self) -> Iterable[AccountRecord]:
        """Every account, by its key."""

    def agents(self) -> Iterable[AgentRecord]:
        """Every agent, by its key."""

    def places(self, agent: str) -> list[Place]:
        """How far an agent (folded name) has got, by buffer."""

    def account_times(self, account: str) -> Sequence[AccountTime]:
        """How far an account (folded name) has read what, and when each of its devices was last here."""

    def presences(self) -> Iterable[Presence]:
        """Every user that stays without a connection, by its account."""

    def subscriptions(self) -> Iterable[Subscription]:
        """Every device that Web Push reaches, by account and endpoint."""

    def invitations(self) -> Iterable[Invitation]:
        """Every invitation by link, by room and key; also those that are over."""

    def file(self, key: str) -> FileRecord | None:
        """The file with this key, whether or not it has expired."""

    def files(self, owner: str | None, room: str | None, limit: int) -> list[FileRecord]:
        """The newest files of an owner (identity) or for a room (folded name), newest first."""

    def file_use(self, owner: str | None) -> FileUse:
        """How much an owner has, or with None all of them together."""

    def files_expired(self, now: int, limit: int) -> list[FileRecord]:
        """Files whose time was over at this second, the oldest first."""

    def bans(self) -> Iterable[BanRecord]:
        """Every ban of the server, by kind and target."""

    def facts(self) -> Iterable[Fact]:
        """What the server remembers of itself, by name."""

    def audit(self, page: AuditPage) -> list[AuditEntry]:
        """What operators did: the newest entries that a page selects, in ascending order."""

    def last_id(self) -> int:
        """The largest message id ever stored, 0 when there is none."""

    def close(self) -> None: ...


# --- The order of events ------------------------------------------------------------------------------------


class Bus(Protocol):
    def propose(self, event: Event) -> Awaitable[tuple[Change, ...]]:
        """Give the event its place in the order and apply it; what changed is the answer.

        Raises `state.network.Conflict` when it lost. On one node the outcome is there at once: the awaitable
        finishes without giving up the turn.
        """


# --- Web Push -----------------------------------------------------------------------------------------------


class Pusher(Protocol):
    """Who brings notifications to devices. Nothing here ever waits or raises."""

    @property
    def key(self) -> str:
        """The server's public key (VAPID): URL-safe base64 of a point of P-256; "" when it has none."""

    def takes(self, one: Subscription) -> bool:
        """Whether endpoint and keys are such as can be used."""

    def push(self, push: Push) -> None:
        """Send it in its own time; what is too much is dropped."""


# --- Models -------------------------------------------------------------------------------------------------


class Inspector(Protocol):
    """How the models are, for operators. Nothing here ever raises; money is read from the ledger."""

    def models(self) -> ModelsFacts: ...

    def counts(self) -> ModelCounts: ...


# --- Files --------------------------------------------------------------------------------------------------


class FileRefused(Exception):
    """A file cannot be taken, or given out. `status` is HTTP's; `code` a key of the door's texts."""

    def __init__(self, status: int, code: str, **fields: object) -> None:
        super().__init__(code)
        self.status, self.code, self.fields = status, code, fields


class Part(Protocol):
    """A file that is being written. Nothing of it can be read before `keep`."""

    async def write(self, data: bytes) -> None:
        """Raises `OSError`."""

    async def keep(self, key: str) -> None:
        """Have it on the disk under its key, synced. Raises `OSError`."""

    def discard(self) -> None:
        """It was not to be. Never raises; may be called after `keep`, and does nothing then."""


SHARDS = 256  # parts of a folder of files: the first two hexadecimal digits of the key


class Folder(Protocol):
    """Where files lie."""

    def begin(self) -> Part:
        """Raises `OSError`."""

    def path(self, key: str) -> Path:
        """Where a kept file lies, or would."""

    def remove(self, key: str) -> None:
        """Delete it. One that is not there is no error. Raises `OSError`."""

    def keys_before(self, second: float, shard: int) -> list[str]:
        """Keys of files that were kept before this second (since 1970), in any order, in one of the `SHARDS`
        parts of the folder."""


class Deposit(Protocol):
    """An upload under way."""

    async def write(self, data: bytes) -> None:
        """Raises `FileRefused`; then it is over."""

    def fits(self, size: int) -> bool:
        """Whether so many bytes more may be written."""

    async def keep(self) -> FileRecord:
        """It is whole: stored, durable, with a link. Raises `FileRefused`."""

    def abandon(self) -> None:
        """It will not become whole. After `keep` this does nothing."""


@dataclass(frozen=True, slots=True)
class Depositor:
    """Somebody who has shown that they may hand in files."""

    owner: str  # identity
    account: str | None
    room: str = ""  # the room it is for, by the name under which its talk is kept


class Files(Protocol):
    """The desk where files are handed in and out."""

    async def admit(self, authorization: str, address: str, local: bool) -> Depositor:
        """Who asks, by the header of that name. Raises `FileRefused` with 401, 403 or 429."""

    def begin(
        self, depositor: Depositor, name: str, declared: str, size: int | None, seconds: int | None = None
    ) -> Deposit:
        """`declared`: the media type it is said to be; `size` in bytes, None when it was not said; `seconds`:
        how long it is kept, None for as long as any file. Raises `FileRefused`."""

    def find(self, key: str) -> tuple[FileRecord, Path]:
        """Raises `FileRefused` with 404."""

    def newest(self, owner: str | None, room: str | None, limit: int) -> list[FileRecord]:
        """The newest that have not expired, newest first. Raises `FileRefused`."""

    def use(self, owner: str) -> FileUse:
        """How much somebody has here. Raises `FileRefused`."""

    def forget(self, owner: str, words: bool) -> None:
        """An account is deleted: with `words` its files are as well, else they lose its name."""

    def remove(self, record: FileRecord) -> None:
        """Raises `FileRefused`."""

    def link(self, record: FileRecord) -> str:
        """Its address."""


class Keepsakes(Protocol):
    """What models keep under the names of rooms and accounts, beside the log. Told after it is stored; never
    raises."""

    def room_renamed(self, old: str, new: str) -> None:
        """Names as people write them."""

    def account_gone(self, account: str) -> None:
        """Whoever is called so next is somebody else."""

    def hops(self, room: str) -> int:
        """How often in a row programs may answer each other there, as its operators say; 0: they do not."""


# --- Secrets ------------------------------------------------------------------------------------------------


class Passwords(Protocol):
    def verify(self, expected: str, given: str) -> Awaitable[bool]:
        """Compare with a clear text or an argon2id hash, in constant time, off the loop when it is dear."""

    def keep(self, password: str) -> Awaitable[tuple[str, str]]:
        """What is stored of a new password: its argon2id hash, and its SCRAM-SHA-256 verifier as
        `protocol.scram` writes it. Off the loop: it is dear.
        """
