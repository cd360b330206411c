"""A room of ten thousand: its list scrolls, and the page holds only what is in view.

The members are told to the page as a server would tell them (RPL_NAMREPLY), on the way between both: nobody
has to connect ten thousand times for that.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.cli.process import Server
from tests.web.visitor import Visit

pytestmark = pytest.mark.slow
CROWD = [f"vecina{number:05d}" for number in range(10_000)]
ROOM = "#multitud"
A_LINE = 24  # names
ROW = 40  # pixels
DRAWN = """() => [...document.querySelectorAll(".members-scroll li")].map((row) => ({
  name: row.querySelector(".member bdi")?.innerText ?? "", top: row.getBoundingClientRect().top }))"""
PLACE = """(() => { const box = document.querySelector(".members-scroll");
  return [box.clientHeight, box.scrollHeight, box.getBoundingClientRect().top]; })()"""


def crowded(route: WebSocketRoute) -> None:
    """The real server, with more members in its one answer to NAMES."""
    server = route.connect_to_server()

    def told(message: str | bytes) -> None:
        line = message if isinstance(message, str) else message.decode()
        if " 366 " in line and ROOM in line:
            head = line.partition(" 366 ")[0].rpartition(":")[2]
            nick = line.partition(" 366 ")[2].split()[0]
            for at in range(0, len(CROWD), A_LINE):
                route.send(f":{head} 353 {nick} = {ROOM} :{' '.join(CROWD[at : at + A_LINE])}")
        route.send(message)

    server.on_message(told)


def test_ten_thousand_members_scroll(server: Server, visit: Visit) -> None:
    """At every place those are drawn that belong there, in their order: a screen of them and its edges."""
    ana = visit(server, viewport={"width": 1280, "height": 800})
    ana.page.route_web_socket(re.compile(r"/irc$"), crowded)
    ana.enter("ana_multitud", ROOM)
    expect(ana.page.locator(".members h2")).to_have_text("10,001 members")
    height, whole, top = ana.measure(PLACE)
    assert whole >= len(CROWD) * ROW
    most = height / ROW + 2 * 8 + 3
    seen: set[str] = set()
    for step in range(0, whole, whole // 40):
        ana.measure(f"document.querySelector('.members-scroll').scrollTop = {step}")
        first = max(0, step // ROW - 2)
        wanted = CROWD[min(first, len(CROWD) - 1)]
        expect(ana.page.locator(".members-scroll bdi", has_text=wanted)).to_be_attached()
        rows = ana.measure(DRAWN)
        names = [row["name"] for row in rows if row["name"].startswith("vecina")]
        assert names == sorted(names) and len(rows) <= most
        at = [row["top"] for row in rows]
        assert min(at) <= top and max(at) + ROW >= min(top + height, top + whole - step - 1), "a hole"
        seen.update(names)
    assert len(seen) > 1_000
    ana.picture("crowd")
    ana.page.get_by_label("Find a member").fill("09999")
    expect(ana.page.locator(".members-scroll bdi")).to_have_text(["vecina09999"])
    ana.page.get_by_role("button", name="vecina09999").click()
    expect(ana.page.get_by_role("dialog")).to_contain_text("vecina09999")
