"""Coming in: as a guest, with an account, by keyboard, in Spanish; and what is remembered."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.cli.process import Server
from tests.web.visitor import Visit
from tests.whole.people import Person

pytestmark = pytest.mark.slow


def test_a_name_and_one_is_in_the_room(server: Server, visit: Visit) -> None:
    ana = visit(server)
    ana.open()
    expect(ana.page.get_by_role("heading", name="Join the conversation")).to_be_visible()
    ana.picture("first-visit")
    ana.page.get_by_label("Your name").fill("ana")
    ana.page.get_by_role("button", name="Join · #tertulia").click()
    ana.inside("#tertulia")
    expect(ana.page.locator(".members")).to_contain_text("lola")
    expect(ana.page.locator(".me-card")).to_contain_text("ana")


def test_a_name_that_somebody_has_is_refused_in_words(server: Server, visit: Visit, socket_client) -> None:
    socket_client("ocupado", "#tertulia")
    late = visit(server).open()
    late.page.get_by_label("Your name").fill("ocupado")
    late.page.get_by_role("button", name="Join ·").click()
    expect(late.page.get_by_role("alert")).to_contain_text("somebody has it")
    late.page.get_by_label("Your name").fill("otro_nombre")
    late.page.get_by_role("button", name="Join ·").click()
    late.inside("#tertulia")


def test_a_name_of_an_account_is_refused_at_the_door(server: Server, visit: Visit, socket_client) -> None:
    """Also who was here under that name before it was an account's is asked for another, and not left alone
    with an empty page."""
    owner: Person = socket_client("registra", "#puerta")
    guest = visit(server).enter("marina", "#puerta")
    guest.say("antes")
    guest.sees("antes")
    guest.page.goto("about:blank")
    owner.until(":marina!", " QUIT ")
    owner.say("NICK marina", "NS REGISTER una_clave_muy_larga")
    owner.until("The account marina is yours")
    owner.say("QUIT")
    owner.rest()
    late = visit(server).open("#puerta")
    late.page.get_by_label("Your name").fill("marina")
    late.page.get_by_role("button", name="Join ·").click()
    guest.open("#puerta")
    for one, name in ((late, "marina2"), (guest, "marina3")):
        expect(one.page.get_by_role("alert")).to_contain_text("somebody has it")
        one.page.get_by_label("Your name").fill(name)
        one.page.get_by_role("button", name="Join ·").click()
        one.inside("#puerta")


def test_a_reload_comes_back_as_the_same_person(server: Server, visit: Visit) -> None:
    ana = visit(server).enter("vuelve", "#regreso")
    ana.say("before the reload")
    ana.sees("before the reload")
    ana.page.reload()
    ana.inside("#regreso")
    expect(ana.page.locator(".me-card")).to_contain_text("vuelve")
    expect(ana.message("before the reload")).to_have_count(1)


def test_an_account_of_one_s_own(server: Server, visit: Visit, socket_client) -> None:
    """Made in the settings; then one signs in with it elsewhere, and not with a wrong password."""
    ana = visit(server).enter("carmela", "#cuentas")
    ana.page.locator(".me-card").click()
    ana.page.get_by_label("New password").fill("una clave muy larga")
    ana.page.get_by_role("button", name="Make the account").click()
    expect(ana.page.get_by_role("dialog")).to_contain_text("Signed in as carmela")
    ana.page.keyboard.press("Escape")
    ana.context.close()

    other = visit(server).open("#cuentas")
    other.page.get_by_role("button", name="I have an account").click()
    other.page.get_by_label("Account").fill("carmela")
    other.page.get_by_label("Password").fill("adivinada")
    other.page.get_by_role("button", name="Join ·").click()
    expect(other.page.get_by_role("alert")).to_be_visible()
    other.page.get_by_label("Password").fill("una clave muy larga")
    other.page.get_by_role("button", name="Join ·").click()
    other.inside("#cuentas")
    watcher: Person = socket_client("mirador", "#cuentas")
    watcher.say("WHOIS carmela")
    assert "carmela carmela" in watcher.until(" 330 ")
    other.page.reload()
    other.inside("#cuentas")


def test_in_spanish(server: Server, visit: Visit) -> None:
    """The browser's language is taken, the document says so, and the other can be chosen."""
    ana = visit(server, locale="es-ES").open()
    expect(ana.page.get_by_label("Tu nombre")).to_be_visible()
    expect(ana.page.locator("html")).to_have_attribute("lang", "es")
    ana.page.get_by_role("button", name="English").click()
    expect(ana.page.get_by_label("Your name")).to_be_visible()
    ana.page.get_by_role("button", name="Español").click()
    ana.enter("hispana", "#espa")
    expect(ana.field).to_have_attribute("placeholder", "Escribe en #espa")
    ana.say("hola a todos")
    ana.sees("hola a todos")
    ana.page.get_by_role("button", name=re.compile("hispana.*Ajustes")).click()
    expect(ana.page.get_by_role("dialog")).to_contain_text("Idioma")
