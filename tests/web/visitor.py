"""Somebody at a browser: what they do with the page, and what must never happen on it.

What belongs here: deeds of a person on the page, by what they can see or hear of it. What must not:
assertions about one capability.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    TimeoutError,
    expect,
    sync_playwright,
)

from tests.house.tree import ROOT

PICTURES = ROOT / "build" / "pictures"
WAIT_MS = 60_000  # for things that take milliseconds, on a machine that has much else to do
LOOK_MS = 25  # between two looks
AIM_MS = 5_000  # for pointing at something once
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
expect.set_options(timeout=WAIT_MS)
# Violations of the page's policy are events of the document; they are told to the test as errors.
WATCH = """
window.__violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.__violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""

T = TypeVar("T")
Visit = Callable[..., "Visitor"]
"""`visit(address, **options of the browser's context)`: a new person, with a browser of their own."""


def chromium() -> str | None:
    """Where a Chromium is: `TERTULIA_TEST_CHROMIUM`, or the system's; None where there is none."""
    named = os.environ.get("TERTULIA_TEST_CHROMIUM")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def browser(path: str, *flags: str) -> Iterator[Browser]:
    """Chromium without a window. It fetches nothing by itself."""
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=path, args=[*FLAGS, *flags])
        try:
            yield running
        finally:
            running.close()


def eventually(page: Page, look: Callable[[], T]) -> T:
    """What `look` finds, once it finds something: for what tells nobody when it is done."""
    end = monotonic() + WAIT_MS / 1000
    while not (found := look()):
        assert monotonic() < end, "it did not happen"
        page.wait_for_timeout(LOOK_MS)
    return found


class Visitor:
    """A page that is open at the server's door; `errors` is all that went wrong on it."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        context.set_default_timeout(WAIT_MS)
        context.add_init_script(WATCH)
        self.address = address
        self.context = context
        self.errors: list[str] = []
        self.allowed: list[str] = []  # words of errors that this test brings about itself
        self.page: Page = context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.errors.append(f"uncaught: {error}"))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(f"{message.type}: {message.text}")

    def faults(self) -> list[str]:
        """What the page complained of, and what its policy had to forbid."""
        violations: list[str] = [] if self.page.is_closed() else self.page.evaluate("window.__violations")
        told = [*self.errors, *violations]
        return [one for one in told if not any(words in one for words in self.allowed)]

    # --- Coming in ----------------------------------------------------------------------------------------

    def open(self, room: str = "") -> Visitor:
        self.page.goto(f"{self.address}/{room}")
        return self

    def enter(self, nick: str, room: str = "#tertulia") -> Visitor:
        """As a guest, and into the room."""
        self.open(room)
        self.page.locator("#nick").fill(nick)
        self.page.locator("form.entrance-card button[type=submit]").click()
        return self.inside(room)

    def inside(self, room: str) -> Visitor:
        expect(self.page.locator(".room-head h1")).to_have_text(room.removeprefix("#"))
        expect(self.page.locator(".members-button")).to_have_text(re.compile(r"\d"))  # who is there is known
        expect(self.field).to_be_visible()
        expect(self.page.locator(".offline")).to_have_count(0)
        return self

    # --- Talking ------------------------------------------------------------------------------------------

    @property
    def field(self) -> Locator:
        return self.page.locator(".composer textarea")

    @property
    def log(self) -> Locator:
        return self.page.locator(".log")

    def say(self, text: str) -> None:
        """Write it, send it, and see it there as sent."""
        self.field.fill(text)
        self.field.press("Enter")
        expect(self.field).to_have_value("")

    def message(self, words: str) -> Locator:
        """The message with these words (not a quotation of it)."""
        with_words = self.page.locator(".content, .redacted", has_text=words)
        return self.page.locator("article.message", has=with_words)

    def sees(self, words: str) -> Locator:
        found = self.message(words).last
        expect(found).to_be_visible()
        return found

    def act(self, words: str, deed: str) -> None:
        """Point at a message, and press what is offered under this name. As long as the pointer is not on
        that, the message may move away from under it, and the offer with it: then one points again."""
        row = self.sees(words)
        button = row.get_by_role("button", name=deed, exact=True)

        def pointed() -> bool:
            row.hover()
            with suppress(TimeoutError):
                button.hover(timeout=AIM_MS)
                return True
            return False

        eventually(self.page, pointed)
        button.click()

    def texts(self) -> list[str]:
        """All that stands in the log, in its order."""
        found: list[str] = self.page.locator("article.message .content").all_inner_texts()
        return [text.strip() for text in found]

    # --- Looking ------------------------------------------------------------------------------------------

    def picture(self, name: str) -> Path:
        """A picture of the screen, kept for people to look at."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        file = PICTURES / f"{name}.png"
        self.page.screenshot(path=file, animations="disabled")
        return file

    def measure(self, expression: str) -> Any:
        return self.page.evaluate(expression)
