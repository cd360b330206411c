"""The web client in Chromium: how soon it is there, how large it is, whether every frame is in time.

Run with `make bench-web`, or `python -m benchmarks.web`. What belongs here: the work and its figures. What
must not: whether the client is right (`tests/web`). Every figure is by the page's own clock; the page comes
from the real server, over loopback; the members of the crowd alone are added on the way to it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, WebSocketRoute, sync_playwright

from benchmarks.peers import Tertulia
from benchmarks.server import LOOPBACK, free_port

ROOM = "#tertulia"
VISITS = 5
SECONDS = 8.0  # of each trace
CHUNKS_PER_SECOND = 100
MESSAGES_PER_SECOND = 50
MEMBERS = 10_000
PAST = 3_000  # messages to scroll through
FRAME_MS = 50  # what no frame may exceed
BUDGET = 120_000  # bytes of script, compressed, that are needed to be in a room
STATIC = Path(__file__).parents[1] / "src" / "tertulia" / "transports" / "static"
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
RECORD = """() => { window.frames_ = []; let last = performance.now();
  const step = (now) => { window.frames_.push(now - last); last = now; requestAnimationFrame(step); };
  requestAnimationFrame(step); }"""
SCROLL = """async ([selector, pixels, milliseconds]) => {
  const box = document.querySelector(selector); const end = performance.now() + milliseconds;
  while (performance.now() < end) { box.scrollTop += pixels; await new Promise(requestAnimationFrame); } }"""


class WithPages(Tertulia):
    """The server with a door for browsers."""

    name = "tertulia"
    http = 0

    def prepare(self) -> list[str]:
        self.http = free_port()
        file = self.folder / "tertulia.toml"
        data = json.dumps(str(self.folder / "data"))
        file.write_text(CONFIGURATION.format(host=LOOPBACK, port=self.port, http=self.http, data=data))
        return [sys.executable, "-m", "tertulia", "serve", "--config", str(file)]

    @property
    def page(self) -> str:
        return f"http://{LOOPBACK}:{self.http}/"


class Speaker:
    """A member over a socket that speaks at a pace."""

    def __init__(self, server: WithPages, nick: str) -> None:
        self.socket = socket.create_connection(server.address)
        self.lines = self.socket.makefile("r", encoding="utf-8", newline="\r\n")
        self.say("CAP REQ :batch message-tags tertulia.chat/stream")
        self.say(f"NICK {nick}", f"USER {nick} 0 * :{nick}", "CAP END", f"JOIN {ROOM}")
        self.fence()

    def say(self, *lines: str) -> None:
        self.socket.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def fence(self) -> None:
        self.say("PING :fence")
        while not (line := self.lines.readline()).rstrip().endswith("fence"):
            if not line:
                raise ConnectionError("the server closed the connection")

    def close(self) -> None:
        self.socket.close()


def paced(per_second: int, seconds: float, say: Callable[[int], None]) -> None:
    """Call `say` so often, evenly."""
    start = time.monotonic()
    for number in range(round(per_second * seconds)):
        time.sleep(max(0.0, start + number / per_second - time.monotonic()))
        say(number)


def stream(speaker: Speaker, seconds: float) -> None:
    """One long answer with all that Markdown has."""
    words = ["uno ", "**dos** ", "`tres` ", "cuatro, ", "$x^2$ ", "seis. "]
    speaker.say("MODE modelo +B", f"BATCH +s tertulia.chat/stream {ROOM}", f"@batch=s PRIVMSG {ROOM} :# Hola")

    def chunk(number: int) -> None:
        if number % 40 == 0:
            speaker.say(f"@batch=s PRIVMSG {ROOM} :", f"@batch=s PRIVMSG {ROOM} :- punto ")
        else:
            speaker.say(f"@batch=s;tertulia.chat/concat PRIVMSG {ROOM} :{words[number % len(words)]}")

    paced(CHUNKS_PER_SECOND, seconds, chunk)
    speaker.say("BATCH -s")
    speaker.fence()


def talk(speaker: Speaker, seconds: float) -> None:
    def message(number: int) -> None:
        speaker.say(f"PRIVMSG {ROOM} :mensaje {number}, ¿qué tal?")

    paced(MESSAGES_PER_SECOND, seconds, message)
    speaker.fence()


@contextmanager
def visit(
    browser: Browser, server: WithPages, nick: str, prepare: Callable[[Page], None] | None = None
) -> Iterator[Page]:
    """A browser that knows its member's name already, in the room."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    me = {"nick": nick, "account": None, "rooms": [ROOM], "talks": [], "muted": []}
    context.add_init_script(f"localStorage.setItem('tertulia.me', {json.dumps(json.dumps(me))})")
    page = context.new_page()
    if prepare:
        prepare(page)
    page.goto(server.page)
    page.wait_for_function("() => Number(document.querySelector('.members-button')?.textContent) > 0")
    try:
        yield page
    finally:
        context.close()


