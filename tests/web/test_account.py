"""An account in the browser: made, its password changed (with spaces), used after a reload, deleted."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.cli.process import Server
from tests.web.visitor import Visit, Visitor

pytestmark = pytest.mark.slow
FIRST = "tres palabras  largas"
SECOND = 'otra "entre comillas" \\ y más'


def settings(one: Visitor) -> Locator:
    one.page.locator(".me-card").click()
    dialog = one.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def test_passwords_with_spaces(server: Server, visit: Visit, socket_client) -> None:
    ana = visit(server).enter("ana_cuenta", "#cuentas")
    panel = settings(ana)
    panel.get_by_label("New password").fill(FIRST)
    panel.get_by_role("button", name="Make the account").click()
    expect(panel).to_contain_text("Signed in as ana_cuenta")
    ana.page.reload()
    ana.inside("#cuentas")
    panel = settings(ana)
    expect(panel).to_contain_text("Signed in as ana_cuenta")

    panel.get_by_label("Current password").fill("no es esta")
    panel.get_by_label("New password").fill(SECOND)
    panel.get_by_role("button", name="Change the password").click()
    expect(panel).to_contain_text("wrong account or password")
    panel.get_by_label("Current password").fill(FIRST)
    panel.get_by_label("New password").fill(SECOND)
    panel.get_by_role("button", name="Change the password").click()
    expect(panel).to_contain_text("The password is changed")
    other = socket_client("otra_cuenta")
    other.say(f"NS :IDENTIFY ana_cuenta {SECOND}")
    other.until(" 900 ")
    other.say("QUIT")
    ana.page.reload()
    ana.inside("#cuentas")
    panel = settings(ana)
    expect(panel).to_contain_text("Signed in as ana_cuenta")
    ana.picture("account")

    panel.get_by_role("button", name="Profile, sessions and models").click()
    panel = ana.page.get_by_role("dialog")
    panel.get_by_text("Delete the account…").click()
    panel.get_by_label("Current password").fill(SECOND)
    ana.page.once("dialog", lambda asked: asked.accept())
    panel.get_by_role("button", name="Delete the account", exact=True).click()
    expect(ana.page.locator(".me-card")).to_contain_text("guest")
