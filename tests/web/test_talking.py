"""People who talk: two at browsers, one with an ordinary IRC client. Replies, reactions, and taking back."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.cli.process import Server
from tests.web.visitor import Visit

pytestmark = pytest.mark.slow
# What the server says is kept back between `__hold` and `__release`.
HELD_ECHO = """
const kept = [];
const set = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage").set;
Object.defineProperty(WebSocket.prototype, "onmessage", { set(take) {
  set.call(this, take && ((event) => (window.__hold ? kept.push(() => take(event)) : take(event))));
} });
window.__release = () => { window.__hold = false; kept.splice(0).forEach((one) => one()); };
"""
MULTILINE = "batch message-tags echo-message draft/multiline"


def test_two_browsers_and_an_irc_client_hear_each_other(server: Server, visit: Visit, socket_client) -> None:
    old = socket_client("irssi", "#patio")
    ana, eva = visit(server).enter("ana1", "#patio"), visit(server).enter("eva1", "#patio")
    ana.say("hola desde el navegador")
    old.until("ana1!", "PRIVMSG #patio :hola desde el navegador")
    eva.sees("hola desde el navegador")
    old.say("PRIVMSG #patio :hola desde 1999")
    for one in (ana, eva):
        one.sees("hola desde 1999")
    eva.say("os leo")
    for one in (ana, eva):  # also eva: until it is heard back, what one says stands apart
        one.sees("os leo")
    assert ana.texts()[-3:] == eva.texts()[-3:] == ["hola desde el navegador", "hola desde 1999", "os leo"]
    assert len(ana.texts()) == len(set(ana.texts()))


def test_several_lines_are_one_message(server: Server, visit: Visit, socket_client) -> None:
    old, new = socket_client("viejo", "#versos"), socket_client("nuevo", "#versos", capabilities=MULTILINE)
    ana, eva = visit(server).enter("ana2", "#versos"), visit(server).enter("eva2", "#versos")
    ana.field.fill("primera")
    ana.field.press("Shift+Enter")
    ana.field.press_sequentially("segunda")
    ana.field.press("Enter")
    row = eva.sees("primera")
    assert row.locator(".content").inner_text() == "primera\nsegunda"
    old.until(":primera")
    old.until(":segunda")
    assert "draft/multiline" in new.until("BATCH +")


def test_what_is_unread_is_counted_and_a_mention_stands_out(
    server: Server, visit: Visit, socket_client
) -> None:
    old = socket_client("cartera", "#correo")
    ana = visit(server).enter("ana3", "#correo")
    old.say("PRIVMSG #correo :buenos días")
    ana.sees("buenos días")
    ana.field.fill("/join #otra")
    ana.field.press("Enter")
    ana.inside("#otra")
    old.say("PRIVMSG #correo :una carta", "PRIVMSG #correo :otra para ana3")
    row = ana.page.get_by_role("button", name=re.compile(r"#correo, 1 mention"))
    expect(row).to_be_visible()
    expect(ana.page).to_have_title(re.compile(r"1"))
    row.click()
    ana.inside("#correo")
    expect(ana.sees("otra para ana3")).to_have_class(re.compile("mention"))
    expect(ana.page.locator(".new-line")).to_be_visible()


def test_private_talk(server: Server, visit: Visit, socket_client) -> None:
    old = socket_client("confidente", "#aparte")
    ana = visit(server).enter("ana4", "#aparte")
    old.say("PRIVMSG ana4 :un secreto")
    ana.page.get_by_role("button", name=re.compile("confidente, 1 ")).click()
    ana.sees("un secreto")
    ana.say("soy una tumba")
    old.until("ana4!", "PRIVMSG confidente :soy una tumba")


def test_reply_react_and_take_back(server: Server, visit: Visit, socket_client) -> None:
    tagged = socket_client("tags", "#tratos", capabilities="message-tags draft/message-redaction")
    ana, eva = visit(server).enter("ana5", "#tratos"), visit(server).enter("eva5", "#tratos")
    ana.say("¿quién viene?")
    eva.act("¿quién viene?", "Reply")
    expect(eva.page.locator(".reply-bar")).to_contain_text("ana5")
    eva.say("yo voy")
    expect(ana.sees("yo voy").locator(".quote")).to_contain_text("¿quién viene?")
    assert "+draft/reply=" in tagged.until("yo voy")

    ana.act("yo voy", "React 🎉")
    expect(eva.sees("yo voy").locator(".reaction")).to_have_text("🎉1")
    eva.sees("yo voy").locator(".reaction").click()
    expect(ana.sees("yo voy").locator(".reaction")).to_have_text("🎉2")
    ana.sees("yo voy").locator(".reaction").click()
    expect(eva.sees("yo voy").locator(".reaction")).to_have_text("🎉1")

    ana.page.once("dialog", lambda dialog: dialog.accept())
    ana.act("¿quién viene?", "Take back")
    tagged.until("REDACT #tratos")
    eva.sees("took this message back")
    expect(eva.message("¿quién viene?")).to_have_count(0)


def test_who_types_is_shown(server: Server, visit: Visit) -> None:
    ana, eva = visit(server).enter("ana6", "#teclas"), visit(server).enter("eva6", "#teclas")
    eva.page.clock.set_fixed_time(datetime.now(UTC))  # else it would be over after six seconds by itself
    ana.field.press_sequentially("estoy escri")
    expect(eva.page.locator(".typing")).to_contain_text("ana6 is typing")
    ana.field.fill("")
    expect(eva.page.locator(".typing")).to_have_text("")


def test_completion_of_names_and_commands(server: Server, visit: Visit, socket_client) -> None:
    socket_client("wenceslao", "#listas")
    ana = visit(server).enter("ana7", "#listas")
    expect(ana.page.locator(".members")).to_contain_text("wenceslao")
    ana.field.press_sequentially("wen")
    ana.field.press("Tab")
    expect(ana.field).to_have_value(re.compile("^wenceslao[:,] $"))
    ana.field.fill("")
    ana.field.press_sequentially("/ki")
    expect(ana.page.locator("#completions")).to_contain_text("put somebody out")
    ana.field.press("Escape")
    ana.field.fill("/nosuchthing")
    ana.field.press("Enter")
    expect(ana.page.get_by_role("alert")).to_contain_text("There is no command /nosuchthing")


def test_a_draft_stays_with_its_room(server: Server, visit: Visit) -> None:
    ana = visit(server).enter("ana8", "#borrador")
    ana.field.fill("a medio escr")
    ana.page.reload()
    ana.inside("#borrador")
    expect(ana.field).to_have_value("a medio escr")


def test_a_word_that_is_complete_is_sent_by_enter(server: Server, visit: Visit) -> None:
    """What is offered and stands there already does not take the Enter that was meant to send."""
    ana = visit(server).enter("ana_lista", "#lista1")
    for room in ("#lista2", "#lista1"):
        ana.field.fill("")
        ana.field.press_sequentially(f"/join {room}")
        ana.field.press("Enter")
        ana.inside(room)
        expect(ana.field).to_have_value("")


def test_one_message_at_a_time_has_its_buttons(server: Server, visit: Visit, socket_client) -> None:
    """The pointer that has pressed one and gone on leaves none behind."""
    ana = visit(server).enter("ana_botones", "#botones")
    other = socket_client("otra_botones", "#botones")
    other.say("PRIVMSG #botones :primero", "PRIVMSG #botones :segundo")
    ana.act("primero", "React 👍")
    expect(ana.sees("primero").locator(".reaction")).to_be_visible()
    ana.sees("segundo").hover()
    expect(ana.sees("segundo").locator(".actions")).to_be_visible()
    expect(ana.page.locator(".actions")).to_have_count(1)


def test_where_one_may_not_speak_that_is_said_once(server: Server, visit: Visit, socket_client) -> None:
    """At the message that was refused; typing it says nothing yet."""
    boss = socket_client("mandona", "#callada")
    boss.say("MODE #callada +m")
    boss.fence()
    ana = visit(server).enter("ana_callada", "#callada")
    ana.field.press_sequentially("¿se oye?")
    ana.say("¿se oye?")
    expect(ana.page.locator(".pending")).to_contain_text("Refused: Cannot send to channel")
    expect(ana.page.locator(".happening.error")).to_have_count(0)


def test_a_reply_shows_what_it_answers(server: Server, visit: Visit, socket_client) -> None:
    """Also while one writes it; and when that is taken back, this, and no reactions to it."""
    ana = visit(server).enter("ana_cita", "#cita")
    other = socket_client("otra_cita", "#cita", capabilities="message-tags")
    other.say("PRIVMSG #cita :lo que se cita")
    ana.act("lo que se cita", "React 👍")
    expect(ana.sees("lo que se cita").locator(".reaction")).to_be_visible()
    ana.act("lo que se cita", "Reply")
    expect(ana.page.locator(".reply-bar")).to_contain_text("lo que se cita")
    ana.say("mi respuesta")
    expect(ana.sees("mi respuesta").locator(".quote")).to_contain_text("lo que se cita")
    ana.page.once("dialog", lambda asked: asked.accept())
    ana.act("lo que se cita", "Take back")
    expect(ana.sees("mi respuesta").locator(".quote")).to_contain_text("took this message back")
    expect(ana.page.locator(".reaction")).to_have_count(0)


def test_a_long_list_of_rooms(server: Server, visit: Visit, socket_client) -> None:
    """What is open is in view; what is unread below is a button away; all emoji can be scrolled to."""
    ana = visit(server, viewport={"width": 1200, "height": 420}).enter("ana_larga", "#larga-00")
    rooms = [f"#larga-{number:02}" for number in range(40)]
    ana.say(f"/quote JOIN {','.join(rooms)}")
    expect(ana.page.locator(".sidebar .row")).to_have_count(40)
    more = ana.page.get_by_role("button", name="Unread below")
    expect(more).to_have_count(0)
    socket_client("larguirucha", "#larga-30").say("PRIVMSG #larga-30 :aquí abajo")
    more.click()
    expect(ana.page.get_by_role("button", name="#larga-30")).to_be_in_viewport()
    expect(more).to_have_count(0)
    ana.say("/join #larga-39")
    expect(ana.page.get_by_role("button", name="#larga-39")).to_be_in_viewport()
    ana.page.locator(".composer").get_by_role("button", name="Emoji").click()
    grid = ana.page.locator(".emoji-grid button")
    expect(grid).to_have_count(160)
    ana.page.locator(".emoji-grid").evaluate("(grid) => { grid.scrollTop = grid.scrollHeight; }")
    expect(grid).to_have_count(320)


def test_what_one_says_stands_where_it_will_stand(server: Server, visit: Visit) -> None:
    """Until it is heard back it has the size that it has then: nothing moves when it is."""
    ana = visit(server)
    ana.page.add_init_script(HELD_ECHO)
    ana.enter("ana_quieta", "#inmovil")
    for words in ("la primera", "la segunda, que sigue"):
        ana.measure("window.__hold = true")
        ana.say(words)
        pending = ana.page.locator(".pending", has_text=words)
        expect(pending).to_be_visible()
        before = pending.bounding_box()
        ana.measure("window.__release()")
        expect(pending).to_have_count(0)
        after = ana.sees(words).bounding_box()
        assert before is not None and after is not None
        assert (before["height"], before["y"]) == (after["height"], after["y"])
