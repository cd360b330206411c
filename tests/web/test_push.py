"""Notifications while the page is closed. No push service is reached from here: the browser's part of
subscribing is played by a script, the push service by a loopback port, and what it was given is handed to the
real service worker.
"""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from tests.cli.process import WAIT_SECONDS, Server, running
from tests.support.pushing import Device
from tests.web.household import configured
from tests.web.visitor import Visit, Visitor, eventually
from tests.whole.people import Person, arrive, close_all

pytestmark = pytest.mark.slow
PASSWORD = 'three  words and "quotes"'
# The browser's own way to a push service, replaced; what it was asked for is noted.
SUBSCRIBING = """({ endpoint, keys }) => {
  let held = null;
  PushManager.prototype.getSubscription = async () => held;
  PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
    window.__asked = { userVisibleOnly, bytes: applicationServerKey.byteLength };
    held = {
      endpoint,
      options: { applicationServerKey: applicationServerKey.buffer },
      toJSON: () => ({ endpoint, keys }),
      unsubscribe: async () => ((held = null), true),
    };
    return held;
  };
}"""
SHOWN = """() => registration.getNotifications().then((all) => all.map(({ title, body, tag, data }) =>
  ({ title, body, tag, open: data.open })))"""
CLICK = """() => registration.getNotifications().then(([one]) =>
  self.dispatchEvent(new NotificationEvent("notificationclick", { notification: one })))"""


class Service:
    """A push service on loopback, and the one device that it knows."""

    def __init__(self, address: str, pushed: queue.Queue[bytes]) -> None:
        self.endpoint, self.device = f"{address}/push/1", Device()
        self._pushed = pushed

    def next(self) -> str:
        """What the device finds in the next push."""
        return self.device.read(self._pushed.get(timeout=2 * WAIT_SECONDS))

    def script(self) -> str:
        keys = {"p256dh": self.device.p256dh, "auth": self.device.auth}
        return f"({SUBSCRIBING})({json.dumps({'endpoint': self.endpoint, 'keys': keys})})"


