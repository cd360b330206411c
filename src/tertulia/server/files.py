"""The desk where files are handed in and out: who may, how much, and when they go.

What belongs here: `ports.Files`, over the store (records) and a folder (bytes). What must not: HTTP
(`transports.files`), disks (`store.folder`). A file is on the disk before its record is in the store, and its
record is gone before the file is: what a crash leaves between the two is swept away.
"""

from __future__ import annotations

from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from tertulia import limits
from tertulia.commands.credentials import Closed, Suspended, password_opens
from tertulia.commands.tokens import FILEHOST, SECRET_TOKENS
from tertulia.ports import SHARDS, Depositor, FileRefused, Folder, Part, Record, StoreError
from tertulia.protocol.accounts import identity_of
from tertulia.protocol.files import FileGone, FileRecord, FileUse, shown_name, type_of
from tertulia.protocol.pictures import Stripped

if TYPE_CHECKING:
    from tertulia.server.hub import Hub

SWEEP_SECONDS = 60.0
ORPHAN_SECONDS = 3_600.0  # younger ones may belong to an upload whose record is about to be stored
DAY_SECONDS = 86_400


class FileDesk:
    """`ports.Files`. `start` it once the hub is there."""

    def __init__(self, hub: Hub, folder: Folder) -> None:
        self.hub = hub
        self.folder = folder
        self.under_way: dict[Upload, None] = {}
        self._shard = 0  # of the folder, that was looked through last

    def start(self) -> None:
        self.hub.files = self
        self.hub.scheduler.after(SWEEP_SECONDS, self._sweep)

    # --- Who asks ---------------------------------------------------------------------------------

    async def admit(self, authorization: str, address: str, local: bool) -> Depositor:
        scheme, _, given = authorization.partition(" ")
        if scheme.lower() == "bearer":
            return self._by_token(given.strip())
        if scheme.lower() == "basic":
            return await self._by_password(given.strip(), None if local else address)
        raise FileRefused(401, "who")

    def _by_token(self, token: str) -> Depositor:
        hub = self.hub
        grant = hub.tokens.redeem(FILEHOST, token, hub.network, hub.clock.monotonic())
        if grant is None:
            raise FileRefused(401, "token")
        room, user = grant.place(hub.network), grant.user
        return Depositor(user.identity, user.account, room.buffer if room is not None else "")

    async def _by_password(self, given: str, address: str | None) -> Depositor:
        """The name and password of SASL PLAIN, as RFC 7617 writes them."""
        try:
            name, _, password = b64decode(given, validate=True).decode().partition(":")
        except ValueError:
            raise FileRefused(401, "who") from None
        try:
            record = await password_opens(self.hub, address, name, password, self.hub.clock.monotonic())
        except Closed as closed:
            raise FileRefused(429 if closed.why == "throttled" else 401, closed.why) from None
        except Suspended as suspended:
            raise FileRefused(403, "suspended", reason=suspended.reason) from None
        return Depositor(identity_of(record), record.name)

    # --- In ---------------------------------------------------------------------------------------

    def begin(
        self, depositor: Depositor, name: str, declared: str, size: int | None, seconds: int | None = None
    ) -> Upload:
        mine = sum(one.depositor.owner == depositor.owner for one in self.under_way)
        if len(self.under_way) >= limits.UPLOADS or mine >= limits.UPLOADS_PER_OWNER:
            raise FileRefused(429, "busy")
        most = self._room_for(depositor.owner, size)
        try:
            part = self.folder.begin()
        except OSError as error:
            raise self.broken(error) from error
        upload = Upload(self, depositor, shown_name(name), declared, part, most)
        if seconds is not None:
            upload.seconds = seconds
        self.under_way[upload] = None
        return upload

    def _room_for(self, owner: str, size: int | None) -> int:
        """How many bytes may come: those that were announced, else as many as there is room for beside all
        that is on its way. Raises `FileRefused`."""
        bounds = self.hub.settings.files
        if size is not None and size > bounds.file_bytes:
            raise FileRefused(413, "large", most=bounds.file_bytes)
        mine, everybody = self.use(owner), self.use(None)
        coming = sum(one.most for one in self.under_way if one.depositor.owner == owner)
        left = bounds.quota_bytes - mine.size - coming
        if mine.number >= limits.FILES_PER_OWNER or left < (size or 1):
            raise FileRefused(413, "quota", most=bounds.quota_bytes)
        spare = bounds.total_bytes - everybody.size - sum(one.most for one in self.under_way)
        if spare < (size or 1):
            raise FileRefused(507, "full")
        return min(bounds.file_bytes, left, spare) if size is None else size

    def use(self, owner: str | None) -> FileUse:
        try:
            return self.hub.store.file_use(owner)
        except StoreError as error:
            raise self.broken(error) from error

    def store(self, record: Record) -> None:
        if self.hub.commit([record]) is not None:
            raise FileRefused(503, "store")

    def ended(self, upload: Upload) -> None:
        self.under_way.pop(upload, None)

    def new_key(self) -> str:
        return "".join(self.hub.ids.token() for _ in range(SECRET_TOKENS))

    # --- Out --------------------------------------------------------------------------------------

    def find(self, key: str) -> tuple[FileRecord, Path]:
        try:
            record = self.hub.store.file(key)
        except StoreError as error:
            raise self.broken(error) from error
        if record is None or 0 < record.expires_at <= self.hub.clock.now_ms() // 1000:
            raise FileRefused(404, "gone")
        return record, self.folder.path(key)

    def newest(self, owner: str | None, room: str | None, limit: int) -> list[FileRecord]:
        now = self.hub.clock.now_ms() // 1000
        try:
            found = self.hub.store.files(owner, room, limit)
        except StoreError as error:
            raise self.broken(error) from error
        return [record for record in found if not 0 < record.expires_at <= now]

    def forget(self, owner: str, words: bool) -> None:
        for record in self.newest(owner, None, limits.FILES_PER_OWNER):
            if words:
                self.remove(record)
            else:
                self.store(record._replace(account=None))

    def remove(self, record: FileRecord) -> None:
        self.store(FileGone(record.key))
        try:
            self.folder.remove(record.key)
        except OSError as error:  # the sweep tries again: it is an orphan now
            self.hub.log("file_not_removed", key=record.key, reason=str(error))

    def link(self, record: FileRecord) -> str:
        return f"{self.hub.settings.filehost}/{record.key}/{quote(record.name, safe='')}"

    # --- Time -------------------------------------------------------------------------------------

    def _sweep(self) -> None:
        now = self.hub.clock.now_ms() // 1000
        try:
            for record in self.hub.store.files_expired(now, limits.FILES_SWEPT):
                self.remove(record)
            self._shard = (self._shard + 1) % SHARDS
            for key in self.folder.keys_before(now - ORPHAN_SECONDS, self._shard):
                if self.hub.store.file(key) is None:
                    self.folder.remove(key)
        except (FileRefused, StoreError, OSError) as error:
            self.hub.log("files_not_swept", reason=str(error))
        self.hub.scheduler.after(SWEEP_SECONDS, self._sweep)

    def broken(self, error: Exception) -> FileRefused:
        self.hub.log("files_failed", reason=str(error))
        return FileRefused(503, "store")


