"""The desk: what goes by itself, and what happens when the store or the disk fails."""

from __future__ import annotations

import asyncio
import os
from hashlib import sha256
from pathlib import Path

import pytest

from tertulia import limits
from tertulia.ports import Depositor, FileRefused
from tertulia.server.files import ORPHAN_SECONDS, SWEEP_SECONDS, FileDesk
from tests.protocol.test_pictures import HEAD, chunk
from tests.support.desk import PNG, Desk, basic, bearer
from tests.support.failing import FailingStore
from tests.support.town import Town

DAY = 86_400
PICTURE, END = PNG[:8] + HEAD, chunk(b"IEND", b"")


def files_in(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file()]


def abandon_all(desk: FileDesk) -> None:
    for upload in list(desk.under_way):
        upload.abandon()


def test_a_file_goes_when_its_time_is_over(tmp_path: Path) -> None:
    desk = Desk(tmp_path, days=2)
    desk.member()
    path = desk.hand_in()
    desk.town.clock.ms += (2 * DAY - 5) * 1000
    assert desk.ask("GET", path).status_code == 200
    desk.town.clock.ms += 10_000
    assert desk.ask("GET", path).status_code == 404
    assert len(files_in(tmp_path)) == 1
    desk.town.advance(SWEEP_SECONDS)
    assert files_in(tmp_path) == []
    assert desk.town.store.file(path.split("/")[2]) is None


def test_for_ever(tmp_path: Path) -> None:
    desk = Desk(tmp_path, days=0)
    desk.member()
    path = desk.hand_in()
    desk.town.clock.ms += 10_000 * DAY * 1000
    assert desk.ask("GET", path).status_code == 200


def test_what_a_crash_left_is_swept(tmp_path: Path) -> None:
    """On the disk, but not in the store: the process died between the two."""
    desk = Desk(tmp_path)
    key = "01" + "a" * 62
    asyncio.run(desk.folder.begin().keep(key))
    long_ago = desk.town.clock.ms / 1000 - ORPHAN_SECONDS
    os.utime(desk.folder.path(key), (long_ago, long_ago))
    desk.town.advance(SWEEP_SECONDS * 2)  # each looks through one of the folder's parts
    assert files_in(tmp_path) == []


def test_the_store_refuses(tmp_path: Path) -> None:
    store = FailingStore()
    desk = Desk(tmp_path, Town(store))
    desk.member()
    store.fail("full")
    answer = desk.ask("POST", "/files", content=PNG, headers=basic("ana"))
    assert (answer.status_code, answer.json()["error"]) == (503, "store")
    assert files_in(tmp_path) == []


def test_so_many_at_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path).desk
    ana = Depositor("ANA", "ana")
    uploads = [desk.begin(ana, "a", "", 1) for _ in range(limits.UPLOADS_PER_OWNER)]
    with pytest.raises(FileRefused, match="busy"):
        desk.begin(ana, "a", "", 1)
    uploads[0].abandon()
    desk.begin(ana, "a", "", 1)
    others = limits.UPLOADS - limits.UPLOADS_PER_OWNER
    for number in range(others):
        desk.begin(Depositor(str(number), None), "a", "", 1)
    with pytest.raises(FileRefused, match="busy"):
        desk.begin(Depositor("EVE", None), "a", "", 1)
    abandon_all(desk)


def test_what_is_on_its_way_counts(tmp_path: Path) -> None:
    """Two at once cannot have together what each could have alone."""
    desk = Desk(tmp_path, quota_bytes=100).desk
    ana = Depositor("ANA", "ana")
    first = desk.begin(ana, "a", "", 60)
    with pytest.raises(FileRefused, match="quota"):
        desk.begin(ana, "b", "", 60)
    first.abandon()
    desk.begin(ana, "b", "", 60).abandon()


@pytest.mark.parametrize(("line", "left"), [("NS DROP longpassword WORDS", 0), ("NS DROP longpassword", 1)])
def test_the_files_of_a_deleted_account(tmp_path: Path, line: str, left: int) -> None:
    """They go with what it said, or lose its name as that does."""
    desk = Desk(tmp_path)
    ana = desk.member()
    path = desk.hand_in()
    assert not [one for one in ana.say(line) if "FAIL" in one]
    assert desk.town.network.accounts.named("ana") is None
    assert desk.ask("GET", path).status_code == (200 if left else 404)
    record = desk.town.store.file(path.split("/")[2])
    assert (record is not None) == bool(left)
    assert record is None or record.account is None


def test_a_photograph_does_not_say_where_it_was_taken(tmp_path: Path) -> None:
    said = chunk(b"tEXt", b"40.4168 N")
    desk = Desk(tmp_path)
    desk.member()
    path = desk.hand_in(PICTURE + said + END)
    (kept,) = files_in(tmp_path)
    assert kept.read_bytes() == desk.ask("GET", path).content == PICTURE + END
    record = desk.town.store.file(path.split("/")[2])
    assert record is not None
    assert (record.size, record.digest) == (len(PICTURE + END), sha256(PICTURE + END).hexdigest())
    assert record.type == "image/png"


def test_an_operator_may_want_photographs_as_they_are(tmp_path: Path) -> None:
    whole = PICTURE + chunk(b"tEXt", b"40.4168 N") + END
    desk = Desk(tmp_path, strip_metadata=False)
    desk.member()
    assert desk.ask("GET", desk.hand_in(whole)).content == whole


# --- guests and their tokens --------------------------------------------------------------------------


def put(desk: Desk, header: dict[str, str]) -> int:
    said = {"content-disposition": 'attachment; filename="foto.png"', **header}
    return desk.ask("POST", "/files", content=PNG, headers=said).status_code


def test_a_guests_token_follows_the_connection_and_not_the_nick(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    ana = desk.town.join("ana", "#tea", caps="batch standard-replies")
    header = bearer(ana, "TOKEN GENERATE FILEHOST #tea")
    ana.say("NICK eva")
    other = desk.town.join("ana", caps="standard-replies")
    assert put(desk, header) == 201
    assert len(other.say("FILES LIST")) == 1, "whoever has that nick by now has no file"
    assert "foto.png" in ana.say("FILES LIST")[0] and "foto.png" in ana.say("FILES LIST #tea")[0]
    assert put(desk, header) == 401, "good once"


def test_a_guests_token_ends_with_the_connection(tmp_path: Path) -> None:
    """Whoever takes the nick then is another."""
    desk = Desk(tmp_path)
    ana = desk.town.join("ana", caps="batch")
    header = bearer(ana)
    ana.say("QUIT")
    desk.town.join("ana", caps="batch")
    assert put(desk, header) == 401


def test_a_guest_who_logs_in_is_another(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    ana = desk.town.join("ana", caps="batch")
    header = bearer(ana)
    ana.say("NS REGISTER longpassword")
    assert put(desk, header) == 401


def test_a_file_goes_to_the_room_that_was_meant(tmp_path: Path) -> None:
    """And not to one that has its name by then."""
    desk = Desk(tmp_path)
    ana = desk.town.join("ana", "#tea", caps="batch standard-replies draft/channel-rename")
    header = bearer(ana, "TOKEN GENERATE FILEHOST #tea")
    ana.say("PRIVMSG #tea :hola", "RENAME #tea #coffee")
    desk.town.network.names.leads.clear()
    bob = desk.town.join("bob", "#tea", caps="standard-replies")
    assert put(desk, header) == 201
    assert "foto.png" in ana.say("FILES LIST #coffee")[0]
    assert not any("foto.png" in line for line in bob.say("FILES LIST #tea"))
