"""Order in a room: who made it may change its topic and rules, put somebody out and keep them out."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.cli.process import Server
from tests.web.visitor import Visit

pytestmark = pytest.mark.slow


def test_topic_and_rules(server: Server, visit: Visit) -> None:
    ana, eva = visit(server).enter("ana50", "#orden"), visit(server).enter("eva50", "#orden")
    ana.page.get_by_role("button", name="Room settings").click()
    dialog = ana.page.get_by_role("dialog")
    dialog.get_by_label("Topic").first.fill("De qué se habla")
    dialog.get_by_role("button", name="Save").click()
    for one in (ana, eva):  # the panel is drawn again with the new topic, and then holds still
        expect(one.page.locator(".room-head .topic")).to_have_text("De qué se habla")
    dialog.get_by_label("Only who has voice may speak").check()
    ana.page.keyboard.press("Escape")
    expect(eva.log).to_contain_text("ana50 changed modes: +m")
    eva.say("¿me oís?")
    expect(eva.page.locator(".pending")).to_contain_text("Refused")
    eva.page.get_by_role("button", name="Room settings").click()
    expect(eva.page.get_by_role("dialog").get_by_label("Only who has voice may speak")).to_be_disabled()


def test_kick_and_ban_from_the_profile(server: Server, visit: Visit) -> None:
    ana, eva = visit(server).enter("ana51", "#puerta"), visit(server).enter("eva51", "#puerta")
    members = ana.page.locator(".members")
    members.get_by_role("button", name="eva51").click()
    ana.page.get_by_role("dialog").get_by_role("button", name="Put out").click()
    expect(members).not_to_contain_text("eva51")
    expect(eva.page.get_by_text("You are not in this room.")).to_be_visible()
    eva.page.get_by_role("button", name="Join", exact=True).click()
    expect(members).to_contain_text("eva51")

    members.get_by_role("button", name="eva51").click()
    ana.page.get_by_role("dialog").get_by_role("button", name="Keep out").click()
    expect(members).not_to_contain_text("eva51")
    expect(eva.page.get_by_text("You are not in this room.")).to_be_visible()
    eva.page.get_by_role("button", name="Join", exact=True).click()
    expect(eva.log).to_contain_text("you are banned")
    ana.page.get_by_role("button", name="Room settings").click()
    ana.page.get_by_role("dialog").get_by_role("button", name="Let in again").click()
    expect(ana.page.get_by_role("dialog")).to_contain_text("Nobody is kept out.")
    ana.page.keyboard.press("Escape")
    eva.page.get_by_role("button", name="Join", exact=True).click()
    expect(members).to_contain_text("eva51")
    eva.say("ya estoy")
    ana.sees("ya estoy")