class Upload:
    """`ports.Deposit`."""

    def __init__(
        self, desk: FileDesk, depositor: Depositor, name: str, declared: str, part: Part, most: int
    ) -> None:
        """`most`: bytes that are reserved for it."""
        self.most = most
        self.seconds = desk.hub.settings.files.days * DAY_SECONDS  # that it is kept; 0: for ever
        self.depositor = depositor
        self.size = 0  # of what came
        self._kept = 0  # bytes of it that are kept
        self._stripped = Stripped() if desk.hub.settings.files.strip_metadata else None
        self._desk = desk
        self._name = name
        self._declared = declared
        self._part = part
        self._head = b""
        self._digest = sha256()

    def fits(self, size: int) -> bool:
        return self.size + size <= self.most

    async def write(self, data: bytes) -> None:
        self.size += len(data)
        if self.size > self.most:
            self.abandon()
            raise FileRefused(413, "large", most=self.most)
        await self._write(data if self._stripped is None else self._stripped.feed(data))

    async def _write(self, data: bytes) -> None:
        """To the disk, what is kept of what came."""
        if not data:
            return
        self._kept += len(data)
        if len(self._head) < limits.FILE_HEAD_BYTES:
            self._head += data[: limits.FILE_HEAD_BYTES - len(self._head)]
        self._digest.update(data)
        try:
            await self._part.write(data)
        except OSError as error:
            self.abandon()
            raise self._desk.broken(error) from error

    async def keep(self) -> FileRecord:
        if not self.size:
            self.abandon()
            raise FileRefused(400, "empty")
        if self._stripped is not None:
            await self._write(self._stripped.end())
        record = self._record()
        try:
            await self._part.keep(record.key)
            self._desk.store(record)
        except OSError as error:
            raise self._desk.broken(error) from error
        except FileRefused:
            self._desk.folder.remove(record.key)
            raise
        finally:
            self.abandon()
        return record

    def _record(self) -> FileRecord:
        now = self._desk.hub.clock.now_ms() // 1000
        return FileRecord(
            key=self._desk.new_key(),
            name=self._name,
            type=type_of(self._head, self._declared),
            size=self._kept,
            digest=self._digest.hexdigest(),
            owner=self.depositor.owner,
            account=self.depositor.account,
            room=self.depositor.room,
            made_at=now,
            expires_at=now + self.seconds if self.seconds else 0,
        )

    def abandon(self) -> None:
        self._desk.ended(self)
        self._part.discard()
