"""The models' tool for files, on the real desk."""

from __future__ import annotations

from pathlib import Path

from tertulia.cli.shelf import DeskShelf
from tests.support.desk import PNG, Desk


def test_a_file_is_found_by_its_link_and_nothing_else(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.member()
    path = desk.hand_in()
    key = path.split("/")[2]
    shelf = DeskShelf(desk.desk)
    found = shelf.find(f"http://elsewhere.example{path}?x=1#y")
    assert found is not None and found.key == key and found.type == "image/png"
    assert found.path.read_bytes() == PNG
    for link in ("", "/", key[:-1], f"/files/{'0' * len(key)}/x", "../../etc/passwd", "http://[::1", "\0"):
        assert shelf.find(link) is None, link


def test_a_server_without_files_has_none() -> None:
    assert DeskShelf(None).find("http://c.example/files/a/b") is None
