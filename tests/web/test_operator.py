"""The operator's page: who may open it, and what one sees and does there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.cli.process import Server, running
from tests.web.household import PATIENCE_SECONDS
from tests.web.provider import Provider
from tests.web.test_access import AXE, PHONE, grave
from tests.web.visitor import WAIT_MS, Visit, Visitor
from tests.whole.outside import lines_with, written
from tests.whole.people import Person, arrive, close_all

pytestmark = pytest.mark.slow
OPERATORS = """
[operator_classes.helper]
rights = ["see-rooms"]

[[operators]]
name = "jefa"
password = "una clave larga"

[[operators]]
name = "ayuda"
password = "otra clave larga"
class = "helper"

[[operators]]
name = "propia"
account = "cuenta67"
auto = true
class = "helper"

[[budgets]]
of = "model:rita"
per = "day"
cost = 1000.0
"""
MODELS = """
[[models]]
nick = "rita"
provider = "openai-compatible"
model = "dictated"
base_url = "{address}"
rooms = ["#tertulia"]
price_in = 1000.0
price_out = 1000.0

[[models]]
nick = "lola"
provider = "openai"
model = "gpt-none"
rooms = ["#tertulia"]
"""
CHUNK = "performance.getEntriesByType('resource').filter((one) => one.name.includes('OperatorPage')).length"
ENOUGH = "[...document.querySelectorAll('.chart')].filter((one) => Number(one.dataset.points) > 1).length > 5"
CHARTED = f"() => {ENOUGH}"
POINTS = "() => Number(document.querySelector('.chart-messages')?.dataset.points) >= {least}"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, client: None, provider: Provider) -> Iterator[Server]:
    """A server with operators, a budget, and one model that has no key."""
    models = MODELS.format(address=provider.address)
    file = written(
        tmp_path_factory.mktemp("operator"),
        ("irc", "http"),
        models=models,
        more=OPERATORS,
        flood=False,
        ping_seconds=PATIENCE_SECONDS,
    )
    with running("--config", str(file)) as found:
        yield found
    assert lines_with(found, "Traceback") == [], "\n".join(found.log)


@pytest.fixture
def guest(house: Server) -> Iterator[object]:
    """Somebody with an ordinary client: `guest("eva")`."""

    def enter(nick: str) -> Person:
        return arrive(house).enter(nick, "#tertulia")

    yield enter
    close_all()


def become(one: Visitor, name: str = "jefa", password: str = "una clave larga") -> Locator:
    """An operator, with the page open."""
    one.say("/oper")
    dialog = one.page.get_by_role("dialog")
    one.page.locator("#op-name").fill(name)
    one.page.locator("#op-password").fill(password)
    one.page.keyboard.press("Enter")
    expect(one.page.get_by_role("tablist")).to_be_visible()
    return dialog


def dollars(text: str) -> float:
    return float(text.removesuffix(" USD"))


def tab(page: Locator, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()
    expect(page.get_by_role("tab", name=name, exact=True)).to_have_attribute("aria-selected", "true")


def test_nobody_else_gets_a_page(house: Server, visit: Visit) -> None:
    """No row in the list, a form instead of the page, and nothing of it is fetched."""
    eva = visit(house).enter("eva60")
    expect(eva.page.locator(".operator-row")).to_have_count(0)
    eva.page.locator(".me-card").click()
    eva.page.get_by_role("dialog").get_by_role("button", name="Operator…").click()
    dialog = eva.page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Become an operator")).to_be_visible()
    eva.page.locator("#op-name").fill("jefa")
    eva.page.locator("#op-password").fill("no es esta")
    dialog.get_by_role("button", name="Become an operator").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Password incorrect")
    expect(eva.page.get_by_role("tablist")).to_have_count(0)
    assert eva.measure(CHUNK) == 0
    eva.page.keyboard.press("Escape")
    expect(eva.page.locator(".offline")).to_have_count(0)
    eva.say("sigo aquí")
    eva.sees("sigo aquí")
    expect(eva.page.locator(".operator-row")).to_have_count(0)


def test_a_class_sees_what_it_may(house: Server, visit: Visit) -> None:
    eva = visit(house).enter("eva61")
    page = become(eva, "ayuda", "otra clave larga")
    expect(page.get_by_role("tab")).to_have_text(["Members"])
    page.get_by_role("searchbox").fill("eva61")
    page.get_by_role("button", name="eva61").click()
    expect(page.locator(".op-detail")).to_contain_text("#tertulia")
    expect(page.locator(".op-detail").get_by_role("button", name="Put out")).to_have_count(0)
    eva.page.keyboard.press("Escape")
    expect(eva.page.locator(".operator-row")).to_be_visible()
    eva.page.locator(".operator-row").click()
    expect(eva.page.get_by_role("tab")).to_have_text(["Members"])
    eva.page.keyboard.press("Escape")
    eva.say("/quote MODE eva61 -o")
    expect(eva.page.locator(".operator-row")).to_have_count(0)


def test_an_account_is_enough_where_the_server_takes_it(house: Server, visit: Visit) -> None:
    ana = visit(house).enter("cuenta67")
    expect(ana.page.locator(".operator-row")).to_have_count(0)
    ana.say("/quote REGISTER * * :una clave bien larga")
    expect(ana.page.locator(".operator-row")).to_be_visible()
    ana.page.locator(".operator-row").click()
    expect(ana.page.get_by_role("heading", name="Operator: propia")).to_be_visible()
    expect(ana.page.get_by_role("tab")).to_have_text(["Members"])


def test_members_are_found_and_put_out(house: Server, visit: Visit, guest) -> None:
    ana = visit(house).enter("ana62")
    troll, calm = guest("troll62"), guest("calma62")
    page = become(ana)
    tab(page, "Members")
    page.get_by_role("searchbox").fill("62!*")
    page.get_by_role("searchbox").fill("*62!*")
    rows = page.locator(".op-table tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("ana62")
    page.get_by_role("button", name="Nick", exact=True).click()
    expect(rows.first).to_contain_text("troll62")
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Nick")
    page.get_by_role("button", name="troll62").click()
    detail = page.locator(".op-detail")
    expect(detail.get_by_role("heading", name="troll62")).to_be_focused()
    expect(detail).to_contain_text("127.0.0.1")
    detail.get_by_label("Put out of the server").fill("ya basta")
    detail.get_by_role("button", name="Put out").click()
    assert "ya basta" in troll.until("ERROR ")
    expect(page.get_by_role("status").filter(has_text="troll62 is out.")).to_be_visible()
    expect(rows).to_have_count(2)
    calm.fence()
    tab(page, "Log")
    expect(page.locator(".op-table tbody tr").first).to_contain_text("KILL")
    expect(page.locator(".op-table tbody tr").first).to_contain_text("ya basta")


def test_bans_are_tried_set_and_lifted(house: Server, visit: Visit, guest) -> None:
    ana = visit(house).enter("ana63")
    troll = guest("troll63")
    page = become(ana)
    tab(page, "Bans")
    expect(page).to_contain_text("Nobody is banned from this server.")
    told = page.locator(".op-told")
    page.get_by_label("Whom").first.fill("troll63*!*@*")
    page.get_by_role("button", name="Whom would it hit?").click()
    expect(told).to_contain_text("troll63")
    page.get_by_label("For how long").select_option("1w")
    page.get_by_label("Reason, which they are told").fill("spam | y más")
    page.get_by_label("Note for operators").fill("visto en #tertulia")
    page.get_by_role("button", name="Set the ban").click()
    assert "spam y más" in troll.until(" 465 ")
    entry = page.locator(".op-bans li")
    expect(entry).to_contain_text("troll63*!*@*")
    expect(entry).to_contain_text("visto en #tertulia")
    expect(entry).to_contain_text("by ana63")
    entry.get_by_role("button", name="Lift the ban of troll63*!*@*").click()
    expect(page).to_contain_text("Nobody is banned from this server.")
    guest("troll63")
    page.get_by_label("Whom").first.fill("ana63!*@*")
    page.get_by_role("button", name="Set the ban").click()
    expect(told).to_contain_text("would shut yourself out")
    expect(told.get_by_role("button", name="Do it all the same")).to_be_visible()
    expect(entry).to_have_count(0)


def test_a_models_health_and_spending(house: Server, visit: Visit, provider: Provider) -> None:
    ana = visit(house).enter("ana64")
    page = become(ana)
    tab(page, "Models")
    rita = page.locator(".op-model", has_text="dictated")
    today = rita.locator(".op-period strong").first
    before = today.inner_text()
    ana.page.keyboard.press("Escape")
    ana.say("rita: ¿cuánto cuestas?")
    answer = provider.next("¿cuánto cuestas?")
    answer.say("Poco.")
    answer.end()
    ana.sees("Poco.")
    ana.page.locator(".operator-row").click()
    tab(page, "Models")
    after = f"{dollars(before) + 0.046:.3f} USD"  # 46 tokens, as the provider says, at 1,000 USD a million
    expect(today).to_have_text(after)
    expect(rita.locator(".op-period").first).to_contain_text("of 1,000.00 USD")
    expect(rita.locator("meter").first).to_be_visible()
    expect(rita.locator(".op-pill")).to_have_text("ready")
    lola = page.locator(".op-model", has_text="gpt-none")
    expect(lola.locator(".op-pill")).to_have_text("cannot come")
    expect(lola).to_contain_text("API key")
    expect(page.locator(".together")).to_contain_text(after)


def test_charts_level_and_announcement(house: Server, visit: Visit, guest) -> None:
    ana = visit(house).enter("ana65")
    eva = guest("eva65")
    page = become(ana)
    ana.page.wait_for_function(CHARTED, timeout=WAIT_MS)
    expect(page.locator(".chart-messages polyline")).to_be_attached()
    assert ana.measure("document.querySelector('.chart-memory polyline').points.length") >= 2
    expect(page.get_by_role("img", name="Connections: now")).to_be_visible()
    expect(page.get_by_label("5 · normal")).to_be_checked()
    page.get_by_label("4 · no new accounts").check()
    page.get_by_role("button", name="Set the level").click()
    expect(page.locator(".op-told")).to_contain_text("DEFCON 4")
    page.get_by_label("5 · normal").check()
    page.get_by_role("button", name="Set the level").click()
    expect(page.locator(".op-told")).to_contain_text("DEFCON 5")
    page.get_by_label("Say something to everybody").fill("Cerramos a las doce")
    page.get_by_role("button", name="Announce").click()
    eva.until("NOTICE eva65", "Cerramos a las doce")
    expect(page.locator(".op-told")).to_contain_text("Everybody has been told.")


def test_by_keyboard(house: Server, visit: Visit) -> None:
    """Arrows go from part to part, Tab into one, Escape out of the page and back to where one was."""
    ana = visit(house).enter("ana66")
    become(ana)
    ana.page.keyboard.press("Escape")
    expect(ana.page.get_by_role("dialog")).to_have_count(0)  # nothing behind an open one takes the focus
    ana.page.locator(".operator-row").focus()
    expect(ana.page.locator(".operator-row")).to_be_focused()
    ana.page.keyboard.press("Enter")
    expect(ana.page.get_by_role("tab", name="Overview")).to_be_focused()
    for name in ("Members", "Bans", "Models", "Log", "Overview", "Members"):
        ana.page.keyboard.press("ArrowRight")
        expect(ana.page.get_by_role("tab", name=name, exact=True)).to_be_focused()
    expect(ana.page.get_by_role("tab", name="Members")).to_have_attribute("tabindex", "0")
    expect(ana.page.get_by_role("searchbox")).to_be_visible()
    ana.page.keyboard.press("Tab")
    expect(ana.page.get_by_role("searchbox")).to_be_focused()
    ana.page.keyboard.press("Escape")
    expect(ana.page.locator(".operator-row")).to_be_focused()


PARTS = {"en-GB": ("Overview", "Members", "Bans", "Models", "Log"),
         "es-ES": ("Resumen", "Miembros", "Vetos", "Modelos", "Registro")}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "locale", "options"),
    [
        ("light", "en-GB", {"viewport": {"width": 1280, "height": 860}}),
        ("dark", "en-GB", {"viewport": {"width": 1280, "height": 860}, "color_scheme": "dark"}),
        ("phone", "es-ES", {**PHONE, "device_scale_factor": 2}),
    ],
)
def test_pictures_and_axe(
    house: Server, visit: Visit, guest, provider: Provider, name: str, locale: str, options: dict
) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not there: npm ci in web/")
    axe = AXE.read_text(encoding="utf-8")
    ana = visit(house, locale=locale, **options).open()
    nick = f"foto_{name}"
    ana.page.locator("#nick").fill(nick)
    ana.page.locator("form.entrance-card button[type=submit]").click()
    expect(ana.field).to_be_visible()
    people = [guest(f"{one}_{name}") for one in ("marta", "irene", "tomas", "elvira")]
    ana.field.fill("/oper jefa una clave larga")
    ana.page.locator(".composer .send").click()
    expect(ana.page.locator(".operator-row")).to_have_count(1)
    ana.field.fill("rita: hola, ¿qué tal?")
    ana.page.locator(".composer .send").click()
    answer = provider.next("¿qué tal?")
    answer.say("Bien, ")
    for number, one in enumerate(people):
        one.say(*[f"PRIVMSG #tertulia :{word}" for word in ("buenas", "¿qué hay?")[: number + 1]])
        one.fence()
    ana.field.fill("/oper")
    ana.page.locator(".composer .send").click()
    page = ana.page.get_by_role("dialog")
    for seen in range(1, 7):  # something happens between the samples, so that there is something to draw
        for one in people[: seen % 5]:
            one.say(*[f"PRIVMSG #tertulia :y {number}" for number in range(seen)])
            one.fence()
        answer.say(f"{seen} ")
        ana.page.wait_for_function(POINTS.format(least=seen), timeout=WAIT_MS)
    answer.end()
    ana.page.wait_for_function(CHARTED, timeout=WAIT_MS)
    faults = []
    for part in PARTS[locale]:
        tab(page, part)
        if part in ("Members", "Miembros"):
            page.get_by_role("button", name=f"marta_{name}").click()
            expect(page.locator(".op-detail")).to_be_visible()
        if part in ("Bans", "Vetos"):
            page.locator(".op-ban input").first.fill("198.51.100.0/24")
            page.locator(".op-ban input").nth(1).fill("spam")
            page.locator(".op-ban .danger").click()
            expect(page.locator(".op-bans li")).to_have_count(1)
        if part in ("Models", "Modelos"):
            expect(page.locator(".op-model")).to_have_count(3)
        expect(page.locator(".op-body > *").first).to_be_visible()
        faults += [f"{part}: {fault}" for fault in grave(ana, axe)]
        assert ana.measure("document.documentElement.scrollWidth <= innerWidth")
        ana.picture(f"operator-{name}-{PARTS[locale].index(part) + 1}")
        if part in ("Bans", "Vetos"):
            page.locator(".op-bans button").click()
            expect(page.locator(".op-bans li")).to_have_count(0)
    assert faults == [], "\n".join(faults)
