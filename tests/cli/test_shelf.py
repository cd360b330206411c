"""The models' shelf, on the real desk of files."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tertulia.cli.shelf import DeskShelf
from tertulia.models import attached
from tertulia.models.provider import Capabilities
from tertulia.models.scripted import Scripted
from tertulia.models.tools.toolbox import Toolbox
from tests.models.household import Household
from tests.support.desk import PNG, Desk


def test_a_file_is_found_by_its_link_and_nothing_else(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.member()
    path = desk.hand_in()
    key = path.split("/")[2]
    shelf = DeskShelf(desk.desk)
    found = shelf.find(f"http://elsewhere.example{path}?x=1#y")
    assert found is not None and found.key == key and found.type == "image/png"
    assert found.path.read_bytes() == PNG and found.account == "ana"
    for link in ("", "/", key[:-1], f"/files/{'0' * len(key)}/x", "../../etc/passwd", "http://[::1", "\0"):
        assert shelf.find(link) is None, link


def test_a_server_without_files_has_none() -> None:
    assert DeskShelf(None).find("http://c.example/files/a/b") is None


def test_what_was_handed_in_is_shown_to_a_model(tmp_path: Path) -> None:
    """The whole way: handed in over HTTP, its link said in a room, seen by a model that can see."""
    desk = Desk(tmp_path)
    desk.member()
    link = f"http://c.example{desk.hand_in()}"
    provider = Scripted(["un gato"])
    provider.capabilities = Capabilities(8_192, vision=True)

    async def go() -> None:
        house = Household("lola", providers={"lola": provider}, town=desk.town)
        house.circle.toolbox = Toolbox((), DeskShelf(desk.desk))
        await house.start()
        await house.say(desk.town.join("bob", "#r"), f"PRIVMSG #r :lola: what is {link}?")
        await house.host.close()

    asyncio.run(go())
    assert [one.data for one in provider.requests[0].turns[0].images] == [PNG]
    assert attached.HEAD in provider.requests[0].turns[0].text