@pytest.fixture
def service() -> Iterator[Service]:
    pushed: queue.Queue[bytes] = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            pushed.put(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(201)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing: a test reads its own outcome."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    yield Service(f"http://127.0.0.1:{http.server_port}", pushed)
    http.shutdown()
    http.server_close()


@pytest.fixture(scope="module")
def pushing(tmp_path_factory: pytest.TempPathFactory, client: None) -> Iterator[Server]:
    """A server that pushes to this machine."""
    more = "[push]\nallow_private = true\n"
    config = configured(tmp_path_factory.mktemp("push"), "http://127.0.0.1:9", models=False, more=more)
    with running("--config", str(config)) as server:
        yield server


@pytest.fixture
def person(pushing: Server) -> Iterator[Callable[..., Person]]:
    yield lambda nick, *rooms: arrive(pushing).enter(nick, *rooms)
    close_all()


def settings(one: Visitor) -> Locator:
    one.page.locator(".me-card").click()
    dialog = one.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def devices(server: Server) -> int:
    """How many the server would push to."""
    with urlopen(f"{server.doors['http']}/metrics", timeout=WAIT_SECONDS) as page:
        told = page.read().decode()
    (line,) = [one for one in told.splitlines() if one.startswith("tertulia_push_devices ")]
    return int(float(line.split()[1]))


def registered(one: Visitor) -> None:
    panel = settings(one)
    panel.get_by_label("New password").fill(PASSWORD)
    panel.get_by_role("button", name="Make the account").click()
    expect(panel).to_contain_text("Signed in as")


class Bringer:
    """Who hands a push to the worker: the browser's side of a push service."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self._origin, self._page = address, context.new_page()
        (self._worker,) = eventually(self._page, lambda: context.service_workers)
        self._devtools = context.new_cdp_session(self._page)
        self._registrations: list[str] = []
        self._devtools.on("ServiceWorker.workerRegistrationUpdated", self._note)
        self._devtools.send("ServiceWorker.enable")

    def _note(self, event: dict[str, Any]) -> None:
        self._registrations += [
            one["registrationId"] for one in event["registrations"] if not one["isDeleted"]
        ]

    def shown(self, count: int) -> list[dict[str, str]]:
        """The notifications, when there are so many."""
        found: list[list[dict[str, str]]] = []

        def look() -> bool:
            found[:] = [self._worker.evaluate(SHOWN)]
            return len(found[0]) == count

        eventually(self._page, look)
        return found[0]

    def click(self) -> None:
        """On the only one."""
        self._worker.evaluate(CLICK)

    def bring(self, line: str) -> None:
        eventually(self._page, lambda: self._registrations)
        message = {"origin": self._origin, "registrationId": self._registrations[-1], "data": line}
        self._devtools.send("ServiceWorker.deliverPushMessage", message)


def subscribed(pushing: Server, visit: Visit, service: Service, nick: str) -> Visitor:
    """Somebody with a new account whose browser is told, and who is away."""
    ana = visit(pushing)
    ana.context.grant_permissions(["notifications"], origin=ana.address)
    ana.context.add_init_script(service.script())
    ana.enter(nick, "#avisos")
    registered(ana)
    panel = ana.page.get_by_role("dialog")
    panel.get_by_label("Notify me while this page is closed").check()
    stay = panel.get_by_label("Stay in my rooms then")
    stay.check()
    expect(stay).to_be_enabled()
    assert ana.measure("window.__asked") == {"userVisibleOnly": True, "bytes": 65}
    ana.picture("notifications")
    ana.page.keyboard.press("Escape")
    ana.say("/away comiendo")
    expect(ana.page.locator(".me-card")).to_contain_text("away")
    return ana


def test_shown_while_the_page_is_closed_until_it_is_read_elsewhere(
    pushing: Server, visit: Visit, service: Service, person: Callable[..., Person]
) -> None:
    ana = subscribed(pushing, visit, service, "ana_push")
    bringer = Bringer(ana.context, ana.address)
    ana.page.close()
    bob = person("bob_push", "#avisos")
    bob.say("PRIVMSG #avisos :ana_push: \x02¿vienes?\x02")
    bringer.bring(service.next())
    (notice,) = bringer.shown(1)
    assert notice == {
        "title": "bob_push · #avisos", "body": "ana_push: ¿vienes?", "tag": "#avisos", "open": "#avisos"
    }  # fmt: skip
    bob.say("JOIN #otra", "INVITE ana_push #otra")
    bringer.bring(service.next())
    bringer.shown(2)
    other = person("telefono")
    other.say(f"NS :IDENTIFY ana_push {PASSWORD}", "JOIN #avisos")
    other.until(" 900 ")
    other.say("CAP REQ draft/read-marker", "MARKREAD #avisos timestamp=2099-01-01T00:00:00.000Z")
    line = service.next()
    assert " MARKREAD #avisos " in line
    bringer.bring(line)
    (left,) = bringer.shown(1)
    assert left["title"] == "bob_push invites you to #otra" and left["open"] == "#otra"


def test_a_click_leads_to_the_talk_and_the_switch_ends_it(
    pushing: Server, visit: Visit, service: Service, person: Callable[..., Person]
) -> None:
    ana = subscribed(pushing, visit, service, "ana_clic")
    bob = person("bob_clic")
    bringer = Bringer(ana.context, ana.address)
    bob.say("PRIVMSG ana_clic :a solas")
    line = service.next()
    ana.page.locator(".me-card").click()
    ana.page.get_by_role("dialog").get_by_text("Español", exact=True).click()
    ana.page.keyboard.press("Escape")
    told = "() => caches.match('/told.json').then((one) => one.json()).then((told) => told.language)"
    eventually(ana.page, lambda: ana.measure(told) == "es")
    address = ana.page.url
    ana.page.goto("about:blank")  # else she looks at the page, and reads it there
    bringer.bring(line)
    assert bringer.shown(1)[0]["title"].startswith("bob_clic · ")
    ana.page.goto(address)
    bringer.click()  # at once: the page may not be connected yet
    expect(ana.page.locator(".room-head h1")).to_have_text("bob_clic")
    ana.sees("a solas")
    bringer.shown(0)

    before = devices(pushing)
    panel = settings(ana)
    switch = panel.get_by_label("Avisarme con esta página cerrada")
    expect(switch).to_be_checked()
    switch.uncheck()
    expect(switch).to_be_enabled()
    assert ana.measure("localStorage.getItem('tertulia.push')") is None
    assert devices(pushing) == before - 1
    assert ana.measure("caches.match('/told.json')") is None


def test_a_guest_and_an_unwilling_browser_are_told_why(pushing: Server, visit: Visit) -> None:
    eva = visit(pushing).enter("eva_push", "#avisos")
    panel = settings(eva)
    expect(panel.get_by_label("Notify me while this page is closed")).to_be_disabled()
    expect(panel).to_contain_text("Notifications to a closed page need an account.")
    old = visit(pushing, locale="es-ES")
    old.context.add_init_script("delete self.PushManager")
    old.enter("vieja_push", "#avisos")
    panel = settings(old)
    expect(panel.get_by_label("Avisarme con esta página cerrada")).to_be_disabled()
    expect(panel).to_contain_text("Este navegador no puede recibir avisos")
