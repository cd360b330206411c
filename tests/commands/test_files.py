"""FILES: what was handed in, seen from IRC."""

from __future__ import annotations

from pathlib import Path

import pytest

from tertulia.commands.settings import Operator
from tests.support.desk import BASE, PNG, Desk, bearer
from tests.support.town import Client, Town


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, Town(operators=(Operator("root", "secret"),)))


def hand_in(desk: Desk, client: Client, scope: str) -> str:
    headers = bearer(client, f"TOKEN GENERATE FILEHOST {scope}")
    answer = desk.ask("POST", "/files", content=PNG, headers=headers)
    return str(answer.headers["location"])


def test_one_s_own(desk: Desk) -> None:
    ana = desk.member("ana", "#tea")
    link = desk.hand_in(name="gato.png")
    one, end = ana.say("FILES LIST")
    assert one == (
        f":tertulia.local NOTE FILES FILE {BASE}{link} :gato.png (108 bytes, image/png), by ana, "
        "until 2026-12-20"
    )
    assert end.startswith(":tertulia.local NOTE FILES FILES_END * :1 files")
    assert "1 files here, 108 of" in ana.say("FILES USED")[0]
    assert "0 files" in desk.member("bob").say("FILES LIST")[0]


def test_old_clients_read_a_notice(desk: Desk) -> None:
    desk.member()
    link = desk.hand_in()
    old = desk.town.join("old")
    assert old.say("FILES LIST")[0].startswith(":tertulia.local NOTICE old :0 files")
    old.say("NS IDENTIFY ana longpassword")
    assert old.say("FILES LIST")[0].startswith(f":tertulia.local NOTICE old :{BASE}{link} foto.png (108")


def test_those_of_a_room_are_for_its_members(desk: Desk) -> None:
    ana, bob = desk.member("ana", "#tea"), desk.town.join("bob", "#tea")
    link = hand_in(desk, ana, "#tea")
    assert link in bob.say("FILES LIST #TEA")[0]
    assert desk.town.join("eve").say("FILES LIST #tea")[0].split()[1] == "442"


def test_they_go_along_with_a_renamed_room(desk: Desk) -> None:
    """And whoever takes the old name has none of them, nor may delete them."""
    ana = desk.member("ana", "#tea")
    old = hand_in(desk, ana, "#tea")
    ana.say("RENAME #tea #coffee")
    new = hand_in(desk, ana, "#coffee")
    listed = ana.say("FILES LIST #coffee")
    assert [old in one or new in one for one in listed] == [True, True, False]
    desk.town.network.names.leads.clear()  # as after a restart
    eve = desk.town.join("eve", "#tea", caps="standard-replies")
    assert "0 files" in eve.say("FILES LIST #tea")[-1]
    assert "UNKNOWN_FILE" in eve.say(f"FILES DELETE {old}")[0]
    again = Desk(desk.folder._path, Town(desk.town.store))
    assert old in "".join(again.town.join("leo", "#coffee").say("FILES LIST #coffee"))


def test_newcomers_of_a_room_that_hides_its_past(desk: Desk) -> None:
    ana = desk.member("ana", "#tea")
    old = hand_in(desk, ana, "#tea")
    ana.say("CS REGISTER #tea", "CS SET #tea history-seen joined")
    desk.town.advance(5)
    bob = desk.town.join("bob", "#tea")
    desk.town.advance(5)
    new = hand_in(desk, ana, "#tea")
    listed = bob.say("FILES LIST #tea")
    assert new in listed[0] and "1 files" in listed[1] and not any(old in line for line in listed)


@pytest.mark.parametrize(
    ("who", "may"), [("owner", True), ("room operator", True), ("server operator", True), ("member", False)]
)
def test_who_may_delete(desk: Desk, who: str, may: bool) -> None:
    keeper = desk.town.join("op", "#tea", caps="standard-replies")
    ana, bob = desk.member("ana", "#tea"), desk.town.join("bob", "#tea", caps="standard-replies")
    link = hand_in(desk, ana, "#tea")
    root = desk.town.join("root", caps="standard-replies")
    root.say("OPER root secret")
    asker = {"owner": ana, "room operator": keeper, "server operator": root, "member": bob}[who]
    answer = asker.say(f"FILES DELETE {link}")[-1]
    assert ("FILE_DELETED" in answer) is may and ("FAIL FILES UNKNOWN_FILE" in answer) is not may
    assert desk.ask("GET", link).status_code == (404 if may else 200)


@pytest.mark.parametrize("line", ["FILES", "FILES BREW", "FILES DELETE"])
def test_what_makes_no_sense(desk: Desk, line: str) -> None:
    answer = desk.member().say(line)[0]
    assert " 461 " in answer or "FAIL FILES INVALID_PARAMS" in answer
