"""A full disk, a locked, damaged, lost or forbidden database, under a running server.

docs/store.md: "A failure never stops the server and never loses what was acknowledged. The command that
needed the store is refused, with the reason; nothing is half done; the log has a line with the cause. [...]
When the cause is gone, service goes on by itself."
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tertulia.limits import STORE_RETRY_SECONDS
from tests.cli.process import Server, running
from tests.whole.misfortune import Mortal, fill_up, locked, needs_rights, small_disk
from tests.whole.outside import Start, eventually, health, kept, lines_with, written
from tests.whole.people import Person, arrive, close_all

pytestmark = pytest.mark.slow

PAGE_BYTES = 4_096  # SQLite's default
PAUSE_SECONDS = 0.1  # between two attempts: waited on a socket on which nothing should come
HISTORY = "draft/chathistory batch standard-replies"


class Room:
    """Three in a room whose server's store will fail: one knows FAIL, one does not, one listens."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.ana = arrive(server).enter("ana", "#sala", capabilities=HISTORY)
        self.bea = arrive(server).enter("bea", "#sala")
        self.bea.say("LANGUAGE es")
        self.oye = arrive(server).enter("oye", "#sala")
        self.kept: list[str] = []
        self.ana.fence()
        self.bea.fence()

    def keeps(self, text: str) -> None:
        """It is said, and heard."""
        self.ana.say(f"PRIVMSG #sala :{text}")
        assert [line for line in self.ana.fence() if "NOT_STORED" in line] == []
        assert [said(line) for line in self.oye.fence() if " PRIVMSG " in line] == [text]
        self.bea.fence()
        self.kept.append(text)

    def is_refused(self, english: str, spanish: str) -> None:
        """Who speaks is told why, in their words; nobody hears it; topics and modes stay as they were."""
        self.ana.say("PRIVMSG #sala :nunca", "TOPIC #sala :nunca", "MODE #sala +m", "PRIVMSG bea :nunca")
        refusals = self.ana.fence()
        codes = [line.split(" :")[0].split(" ", 1)[1] for line in refusals]
        assert codes == [
            "FAIL PRIVMSG NOT_STORED #sala", "FAIL TOPIC NOT_STORED", "FAIL MODE NOT_STORED",
            "FAIL PRIVMSG NOT_STORED bea",
        ]  # fmt: skip
        assert all(english in line for line in refusals), refusals
        self.bea.say("NOTICE #sala :nunca")
        (told,) = self.bea.fence()
        assert told.startswith(":tertulia.local NOTICE bea :NOTICE: "), told
        assert spanish in told
        assert self.oye.fence() == []
        assert self.ana.fence() == []

    def resumes(self) -> None:
        """The cause is gone: soon it is kept again, without anybody doing anything."""
        eventually(self._is_kept, lambda: self.oye.silent_for(PAUSE_SECONDS))
        self.oye.fence()
        self.keeps("otra vez")

    def _is_kept(self) -> bool:
        text = f"¿ya? {len(self.kept)}"
        self.ana.say(f"PRIVMSG #sala :{text}")
        if any("NOT_STORED" in line for line in self.ana.fence()):
            return False
        self.kept.append(text)
        return True

    def history(self) -> list[str]:
        return history(self.ana)


def history(reader: Person) -> list[str]:
    reader.say("CHATHISTORY LATEST #sala * 1000")
    return [said(line) for line in reader.fence() if " PRIVMSG " in line]


def said(line: str) -> str:
    return line.split(" PRIVMSG ", 1)[1].partition(" :")[2]


def told_once(server: Server, *codes: str) -> None:
    """The operator's log: a line for each cause, and a line when it was over."""
    server.wait_log("store_resumed")
    causes = lines_with(server, "store_failed")
    assert len(causes) == len(codes), server.log
    for line, code in zip(causes, codes, strict=True):
        assert f"code={code}" in line
    assert len(lines_with(server, "store_resumed")) == 1


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "data" / "tertulia.db"


@pytest.fixture(params=["full", "normal"])
def small(request: pytest.FixtureRequest) -> Iterator[tuple[Server, Path]]:
    """A server whose data are on a disk of two mebibytes."""
    with (
        small_disk("2m") as folder,
        kept(folder, doors=("irc", "http"), durability=request.param, flood=False) as server,
    ):
        yield server, folder
        close_all()


def test_a_full_disk(small: tuple[Server, Path]) -> None:
    server, folder = small
    room = Room(server)
    room.keeps("antes")
    ballast = fill_up(folder)
    room.ana.say(*(f"PRIVMSG #sala :{number} {'l' * 400}" for number in range(200)))
    outcome = room.ana.fence() + room.ana.fence()  # some of it still fits into the pages that are there
    room.kept += [said(line) for line in room.oye.fence() if " PRIVMSG " in line]
    assert any("NOT_STORED" in line for line in outcome)
    room.bea.fence()
    room.is_refused("the disk is full", "el disco está lleno")
    assert health(server)["store"] == "failing"
    ballast.unlink()
    room.resumes()
    assert health(server)["store"] == "ok"
    assert room.history() == room.kept
    told_once(server, "full")


def test_no_room_at_the_start() -> None:
    with small_disk("1m") as folder:
        file = written(folder)
        (folder / "data").mkdir()
        fill_up(folder)
        with running("--config", str(file)) as server:
            assert server.ended() == 1
        assert "is full" in "\n".join(server.log)
        assert not lines_with(server, "Traceback")


