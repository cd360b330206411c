"""For everybody: by keyboard, with a screen reader, on a phone, enlarged, with less motion, in the dark."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.cli.process import Server
from tests.house.tree import ROOT
from tests.web.provider import Provider
from tests.web.visitor import Visit, Visitor

pytestmark = pytest.mark.slow
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = ("serious", "critical")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
FOCUS = "document.activeElement.ariaLabel ?? document.activeElement.innerText ?? document.activeElement.id"


@pytest.fixture(scope="session")
def axe() -> str:
    if not AXE.is_file():
        pytest.skip("axe-core is not there: npm ci in web/")
    return AXE.read_text(encoding="utf-8")


def grave(one: Visitor, axe: str) -> list[str]:
    """What axe calls serious or critical, with where it is."""
    one.page.wait_for_function(  # a colour that is fading in has no contrast yet
        "() => document.getAnimations().every((one) => one.playState !== 'running' || "
        "one.effect.getComputedTiming().iterations === Infinity)"
    )
    one.page.evaluate(axe)
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    found: dict[str, Any] = one.page.evaluate("(options) => axe.run(document, options)", options)
    return [
        f"{fault['impact']} {fault['id']}: {[node['html'][:160] for node in fault['nodes'][:3]]}"
        for fault in found["violations"]
        if fault["impact"] in GRAVE
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave(server: Server, visit: Visit, socket_client, axe: str, scheme: str) -> None:
    ana = visit(server, color_scheme=scheme).open()
    expect(ana.page.locator("#nick")).to_be_visible()
    found = {"entrance": grave(ana, axe)}
    ana.enter(f"axa_{scheme}", "#markdown")
    other = socket_client(f"otra_{scheme}", "#markdown")
    other.say(f"PRIVMSG #markdown :axa_{scheme}: mira https://example.org/ y \x0304esto\x03")
    for room, words in ((f"#axa-{scheme}", "una cosa"), (f"#axb-{scheme}", f"axa_{scheme}, una carta")):
        ana.say(f"/quote JOIN {room}")
        other.say(f"JOIN {room}", f"PRIVMSG {room} :{words}")
        expect(ana.page.get_by_role("button", name=f"{room}, 1 ")).to_be_visible()  # unread, and a mention
    ana.say("lola: how does one join?")
    ana.sees("Three ways to join").hover()
    ana.sees("mira https://example.org/")
    found["room"] = grave(ana, axe)
    for panel, key in {"directory": "Control+k", "search": "Control+Shift+f", "keys": "Control+/"}.items():
        ana.page.keyboard.press(key)
        expect(ana.page.get_by_role("dialog")).to_be_visible()
        found[panel] = grave(ana, axe)
        ana.page.keyboard.press("Escape")
        expect(ana.page.get_by_role("dialog")).to_have_count(0)
    ana.page.locator(".me-card").click()
    expect(ana.page.get_by_role("dialog")).to_be_visible()
    found["settings"] = grave(ana, axe)
    ana.page.keyboard.press("Escape")
    ana.page.get_by_role("button", name="Room settings").click()
    expect(ana.page.get_by_role("dialog")).to_be_visible()
    found["room settings"] = grave(ana, axe)
    ana.page.keyboard.press("Escape")
    ana.page.locator(".members").get_by_role("button", name="lola").click()
    expect(ana.page.get_by_role("dialog")).to_be_visible()
    found["profile"] = grave(ana, axe)
    told = [f"{screen}: {fault}" for screen, faults in found.items() for fault in faults]
    assert told == [], "\n".join(told)


def test_by_keyboard_alone(server: Server, visit: Visit, socket_client) -> None:
    """In, talking, another room and back, to a message, a reply to it: no mouse."""
    other = socket_client("raton", "#teclado", capabilities="message-tags")
    ana = visit(server).open("#teclado")
    press = ana.page.keyboard.press
    expect(ana.page.locator("#nick")).to_be_focused()
    ana.page.keyboard.type("tecla")
    press("Enter")
    ana.inside("#teclado")
    expect(ana.field).to_be_focused()
    other.say("PRIVMSG #teclado :¿me respondes?")
    ana.sees("¿me respondes?")
    ana.page.keyboard.type("hola")
    press("Enter")
    ana.sees("hola")
    press("Control+k")
    expect(
        ana.page.get_by_role("dialog")
        .get_by_role("searchbox")
        .or_(ana.page.get_by_role("dialog").get_by_role("textbox"))
        .first
    ).to_be_focused()
    ana.page.keyboard.type("segunda")
    press("Enter")
    ana.inside("#segunda")
    press("Alt+ArrowDown")
    ana.inside("#teclado")
    ana.log.focus()
    press("ArrowUp")
    expect(ana.sees("hola")).to_be_focused()
    press("ArrowUp")
    row = ana.sees("¿me respondes?")
    expect(row).to_be_focused()
    for _ in range(12):
        press("Tab")
        if ana.measure(FOCUS) == "Reply":
            break
    assert ana.measure(FOCUS) == "Reply"
    press("Enter")
    expect(ana.field).to_be_focused()
    ana.page.keyboard.type("te respondo")
    press("Enter")
    assert "+draft/reply=" in other.until("te respondo")


def test_focus_stays_in_a_dialog_and_comes_back(server: Server, visit: Visit) -> None:
    ana = visit(server).enter("foco", "#foco")
    button = ana.page.get_by_role("button", name="Room settings")
    button.focus()
    ana.page.keyboard.press("Enter")
    expect(ana.page.get_by_role("dialog")).to_be_visible()
    for _ in range(20):
        ana.page.keyboard.press("Tab")
        outside = "!document.activeElement.closest('dialog') && document.activeElement !== document.body"
        assert not ana.measure(outside)
    ana.page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_a_stream_does_not_flood_a_screen_reader(server: Server, visit: Visit, provider: Provider) -> None:
    """It is told once, when it is whole."""
    ana = visit(server).enter("oyente", "#lector")
    ana.say("rita: cuéntame algo")
    answer = provider.next("cuéntame algo")
    region = ana.page.locator("[aria-live=polite].visually-hidden")
    ana.measure("""() => { window.__told = []; new MutationObserver(() => window.__told.push(
        document.querySelector("[aria-live=polite].visually-hidden").innerText)).observe(
        document.querySelector("[aria-live=polite].visually-hidden"),
        { childList: true, subtree: true, characterData: true }); }""")
    for word in ("Érase ", "una ", "vez ", "un ", "enchufe."):
        answer.say(word)
        ana.sees(word.strip())
    assert ana.measure("window.__told.filter((one) => one.includes('Érase')).length") == 0
    answer.end()
    expect(region).to_contain_text("rita: Érase una vez un enchufe.")
    assert ana.measure("new Set(window.__told.filter((one) => one.includes('Érase'))).size") == 1
    assert ana.log.get_attribute("aria-live") == "off"


def test_on_a_phone(server: Server, visit: Visit) -> None:
    """Nothing is wider than the screen; rooms and members open over the talk; buttons are large enough."""
    ana = visit(server, **PHONE).enter("movil", "#markdown")
    ana.field.fill("lola: how does one join?")
    ana.page.get_by_role("button", name="Send", exact=True).tap()
    ana.sees("Three ways to join")
    assert ana.measure("document.documentElement.scrollWidth <= innerWidth")
    expect(ana.page.locator(".sidebar")).not_to_be_in_viewport()
    ana.page.get_by_role("button", name="Show rooms").tap()
    expect(ana.page.locator(".sidebar")).to_be_in_viewport()
    ana.page.locator(".sidebar").get_by_role("button", name="Close", exact=True).first.tap()
    expect(ana.page.locator(".sidebar")).not_to_be_in_viewport()
    ana.page.locator(".members-button").tap()
    expect(ana.page.locator(".members")).to_be_in_viewport()
    small = ana.measure(
        "[...document.querySelectorAll('button')].filter((b) => b.checkVisibility() && b.offsetWidth)"
        ".filter((b) => Math.min(b.offsetWidth, b.offsetHeight) < 24 && !b.closest('p, .message-head'))"
        ".map((b) => `${b.className} ${b.ariaLabel} ${b.offsetWidth}x${b.offsetHeight}`)"
    )
    assert small == []  # WCAG 2.2, 2.5.8: "at least 24 by 24 CSS pixels"


def test_enlarged_to_two_hundred_percent(server: Server, visit: Visit) -> None:
    """WCAG 1.4.4: 1280 pixels at 200 % are 640; all is still there, and nothing scrolls sideways."""
    ana = visit(server, viewport={"width": 640, "height": 360}, device_scale_factor=2)
    ana.enter("lupa", "#lupa")
    ana.say("se lee")
    expect(ana.sees("se lee")).to_be_in_viewport()
    assert ana.measure("document.documentElement.scrollWidth <= innerWidth")
    expect(ana.field).to_be_in_viewport()


def test_reduced_motion(server: Server, visit: Visit) -> None:
    """Nothing moves for longer than an instant."""
    ana = visit(server, reduced_motion="reduce").enter("quieta", "#quieta")
    ana.say("hola")
    ana.page.keyboard.press("Control+k")
    expect(ana.page.get_by_role("dialog")).to_be_visible()
    slow = (
        "[...document.querySelectorAll('*')].flatMap((one) => { const s = getComputedStyle(one);"
        " return [s.animationDuration, s.transitionDuration].flatMap((text) => text.split(',')); })"
        ".filter((text) => parseFloat(text) * (text.trim().endsWith('ms') ? 1 : 1000) > 10)"
    )
    assert ana.measure(slow) == []


def test_the_theme_follows_the_system_and_can_be_chosen(server: Server, visit: Visit) -> None:
    ana = visit(server, color_scheme="dark").enter("noche", "#noche")
    background = "getComputedStyle(document.body).backgroundColor"
    dark = ana.measure(background)
    ana.page.locator(".me-card").click()
    ana.page.get_by_role("dialog").get_by_text("Light", exact=True).click()
    expect(ana.page.locator("html")).to_have_attribute("data-theme", "light")
    light = ana.measure(background)
    assert sum(map(int, light[4:-1].split(","))) > 600 > 200 > sum(map(int, dark[4:-1].split(",")))
    ana.page.reload()
    ana.inside("#noche")
    assert ana.measure(background) == light


def test_what_stands_above_the_room_by_keyboard(server: Server, visit: Visit) -> None:
    """At 200 % the rooms and the members open over the talk: they take the focus, Escape gives it back."""
    ana = visit(server, viewport={"width": 640, "height": 400}, device_scale_factor=2)
    ana.enter("encima", "#encima")
    inside = "document.activeElement.closest('nav, aside')?.className ?? ''"
    for opener, part in ((".room-head .menu", ".sidebar"), (".members-button", ".members")):
        button = ana.page.locator(opener)
        button.focus()
        ana.page.keyboard.press("Enter")
        expect(ana.page.locator(part)).to_be_in_viewport()
        assert f".{ana.measure(inside)}" == part
        ana.page.keyboard.press("Tab")
        assert f".{ana.measure(inside)}" == part
        ana.page.keyboard.press("Escape")
        expect(button).to_be_focused()
        expect(ana.page.locator(part)).not_to_be_in_viewport()


def test_focus_is_never_lost(server: Server, visit: Visit, socket_client) -> None:
    """What had it may go away by its own work: it goes to what is around it, or to where one writes."""
    ana = visit(server).enter("ana_foco", "#perdido")
    ana.page.on("dialog", lambda asked: asked.accept())
    press = ana.page.keyboard.press
    other = socket_client("otra_foco", "#perdido")
    ana.say("lo retiro")
    row = ana.sees("lo retiro")
    row.focus()
    row.get_by_role("button", name="Take back").focus()
    press("Enter")
    gone = ana.page.locator("article.message", has=ana.page.locator(".redacted"))
    expect(gone).to_be_focused()
    other.say("PRIVMSG ana_foco :en privado")
    row = ana.page.locator(".row", has_text="otra_foco")
    row.get_by_role("button", name="Close: otra_foco").focus()
    press("Enter")
    expect(row).to_have_count(0)
    expect(ana.field).to_be_focused()
    ana.page.locator(".members-top").get_by_role("button", name="Close").focus()
    press("Enter")
    expect(ana.field).to_be_focused()
    ana.page.get_by_role("button", name="Room settings").focus()
    press("Enter")
    panel = ana.page.get_by_role("dialog")
    panel.get_by_label("Name or mask").fill("nadie")
    press("Enter")
    panel.get_by_role("button", name="Let in again").focus()
    press("Enter")
    expect(panel.get_by_text("Nobody is kept out.")).to_be_visible()
    assert ana.measure("document.activeElement.closest('dialog') !== null")


def test_the_entrance_on_a_low_screen(server: Server, visit: Visit) -> None:
    """Its top can be reached: on a phone held sideways, or with its keyboard up, or enlarged."""
    ana = visit(server, viewport={"width": 667, "height": 320}).open()
    ana.page.get_by_role("button", name="I have an account").click()
    top = "document.querySelector('.entrance-card').getBoundingClientRect().top"
    ana.measure("document.querySelector('.entrance').scrollTo(0, 0)")
    assert ana.measure(top) >= 0


def test_a_tablet_held_upright(server: Server, visit: Visit) -> None:
    ana = visit(server, viewport={"width": 768, "height": 1024}, has_touch=True, is_mobile=True)
    ana.enter("tableta", "#tableta")
    width = "document.documentElement.scrollWidth"
    assert ana.measure(width) == 768
    ana.page.locator(".members-button").tap()
    expect(ana.page.locator(".members")).to_be_in_viewport()
    assert ana.measure(width) == 768


def test_long_names_on_a_small_phone(server: Server, visit: Visit) -> None:
    """A long name of a room makes the field no higher; a long nick leaves the time in one piece."""
    ana = visit(server, **{**PHONE, "viewport": {"width": 320, "height": 600}})
    ana.enter("x" * 32, "#una-sala-de-nombre-bastante-largo")
    ana.field.fill("hola")
    ana.page.get_by_role("button", name="Send", exact=True).tap()
    time = ana.sees("hola").locator(".message-head time")
    lines = "(one) => one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).lineHeight)"
    assert time.evaluate(lines) < 1.5
    high = "document.querySelector('.composer textarea').offsetHeight"
    empty = ana.measure(high)
    ana.field.fill("una línea")
    assert ana.measure(high) == empty
    assert ana.measure("document.documentElement.scrollWidth") == 320


def test_another_language_keeps_the_focus(server: Server, visit: Visit) -> None:
    """All words are drawn anew; who chose by keyboard is still at the choice."""
    ana = visit(server).enter("ana_lenguas", "#lenguas")
    ana.page.locator(".me-card").click()
    ana.page.get_by_role("radio", name="English").focus()
    ana.page.keyboard.press("ArrowRight")
    dialog = ana.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Ajustes")
    expect(dialog.get_by_role("radio", name="Español")).to_be_focused()
    expect(dialog.get_by_role("radio", name="Español")).to_be_checked()
