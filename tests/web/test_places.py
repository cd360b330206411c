"""Where one is: the address of a room, the browser's Back, reloads, several tabs, names that are taken."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from tests.cli.process import Server
from tests.web.test_access import PHONE
from tests.web.test_offline import KEPT
from tests.web.visitor import Visit, Visitor, eventually
from tests.whole.people import Person

pytestmark = pytest.mark.slow


# As one types, at the end of a wait in which the page does nothing else.
WRITE_WHEN_ANSWERED = """(text) => void setTimeout(() => {
  const asked = new XMLHttpRequest();
  asked.open("GET", "/held", false);
  asked.send();
  const field = document.querySelector(".composer textarea");
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
})"""
NOTE_NOTICES = """() => { window.__noticed = []; new MutationObserver(() => {
  const said = document.querySelector(".notices").innerText; if (said) window.__noticed.push(said); }
).observe(document.body, { childList: true, subtree: true, characterData: true }); }"""


def in_room(page: Page, room: str, nick: str) -> None:
    expect(page.locator(".room-head h1")).to_have_text(room)
    expect(page.locator(".me-card bdi")).to_have_text(nick)
    expect(page.locator(".members-button")).to_have_text(re.compile(r"\d"))
    expect(page.locator(".offline")).to_have_count(0)


def rooms(one: Visitor, *names: str) -> None:
    for name in names:
        one.say(f"/join #{name}")
        one.inside(f"#{name}")


def test_the_address_names_the_room_and_back_leads_to_the_last(server: Server, visit: Visit) -> None:
    """A reload, a link to a room and Back all end where one expects; a room that was left stays so."""
    ana = visit(server).enter("ana_pasos", "#pasos1")
    rooms(ana, "pasos2", "pasos3")
    assert ana.page.url == f"{ana.address}/#pasos3"
    ana.page.go_back()
    ana.inside("#pasos2")
    ana.page.reload()
    ana.inside("#pasos2")
    ana.page.goto(f"{ana.address}/#pasos1")
    ana.inside("#pasos1")
    ana.page.go_back()
    ana.inside("#pasos2")
    ana.page.get_by_role("button", name="Leave the room").click()
    expect(ana.page.locator(".room-head h1")).not_to_have_text("pasos2")
    ana.page.go_back()
    expect(ana.page.get_by_role("button", name="#pasos2", exact=True)).to_have_count(0)
    ana.page.goto(ana.address)  # without a room: where one was
    expect(ana.page.locator(".room-head h1")).not_to_have_text("tertulia")


def test_a_room_that_was_left_is_not_entered_by_the_next_connection(server: Server, visit: Visit) -> None:
    """Also when it was one of those that the page was opened with."""
    ana = visit(server)
    wires: list[WebSocketRoute] = []

    def through(route: WebSocketRoute) -> None:
        route.connect_to_server()
        wires.append(route)

    ana.page.route_web_socket(re.compile("/irc$"), through)
    ana.enter("ana_deja", "#dejada")
    rooms(ana, "queda")
    ana.page.get_by_role("button", name="#dejada", exact=True).click()
    ana.inside("#dejada")
    ana.page.get_by_role("button", name="Leave the room").click()
    ana.inside("#queda")
    wires[-1].close()
    eventually(ana.page, lambda: len(wires) > 1)
    ana.inside("#queda")
    ana.say("otra vez")
    ana.sees("otra vez")  # all that was entered before has been told by now
    expect(ana.page.get_by_role("button", name="#queda", exact=True)).to_be_visible()
    expect(ana.page.get_by_role("button", name="#dejada", exact=True)).to_have_count(0)


def test_back_on_a_phone_closes_what_is_above(server: Server, visit: Visit) -> None:
    """The rooms, the members, a panel: each by itself; whoever then reads on has left no step behind."""
    ana = visit(server, **PHONE).enter("ana_atras", "#atras")
    ana.page.locator(".room-head .menu").click()
    expect(ana.page.locator(".sidebar")).to_be_in_viewport()
    ana.page.go_back()
    expect(ana.page.locator(".sidebar")).not_to_be_in_viewport()
    ana.page.locator(".members-button").click()
    ana.page.locator(".members").get_by_role("button", name="ana_atras").click()
    expect(ana.page.get_by_role("dialog")).to_be_visible()
    ana.page.go_back()
    expect(ana.page.get_by_role("dialog")).to_have_count(0)
    expect(ana.page.locator(".members")).to_be_visible()
    ana.page.go_back()
    expect(ana.page.locator(".members")).to_have_count(0)
    ana.inside("#atras")
    ana.page.locator(".topic").click()
    ana.page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(ana.page.get_by_role("dialog")).to_have_count(0)
    ana.page.wait_for_function("() => history.state === 'inside'")


def test_a_guest_in_two_tabs(server: Server, visit: Visit) -> None:
    """The second is in as well, under a name beside the first, and takes the name when that is free."""
    ana = visit(server).enter("ana_doble", "#doble")
    second = ana.context.new_page()
    second.goto(f"{ana.address}/#doble")
    in_room(second, "doble", "ana_doble_")
    expect(ana.page.locator(".members")).to_contain_text("ana_doble_")
    ana.page.close()
    in_room(second, "doble", "ana_doble")
    second.reload()
    in_room(second, "doble", "ana_doble")


def test_a_name_that_is_free_before_one_is_there(server: Server, visit: Visit, socket_client) -> None:
    """Whoever has it leaves between the refusal and the coming in, which nobody tells: it is asked for
    again."""
    ana = visit(server).enter("ana_tarde", "#tarde")
    ana.page.goto("about:blank")
    holder = socket_client("quien_la_tiene", "#tarde")
    eventually(ana.page, lambda: takes(holder, "ana_tarde"))

    def refused_late(route: WebSocketRoute) -> None:
        there = route.connect_to_server()

        def told(line: str | bytes) -> None:
            if " 433 " in str(line) and holder.plug.fileno() >= 0:
                holder.say("QUIT")
                holder.rest()
                holder.plug.close()
            route.send(line)

        there.on_message(told)

    ana.page.route_web_socket(re.compile("/irc$"), refused_late)
    ana.open("#tarde").inside("#tarde")
    expect(ana.page.locator(".me-card bdi")).to_have_text("ana_tarde")
    assert holder.plug.fileno() < 0, "the name was refused at first"


def takes(one: Person, nick: str) -> bool:
    """Whether they have this nick now: whoever had it may not have left yet."""
    one.say(f"NICK {nick}")
    return any(line.split()[1:] in (["NICK", nick], ["NICK", f":{nick}"]) for line in one.fence())


def test_a_password_that_is_no_more_is_asked_for(server: Server, visit: Visit, socket_client) -> None:
    """Changed elsewhere: a reload shows the refusal and the way in, not for ever what was read before."""
    ana = visit(server).enter("ana_vieja", "#claves")
    ana.page.locator(".me-card").click()
    ana.page.get_by_label("New password").fill("la primera clave")
    ana.page.get_by_role("button", name="Make the account").click()
    expect(ana.page.get_by_role("dialog")).to_contain_text("Signed in as ana_vieja")
    ana.page.keyboard.press("Escape")
    ana.say("algo que se guarda aquí")
    ana.sees("algo que se guarda aquí")
    eventually(ana.page, lambda: ana.page.evaluate(KEPT, "algo que se guarda aquí"))
    other = socket_client("otra_vieja")
    other.say("NS :IDENTIFY ana_vieja la primera clave")
    other.until(" 900 ")
    other.say('NS :PASSWORD "la primera clave" "la segunda clave"')
    other.until("changed")
    ana.page.reload()
    expect(ana.page.get_by_role("alert")).to_contain_text("account or password")
    ana.page.get_by_label("Password").fill("la segunda clave")
    ana.page.get_by_role("button", name="Join ·").click()
    ana.inside("#claves").sees("algo que se guarda aquí")


def zone_at_noon() -> str:
    """Where it is about noon now: midnight is far, and each day has 24 hours. (POSIX counts these names the
    other way round: `Etc/GMT+3` is three hours behind.)"""
    return f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"


def test_a_tab_that_slept_for_a_day(server: Server, visit: Visit, socket_client) -> None:
    """What was said today was said yesterday then; and the talk goes on."""
    ana = visit(server, timezone_id=zone_at_noon())
    ana.page.clock.install()
    ana.enter("ana_sueño", "#siesta")
    ana.say("hasta mañana")
    ana.sees("hasta mañana")
    expect(ana.page.locator(".day")).to_have_text("Today")
    ana.page.clock.fast_forward("24:00:00")
    expect(ana.page.locator(".day").first).to_have_text("Yesterday")
    ana.inside("#siesta")
    socket_client("madrugadora", "#siesta").say("PRIVMSG #siesta :buenos días")
    ana.sees("buenos días")


def test_drafts_of_two_tabs(server: Server, visit: Visit) -> None:
    """Neither takes away what the other has kept for another room: also when both write in one moment. Each
    has a copy of what is kept, which is told of changes by and by; a page that waits is told of nothing."""
    ana = visit(server).enter("ana_borrador", "#borrador1")
    rooms(ana, "borrador2")
    second = ana.context.new_page()
    second.goto(f"{ana.address}/#borrador1")
    in_room(second, "borrador1", "ana_borrador_")
    held: list[Route] = []
    second.route("**/held", lambda route: held.append(route))
    second.evaluate(WRITE_WHEN_ANSWERED, "a medias en la primera")
    eventually(ana.page, lambda: held)
    ana.field.fill("a medias en la segunda")
    held[0].fulfill(body="")
    expect(second.locator(".composer textarea")).to_have_value("a medias en la primera")
    second.close()
    ana.page.reload()
    ana.inside("#borrador2")
    expect(ana.field).to_have_value("a medias en la segunda")
    ana.page.wait_for_function("() => localStorage.getItem('tertulia.draft.#borrador1')")  # it has come over
    ana.page.get_by_role("button", name="#borrador1", exact=True).click()
    expect(ana.field).to_have_value("a medias en la primera")


def test_a_day_of_23_hours_is_searched_whole(server: Server, visit: Visit) -> None:
    """Summer time began on the 29th of March 2026 in Madrid: that day is from 23:00 UTC to 22:00."""
    ana = visit(server).open()
    said: list[str] = []
    ana.page.on("websocket", lambda wire: wire.on("framesent", lambda sent: said.append(str(sent))))
    ana.enter("ana_hora", "#hora")
    ana.page.keyboard.press("Control+Shift+f")
    dialog = ana.page.get_by_role("dialog")
    dialog.get_by_label("Words").fill("hola")
    dialog.get_by_label("After").fill("2026-03-29")
    dialog.get_by_label("Before").fill("2026-03-29")
    dialog.get_by_role("button", name="Search", exact=True).click()
    expect(dialog).to_contain_text("Nothing was found")
    (asked,) = [line for line in said if "SEARCH " in line]
    assert "after=2026-03-28T23:00:00.000Z" in asked and "before=2026-03-29T22:00:00.000Z" in asked


def test_a_model_is_a_model_in_private_too(server: Server, visit: Visit) -> None:
    """At a glance, in the list and in the head; also when the page comes back to nothing but that talk."""
    ana = visit(server).enter("ana_sola", "#soledad")
    ana.say("/msg lola hola")
    ana.say("/part #soledad")
    for again in (False, True):
        if again:
            ana.page.reload()
        expect(ana.page.locator(".room-head h1")).to_have_text("lola")
        expect(ana.page.locator(".room-head .avatar.bot")).to_be_visible()
        expect(ana.page.locator(".sidebar .row .avatar.bot")).to_be_visible()


def test_a_page_that_is_older_than_its_server(server: Server, visit: Visit) -> None:
    """A part of it that is no more: the page is loaded again, once; if that does not help, it is said."""
    ana = visit(server, service_workers="block")  # it keeps all parts, until it is new itself
    ana.allowed += ["Service Worker registration", "Failed to load resource", "dynamically imported module"]
    ana.page.route("**/assets/Panels*.js", lambda route: route.fulfill(status=404))
    ana.page.clock.set_fixed_time(datetime.now(UTC))  # after a minute it would be loaded once more
    ana.enter("ana_antigua", "#antigua")
    with ana.page.expect_navigation():
        ana.page.locator(".me-card").click()
    ana.inside("#antigua")
    ana.measure(NOTE_NOTICES)  # it passes, maybe while nobody looks
    ana.page.locator(".me-card").click()
    ana.page.wait_for_function("() => window.__noticed.some((one) => one.includes('Load the page again'))")
    ana.page.unroute("**/assets/Panels*.js")
    ana.page.reload()
    ana.inside("#antigua")
    ana.page.locator(".me-card").click()
    expect(ana.page.get_by_role("dialog")).to_be_visible()
