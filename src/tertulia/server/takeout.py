"""A person's own data, gathered in small steps and handed out as files that last a day.

What belongs here: what is gathered, how fast, and where it goes. What must not: the form of a line
(`protocol.exported`), files (`server.files`).

Messages have no index by account, so all of them are looked through, `EXPORT_ROWS` at a time with a rest
after each; nobody waits for it. Without a place for files, the newest are said as notices.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Coroutine, Generator, Iterator
from typing import TYPE_CHECKING, Any

from tertulia import limits
from tertulia.commands import answering
from tertulia.commands.turn import NotStored
from tertulia.ports import Deposit, Depositor, FileRefused, Files
from tertulia.protocol import exported
from tertulia.protocol.accounts import AccountRecord, identity_of
from tertulia.protocol.history import Message, Own
from tertulia.protocol.text import cut

if TYPE_CHECKING:
    from tertulia.server.hub import Hub
    from tertulia.server.session import Session

TYPE = "application/jsonl"


class Takeouts:
    """Who is being served, and who was not long ago."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._under_way: dict[str, Takeout] = {}  # by account
        self._served: dict[str, float] = {}  # when, monotonic seconds

    def ask(self, session: Session, record: AccountRecord) -> str:
        """Begin, or not; a word of NickServ's table that says which."""
        now = self._hub.instant
        self._served = {
            name: at for name, at in self._served.items() if now - at < limits.EXPORT_AGAIN_SECONDS
        }
        if record.key in self._under_way:
            return "export under way"
        if record.key in self._served:
            return "export again"
        if len(self._under_way) >= limits.EXPORTS:
            return "export busy"
        self._under_way[record.key] = Takeout(self._hub, session, record, self._ended)
        return "export begun"

    def _ended(self, record: AccountRecord, well: bool) -> None:
        del self._under_way[record.key]
        if well:
            self._served[record.key] = self._hub.instant


class Takeout:
    """One person's."""

    def __init__(
        self, hub: Hub, session: Session, record: AccountRecord, ended: Callable[[AccountRecord, bool], None]
    ) -> None:
        self._hub, self._session, self._record, self._ended = hub, session, record, ended
        self._count = 0
        self._written: Written | None = None
        self._work: Coroutine[Any, Any, None] | None = None  # once it has begun
        hub.scheduler.after(limits.EXPORT_REST_SECONDS, self._step)

    def _step(self) -> None:
        """As far as to where it waits: for a rest, or for the disk."""
        if self._work is None:
            files = self._hub.files
            self._work = self._to_files(files) if files is not None else self._to_notices()
        try:
            awaited = self._work.send(None)
        except StopIteration:
            self._end(True)
        except Gone:
            self._end(False)
        except (FileRefused, NotStored) as failure:
            self._hub.log("export_failed", account=self._record.name, reason=str(failure))
            self._say("export failed")
            self._end(False)
        except Exception as fault:
            self._hub.log("export_failed", account=self._record.name, exc_info=fault)
            self._say("export failed")
            self._end(False)
        else:
            awaited.add_done_callback(lambda _: self._hub.scheduler.soon(self._step))

    def _end(self, well: bool) -> None:
        if self._written is not None:
            self._written.abandon()
        self._ended(self._record, well)
        self._hub.wake()

    # --- what there is ----------------------------------------------------------------------------

    def _belongings(self) -> Iterator[dict[str, Any]]:
        hub, record = self._hub, self._record
        yield exported.account(record)
        for room in hub.network.rooms.values():
            if room.founder == record.key:
                yield exported.room(room.name, "founder")
            for access in room.access.values():
                if access.who == record.key:
                    yield exported.room(room.name, access.letter)
        yield from map(exported.moment, hub.times(record.key))
        if hub.files is not None:
            for file in hub.files.newest(identity_of(record), None, limits.FILES_PER_OWNER):
                place = hub.network.room_of_buffer(file.room)
                shown = file._replace(room=place.name if place is not None else file.room)
                yield exported.file(shown, hub.files.link(file))

    async def _words(self, each: Callable[[Message], Coroutine[Any, Any, None]]) -> None:
        """All that was said by the account or to it in private, oldest first."""
        hub, record, after = self._hub, self._record, 0
        hub.commit()
        while True:
            wanted = Own(record.name, identity_of(record), after, limits.EXPORT_ROWS)
            found, end = hub.read(lambda wanted=wanted: hub.store.own(wanted))  # type: ignore[misc]
            for message in found:
                await each(message)
            if end <= after:
                return
            after = end
            await self._rest()

    async def _rest(self) -> None:
        await Rest(self._hub)
        current = self._hub.network.accounts.named(self._record.name)
        if current is None or identity_of(current) != identity_of(self._record):
            raise Gone

    # --- where it goes ----------------------------------------------------------------------------

    async def _to_files(self, files: Files) -> None:
        written = Written(files, Depositor(identity_of(self._record), self._record.name), self._record.key)
        self._written = written

        async def said(message: Message) -> None:
            await written.put(exported.message(message))

        for entry in list(self._belongings()):
            await written.put(entry)
        await self._words(said)
        links = await written.done()
        for number, link in enumerate(links, 1):
            self._say("export done", link=link, number=number, all=len(links), count=written.count)

    async def _to_notices(self) -> None:
        newest: deque[str] = deque(maxlen=limits.EXPORT_NOTICES)

        async def said(message: Message) -> None:
            newest.append(exported.line(exported.message(message)))
            self._count += 1

        await self._words(said)
        for text in [exported.line(entry) for entry in self._belongings()] + list(newest):
            for piece in cut(text, limits.EXPORT_NOTICE_BYTES):
                self._told(piece)
            await self._rest()
        self._say("export notices", shown=len(newest), count=self._count)

    def _say(self, word: str, **fields: object) -> None:
        for session in self._sessions():
            turn = self._hub.turn(session)
            answering.answer(turn, word, **fields)
            self._hub.answer(turn)
        self._hub.wake()

    def _told(self, text: str) -> None:
        for session in self._sessions():
            turn = self._hub.turn(session)
            answering.say(turn, text)
            self._hub.answer(turn)
        self._hub.wake()

    def _sessions(self) -> list[Session]:
        """Where it was asked; if that connection is gone, or is somebody else's now, all of the account's."""
        every = [
            session
            for user in self._hub.network.logged_in(self._record.key)
            for session in self._hub.sessions(user)
        ]
        return [self._session] if self._session in every else every