def test_a_lock_of_another_process(start: Start, database: Path) -> None:
    server = start(flood=False)
    room = Room(server)
    room.keeps("antes")
    with locked(database):
        room.is_refused("the database is locked", "la base de datos está bloqueada")
        room.ana.say("CHATHISTORY LATEST #sala * 10")
        answer = room.ana.fence()
        if not any("FAIL CHATHISTORY MESSAGE_ERROR LATEST #sala" in line for line in answer):
            # So much time has passed that the store is asked again: whoever reads does not mind the lock.
            assert [said(line) for line in answer if " PRIVMSG " in line] == room.kept
    room.resumes()
    assert room.history() == room.kept
    told_once(server, "locked")


def test_a_database_that_is_moved_and_comes_back(start: Start, database: Path) -> None:
    server = start(flood=False)
    room = Room(server)
    room.keeps("antes")
    aside = database.with_name("aparte.db")
    database.rename(aside)
    room.is_refused("the store failed", "falló el almacén")
    assert not database.exists()
    aside.rename(database)
    room.resumes()
    assert room.history() == room.kept
    told_once(server, "failed")


@pytest.mark.parametrize("other", ["rubbish", "backup"])
def test_a_database_that_is_replaced_is_not_written_to(start: Start, database: Path, other: str) -> None:
    """Its log is still that of the old file: together they would be neither."""
    server = start(flood=False)
    room = Room(server)
    backup = b"esto no es una base de datos. " * 400
    if other == "backup":
        room.keeps("en la copia")
        with sqlite3.connect(database) as reader:
            reader.execute("VACUUM INTO ?", (str(database.with_name("copia.db")),))
        reader.close()
        backup = database.with_name("copia.db").read_bytes()
    room.keeps("antes")
    aside = database.with_name("aparte.db")
    database.rename(aside)
    database.write_bytes(backup)
    room.is_refused("the store failed", "falló el almacén")
    room.oye.silent_for(STORE_RETRY_SECONDS)
    room.is_refused("the store failed", "falló el almacén")
    assert database.read_bytes() == backup
    aside.replace(database)
    room.resumes()
    assert room.history() == room.kept
    told_once(server, "failed")


def _until_refused_with(room: Room, reason: str) -> None:
    def refused() -> bool:
        room.ana.say("PRIVMSG #sala :nunca")
        return any(reason in line for line in room.ana.fence())

    eventually(refused, lambda: room.oye.silent_for(PAUSE_SECONDS))


def test_damage_inside_is_refused_until_a_backup_is_there(start: Start, database: Path) -> None:
    first = start(flood=False)
    writer = Room(first)
    texts = [f"{number} {'d' * 300}" for number in range(800)]
    writer.ana.say(*(f"PRIVMSG #sala :{text}" for text in texts))
    writer.ana.fence()
    first.signal(15)
    assert first.ended() == 0
    whole = database.read_bytes()
    database.write_bytes(_damaged(whole, needle=b"d" * 250, spared=texts[-1].encode()))
    server = start(flood=False)
    room = Room(server)
    began = time.monotonic()
    room.ana.say("CHATHISTORY LATEST #sala * 1000", "PRIVMSG #sala :tal vez")
    answer = room.ana.fence()
    took = time.monotonic() - began
    assert "FAIL CHATHISTORY MESSAGE_ERROR" in answer[0]
    refused = [line for line in answer if "FAIL PRIVMSG NOT_STORED #sala" in line]
    assert all("the database is damaged" in line for line in refused), answer
    if not refused:  # so much time has passed that it was tried again, and it touches no damaged page
        assert took >= STORE_RETRY_SECONDS
        room.kept.append("tal vez")
    assert [said(line) for line in room.oye.fence() if " PRIVMSG " in line] == room.kept
    database.write_bytes(whole)
    room.resumes()
    assert room.history() == [*texts, *room.kept]


def _damaged(whole: bytes, needle: bytes, spared: bytes) -> bytes:
    """The database with rubbish in every page that has the needle, but the one that is read at the start."""
    pages = [whole[at : at + PAGE_BYTES] for at in range(0, len(whole), PAGE_BYTES)]
    return b"".join(b"\xa5" * len(page) if needle in page and spared not in page else page for page in pages)


def test_missing_rights(tmp_path: Path, database: Path) -> None:
    """A backup is put back, and belongs to somebody else."""
    needs_rights()
    server = Mortal("--config", str(written(tmp_path, flood=False)))
    try:
        room = Room(server)
        room.keeps("antes")
        aside = database.with_name("aparte.db")
        database.rename(aside)
        room.is_refused("the store failed", "falló el almacén")
        aside.chmod(0o400)
        aside.rename(database)
        _until_refused_with(room, "permission to write is missing")
        room.is_refused("permission to write is missing", "falta permiso para escribir")
        database.chmod(0o600)
        room.resumes()
        assert room.history() == room.kept
        told_once(server, "failed", "denied")
    finally:
        close_all()
        server.kill()
    assert not lines_with(server, "Traceback")


@pytest.mark.parametrize("mode", [0o500, 0o000])
def test_missing_rights_at_the_start(tmp_path: Path, mode: int) -> None:
    needs_rights()
    file = written(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(mode)
    server = Mortal("--config", str(file))
    try:
        assert server.ended() == 1
        assert "read and write" in "\n".join(server.log)
        assert not lines_with(server, "Traceback")
    finally:
        (tmp_path / "data").chmod(0o700)
        server.kill()


@pytest.mark.parametrize(
    "content", [b"esto no es una base de datos. " * 400, b"SQLite format 3\0" + b"\xff" * 8_000]
)
def test_a_file_that_is_no_database_ends_the_start(start: Start, database: Path, content: bytes) -> None:
    database.parent.mkdir()
    database.write_bytes(content)
    server = start()
    assert server.ended() == 1
    assert "restore a backup" in "\n".join(server.log)
    assert database.read_bytes() == content