def traced(browser: Browser, page: Page, work: Callable[[], list[float]]) -> str:
    """The frames, and the longest task of the page's thread: in the time it had of a processor, which other
    programs on the machine do not lengthen, and in the time that passed."""
    browser.start_tracing(page=page, categories=["toplevel", "devtools.timeline"])
    found = work()
    events = json.loads(browser.stop_tracing())["traceEvents"]
    ours = {
        (event["pid"], event["tid"])
        for event in events
        if event.get("name") == "thread_name" and event["args"].get("name") == "CrRendererMain"
    }
    tasks = [
        event
        for event in events
        if event["name"].endswith("RunTask") and "tdur" in event and (event["pid"], event["tid"]) in ours
    ]
    own = max(event["tdur"] for event in tasks) / 1000
    passed = max(event["dur"] for event in tasks) / 1000
    return f"{described(found)}; longest task {own:.1f} ms of processor, {passed:.1f} ms passed"


def frames(page: Page, work: Callable[[], None]) -> list[float]:
    """The frames' lengths in milliseconds while `work` is done."""
    page.evaluate(RECORD)
    worker = threading.Thread(target=work)
    worker.start()
    while worker.is_alive():
        page.wait_for_timeout(100)  # Playwright's own loop must run
    found: list[float] = page.evaluate("() => window.frames_.slice(2)")
    return found


def scrolled(page: Page, selector: str, pixels: int, seconds: float) -> list[float]:
    page.evaluate(RECORD)
    page.evaluate(SCROLL, [selector, pixels, seconds * 1000])
    found: list[float] = page.evaluate("() => window.frames_.slice(2)")
    return found


def described(found: list[float]) -> str:
    ordered = sorted(found)
    late = sum(one > FRAME_MS for one in found)
    most = ordered[int(len(ordered) * 0.95)]
    return (
        f"{len(found)} frames; median {median(found):.1f} ms, 95 % {most:.1f} ms, "
        f"longest {ordered[-1]:.1f} ms; longer than {FRAME_MS} ms: {late}"
    )


def crowd(page: Page) -> None:
    """Ten thousand names more in the answer to NAMES, on their way to the page."""

    def between(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def passed(message: str | bytes) -> None:
            text = message if isinstance(message, str) else message.decode()
            if " 366 " in text:
                for start in range(0, MEMBERS, 40):
                    names = " ".join(f"miembro{number:05d}" for number in range(start, start + 40))
                    route.send(f":tertulia.local 353 x = {ROOM} :{names}")
            route.send(text)

        server.on_message(passed)

    page.route_web_socket("**/irc", between)


def size() -> tuple[int, int]:
    """Bytes of script and style, compressed by brotli, that are needed to be in a room."""
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    names = [part.split('"')[0] for part in page.split('="/assets/')[1:]]
    sizes = {name: (STATIC / "assets" / f"{name}.br").stat().st_size for name in names}
    return sum(one for name, one in sizes.items() if name.endswith(".js")), sum(sizes.values())


def measure(browser: Browser, server: WithPages) -> Iterator[tuple[str, str]]:
    script, all_of_it = size()
    bound = f"bound: {BUDGET / 1000:.0f}"
    yield (
        "script to be in a room",
        f"{script / 1000:.1f} kB compressed ({bound}); with styles {all_of_it / 1000:.1f}",
    )
    paints, arrivals = [], []
    for number in range(VISITS):
        with visit(browser, server, f"visita{number}") as page:
            arrivals.append(page.evaluate("() => performance.now()"))
            paints.append(
                page.evaluate("() => performance.getEntriesByName('first-contentful-paint')[0].startTime")
            )
    yield "first paint", f"{median(paints):.0f} ms (median of {VISITS} first visits)"
    yield "in the room", f"{median(arrivals):.0f} ms after the address was opened, members listed"
    model, person = Speaker(server, "modelo"), Speaker(server, "persona")
    with visit(browser, server, "ojo") as page:
        yield (
            f"a stream, {CHUNKS_PER_SECOND} chunks/s",
            traced(browser, page, lambda: frames(page, lambda: stream(model, SECONDS))),
        )
        yield (
            f"talk, {MESSAGES_PER_SECOND} messages/s",
            traced(browser, page, lambda: frames(page, lambda: talk(person, SECONDS))),
        )
        yield "both at once", traced(browser, page, lambda: frames(page, lambda: together(model, person)))
        for number in range(PAST):
            person.say(f"PRIVMSG {ROOM} :pasado {number}")
        person.fence()
        yield (
            f"scrolling up through {PAST:,} messages",
            traced(browser, page, lambda: scrolled(page, ".log", -120, SECONDS)),
        )
    with visit(browser, server, "multitud", crowd) as page:
        page.wait_for_function("() => document.querySelectorAll('.members-scroll li').length > 10")
        yield (
            f"scrolling {MEMBERS:,} members",
            traced(browser, page, lambda: scrolled(page, ".members-scroll", 400, SECONDS / 2)),
        )
    model.close()
    person.close()


def together(model: Speaker, person: Speaker) -> None:
    other = threading.Thread(target=talk, args=(person, SECONDS))
    other.start()
    stream(model, SECONDS)
    other.join()


def main() -> int:
    options = argparse.ArgumentParser(
        prog="python -m benchmarks.web", description="The web client, measured."
    )
    options.add_argument("--chromium", default=shutil.which("chromium"), help="where Chromium is")
    chromium = options.parse_args().chromium
    if not chromium or not (STATIC / "index.html").is_file():
        print("Chromium and a built client are needed (make run builds it).", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="bench-web-") as folder, WithPages(Path(folder)) as server:
        assert isinstance(server, WithPages)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
            for name, figure in measure(browser, server):
                print(f"{name:<40} {figure}", flush=True)
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