class Written:
    """Lines in files: as many as it needs, each within what a file may be."""

    def __init__(self, files: Files, owner: Depositor, name: str) -> None:
        self._files, self._owner, self._name = files, owner, name
        self._deposit: Deposit | None = None
        self._links: list[str] = []
        self._waiting: list[bytes] = []  # for the disk, which is given many at once
        self._size = 0
        self.count = 0

    async def put(self, entry: dict[str, Any]) -> None:
        """Raises `FileRefused`."""
        data = f"{exported.line(entry)}\n".encode()
        if self._deposit is not None and not self._deposit.fits(self._size + len(data)):
            await self._keep()
        if self._deposit is None:
            if len(self._links) >= limits.EXPORT_FILES:
                raise FileRefused(413, "large")
            name = f"{self._name}-{len(self._links) + 1}.jsonl"
            self._deposit = self._files.begin(self._owner, name, TYPE, None, limits.EXPORT_SECONDS)
        self._waiting.append(data)
        self._size += len(data)
        self.count += 1
        if self._size >= limits.EXPORT_WRITE_BYTES:
            await self._write()

    async def done(self) -> list[str]:
        """The links of all. Raises `FileRefused`."""
        await self._keep()
        return self._links

    def abandon(self) -> None:
        if self._deposit is not None:
            self._deposit.abandon()

    async def _keep(self) -> None:
        await self._write()
        if self._deposit is not None:
            self._links.append(self._files.link(await self._deposit.keep()))
            self._deposit = None

    async def _write(self) -> None:
        waiting, self._waiting, self._size = b"".join(self._waiting), [], 0
        if waiting and self._deposit is not None:
            await self._deposit.write(waiting)


class Gone(Exception):
    """The account is deleted: there is nobody left to give it to."""


class Rest:
    """To be waited for: over when others have had their turn."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def __await__(self) -> Generator[Rest, None, None]:
        yield self

    def add_done_callback(self, callback: Callable[[Any], None]) -> None:
        self._hub.scheduler.after(limits.EXPORT_REST_SECONDS, lambda: callback(self))
