"""What the web client's cases stand on: the server with its door, members who speak, a page that is watched.

What belongs here: how a case is set up and observed. What must not: what is done in one (`web_cases.py`).
"""

from __future__ import annotations

import json
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from playwright.sync_api import Browser, Page

from benchmarks.peers import SOURCE, Tertulia
from benchmarks.server import LOOPBACK, free_port
from benchmarks.web_trace import CATEGORIES, Figures, figures

ROOM, OTHER = "#tertulia", "#otra"
FILLED_AT_ONCE = 1_000  # lines that a page has to draw before it is told more: no queue overflows
TOLD_AT_ONCE = 25  # lines that are put into a page in one of its tasks, as a socket would bring them
STATIC = Path("tertulia", "transports", "static")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CONFIGURATION = """models = []
[server]
listen = ["irc://{host}:{port}", "http://{host}:{http}"]
data = {data}
[limits]
flood = false
"""
# Every frame's length, from now until it is asked for them.
RECORD = """() => { const found = window.frames_ = []; let last = performance.now();
  const step = (now) => { if (window.frames_ !== found) return;
    found.push(now - last); last = now; requestAnimationFrame(step); };
  requestAnimationFrame(step); }"""
RECORDED = "() => { const found = window.frames_; window.frames_ = null; return found.slice(2); }"
# The page's socket can be told lines that nobody sent.
SOCKET = """(() => { const Real = WebSocket; window.WebSocket = class extends Real {
  constructor(...how) { super(...how); window.socket_ = this; } }; })()"""
TELL = """async ([lines, atOnce]) => {
  for (let from = 0; from < lines.length; from += atOnce) {
    for (const data of lines.slice(from, from + atOnce))
      window.socket_.dispatchEvent(new MessageEvent("message", { data }));
    await new Promise((next) => setTimeout(next)); } }"""


class WithPages(Tertulia):
    """The server with a door for browsers, from the sources in `source`."""

    name = "tertulia"
    http = 0

    def __init__(self, folder: Path, source: Path = SOURCE) -> None:
        super().__init__(folder)
        self.source = source

    def prepare(self) -> list[str]:
        self.http = free_port()
        file = self.folder / "tertulia.toml"
        data = json.dumps(str(self.folder / "data"))
        file.write_text(CONFIGURATION.format(host=LOOPBACK, port=self.port, http=self.http, data=data))
        return [sys.executable, "-m", "tertulia", "serve", "--config", str(file)]

    def environment(self) -> dict[str, str]:
        return super().environment() | {"PYTHONPATH": str(self.source)}

    @property
    def page(self) -> str:
        return f"http://{LOOPBACK}:{self.http}/"


class Speaker:
    """A member over a socket."""

    def __init__(self, server: WithPages, nick: str) -> None:
        self.socket = socket.create_connection(server.address)
        self.lines = self.socket.makefile("r", encoding="utf-8", newline="\r\n")
        self.say("CAP REQ :batch message-tags tertulia.chat/stream")
        self.say(f"NICK {nick}", f"USER {nick} 0 * :{nick}", "CAP END", f"JOIN {ROOM},{OTHER}")
        self.fence()

    def say(self, *lines: str) -> None:
        self.socket.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def fence(self) -> None:
        self.say("PING :fence")
        while not (line := self.lines.readline()).rstrip().endswith("fence"):
            if not line:
                raise ConnectionError("the server closed the connection")

    def close(self) -> None:
        self.lines.close()
        self.socket.close()


@dataclass
class Stage:
    """A server, a browser, a model and people who speak."""

    browser: Browser
    server: WithPages
    model: Speaker
    people: list[Speaker]

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        for one in (self.model, *self.people):
            one.close()

    @contextmanager
    def visit(self, nick: str, room: str = ROOM) -> Iterator[Page]:
        """A page that knows its member's name already, in the room with its members listed."""
        with self.blank(nick) as page:
            enter(page, self.server)
            yield page

    @contextmanager
    def blank(self, nick: str) -> Iterator[Page]:
        """Such a page before it goes anywhere."""
        context = self.browser.new_context(viewport={"width": 1280, "height": 800})
        me = {"nick": nick, "account": None, "rooms": [ROOM, OTHER], "talks": [], "muted": []}
        context.add_init_script(f"localStorage.setItem('tertulia.me', {json.dumps(json.dumps(me))})")
        context.add_init_script(SOCKET)
        try:
            yield context.new_page()
        finally:
            context.close()

    def traced(self, page: Page, work: Callable[[], list[float]]) -> Figures:
        """`work` gives the frames' lengths as the page saw them."""
        self.browser.start_tracing(page=page, categories=list(CATEGORIES))
        try:
            lengths = work()
        finally:
            trace = self.browser.stop_tracing()
        return figures(trace, lengths)

    def watched(self, page: Page, work: Callable[[], object]) -> Figures:
        def done() -> list[float]:
            page.evaluate(RECORD)
            work()
            return recorded(page)

        return self.traced(page, done)

    def fill(self, page: Page, lines: Iterable[str]) -> None:
        """Have all of it said in the room, no faster than the page can draw it."""
        said = 0
        for line in lines:
            self.people[said // 7 % len(self.people)].say(f"PRIVMSG {ROOM} :{line}")
            said += 1
            if said % FILLED_AT_ONCE == 0:
                self.settle(page, f"colmo {said}")
        self.settle(page, f"colmo {said}.")

    def settle(self, page: Page, mark: str) -> None:
        """All that was said before is on the page."""
        for one in (self.model, *self.people):
            one.fence()
        self.people[0].say(f"PRIVMSG {ROOM} :{mark}")
        wait = "(mark) => [...document.querySelectorAll('.content')].some((one) => one.textContent === mark)"
        page.wait_for_function(wait, arg=mark, timeout=120_000)


def enter(page: Page, server: WithPages) -> None:
    page.goto(server.page)
    page.wait_for_function("() => Number(document.querySelector('.members-button')?.textContent) > 0")
    page.wait_for_function("() => document.querySelector('.composer textarea') !== null")


def recorded(page: Page) -> list[float]:
    """The lengths of all frames since RECORD, in milliseconds."""
    found: list[float] = page.evaluate(RECORDED)
    return found


def tell(page: Page, lines: list[str]) -> None:
    """The page's socket brings these lines."""
    page.evaluate(TELL, [lines, TOLD_AT_ONCE])


def beside(page: Page, *works: Callable[[], None]) -> None:
    """All of them at once, each in a thread, while the page goes on."""
    workers = [threading.Thread(target=work) for work in works]
    for worker in workers:
        worker.start()
    while any(worker.is_alive() for worker in workers):
        page.wait_for_timeout(100)  # Playwright's own loop must run


def paced(per_second: int, seconds: float, say: Callable[[int], None]) -> None:
    """Call `say` so often, evenly."""
    start = time.monotonic()
    for number in range(round(per_second * seconds)):
        time.sleep(max(0.0, start + number / per_second - time.monotonic()))
        say(number)


@contextmanager
def staged(browser: Browser, source: Path) -> Iterator[Stage]:
    """With a server of its own."""
    with tempfile.TemporaryDirectory(prefix="bench-web-") as folder, ExitStack() as stack:
        server = WithPages(Path(folder), source)
        stack.enter_context(server)
        model, *people = (Speaker(server, nick) for nick in ("modelo", "ana", "berto", "carla", "dani"))
        with Stage(browser, server, model, people) as stage:
            yield stage
