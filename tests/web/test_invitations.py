"""Invitations: made in the room's settings by those who may, followed by others, taken back; and by name."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.cli.process import Server
from tests.web.visitor import Visit, Visitor

pytestmark = pytest.mark.slow


def settings(one: Visitor) -> Locator:
    one.page.get_by_role("button", name="Room settings").click()
    dialog = one.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def test_a_link_is_made_followed_and_taken_back(server: Server, visit: Visit) -> None:
    """It opens a room that nobody else enters, as often as was said; revoked, it opens nothing."""
    ana = visit(server).enter("ana_enlace", "#reservada")
    ana.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ana.say("/mode +i")
    panel = settings(ana)
    panel.get_by_label("Link valid for").select_option("a day")
    panel.get_by_label("Uses").select_option("5")
    panel.get_by_role("button", name="Make a link").click()
    link = panel.get_by_role("textbox", name="The link")
    expect(link).to_be_visible()
    address = link.input_value()
    assert address.startswith(f"{ana.address}/invite/")
    panel.get_by_role("button", name="Copy").click()
    expect(panel.get_by_role("button", name="Copied")).to_be_visible()
    assert ana.measure("navigator.clipboard.readText()") == address
    expect(panel.locator(".links li")).to_contain_text("used 0 of 5")
    ana.picture("invitations")
    ana.page.keyboard.press("Escape")

    eva = visit(server)
    eva.page.goto(address)
    eva.page.get_by_role("link", name="Come in with this browser").click()
    eva.page.locator("#nick").fill("eva_enlace")
    eva.page.locator("form.entrance-card button[type=submit]").click()
    eva.inside("#reservada")
    eva.say("gracias por invitarme")
    ana.sees("gracias por invitarme")

    panel = settings(ana)
    expect(panel.locator(".links li")).to_contain_text("used 1 of 5")
    panel.get_by_role("button", name="Revoke the link").click()
    expect(panel.locator(".links li")).to_have_count(0)
    late = visit(server)
    late.allowed.append("404")
    late.page.goto(address)
    expect(late.page.locator("body")).to_contain_text("This invitation is over")


def test_only_those_who_may_are_shown_it(server: Server, visit: Visit) -> None:
    """Any member invites; into a room by invitation only, those with a rank."""
    ana = visit(server).enter("ana_puede", "#cerrojo")
    eva = visit(server).enter("eva_puede", "#cerrojo")
    panel = settings(eva)
    expect(panel.get_by_role("heading", name="Invitations")).to_be_visible()
    ana.say("/mode +i")
    expect(panel.get_by_role("heading", name="Invitations")).to_have_count(0)
    expect(settings(ana).get_by_role("heading", name="Invitations")).to_be_visible()


def test_by_name(server: Server, visit: Visit) -> None:
    """Whoever is asked has a button; whoever asked is told, also when nobody is called so."""
    ana = visit(server).enter("ana_nombre", "#salita")
    eva = visit(server).enter("eva_nombre", "#pasillo")
    ana.say("/mode +i")
    panel = settings(ana)
    name = panel.get_by_label("Name of who is here")
    name.fill("nadie_de_aqui")
    panel.get_by_role("button", name="Invite", exact=True).click()
    expect(panel).to_contain_text("nadie_de_aqui: No such nick")
    name.fill("eva_nombre")
    panel.get_by_role("button", name="Invite", exact=True).click()
    expect(panel).to_contain_text("eva_nombre is invited.")
    notice = eva.page.locator(".notices .invited")
    expect(notice).to_contain_text("ana_nombre invites you to #salita")
    eva.picture("invited")
    notice.get_by_role("button", name="Join").click()
    eva.inside("#salita")
    expect(notice).to_have_count(0)
