"""What was said before: over a server that was killed, through thousands of messages, and by search."""

from __future__ import annotations

import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest
from benchmarks.server import free_port
from playwright.sync_api import expect

from tertulia.cli.world import SystemClock
from tertulia.protocol.history import Message, id_floor
from tertulia.store.open import open_store
from tests.cli.process import Server, running
from tests.web.household import configured
from tests.web.visitor import Visit, Visitor, eventually
from tests.whole.people import arrive, close_all

pytestmark = pytest.mark.slow
MANY = 3_000
GONE = ("ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "WebSocket connection to")


def come_back(one: Visitor) -> None:
    """The page is told that there is a network again, until it has made use of that: the attempt that it was
    at may be lost already, and the next one half a minute away."""
    hurried = "dispatchEvent(new Event('online'))"
    eventually(one.page, lambda: one.measure(hurried) and one.page.locator(".offline").count() == 0)


def test_a_server_that_is_killed_and_comes_back(folder: Path, client: None, visit: Visit) -> None:
    """Nothing is missing and nothing is there twice; what was typed meanwhile is kept, and sent once."""
    file = configured(folder, "", models=False)
    file.write_text(file.read_text().replace("http://127.0.0.1:0", f"http://127.0.0.1:{free_port()}"))
    with running("--config", str(file)) as first:
        ana, eva = visit(first).enter("ana30", "#sigue"), visit(first).enter("eva30", "#sigue")
        for one in (ana, eva):
            one.allowed += GONE
        for number in range(5):
            ana.say(f"antes {number}")
        for one in (ana, eva):  # also ana: what she has not heard back is not sure to have been said
            one.sees("antes 4")
        first.signal(signal.SIGKILL)
        first.ended()
    expect(ana.page.locator(".offline")).to_be_visible()
    ana.say("dicho sin servidor")
    expect(ana.page.locator(".pending")).to_contain_text("dicho sin servidor")
    expect(ana.page.locator(".pending")).to_contain_text("Not sent")
    with running("--config", str(file)) as second:
        old = arrive(second).enter("irssi30", "#sigue")
        old.say("PRIVMSG #sigue :mientras no estabais")
        old.fence()
        for one in (ana, eva):
            come_back(one)
            one.inside("#sigue")
            one.sees("mientras no estabais")
        ana.page.get_by_role("button", name="Send again").click()
        eva.sees("dicho sin servidor")
        expect(ana.page.locator(".pending")).to_have_count(0)
        ana.say("después")
        for one in (ana, eva):
            one.sees("después")
        expected = [
            *(f"antes {n}" for n in range(5)),
            "mientras no estabais",
            "dicho sin servidor",
            "después",
        ]
        assert ana.texts() == eva.texts() == expected
        eva.page.reload()
        eva.inside("#sigue").sees("después")
        assert eva.texts() == expected
        close_all()


def seed(socket_client, room: str, count: int, nick: str = "cronista") -> None:
    old = socket_client(f"{nick}{len(room)}", room)
    for start in range(0, count, 500):
        old.say(*(f"PRIVMSG {room} :mensaje {n} de muchos" for n in range(start, min(count, start + 500))))
        old.fence()


def numbers(one: Visitor) -> list[int]:
    return [int(text.split()[1]) for text in one.texts() if text.startswith("mensaje ")]


def test_scrolling_back_through_thousands(server: Server, visit: Visit, socket_client) -> None:
    """Every message comes by in its order, and the page never holds more than a window of them."""
    seed(socket_client, "#largo", MANY)
    ana = visit(server).enter("ana31", "#largo")
    ana.sees(f"mensaje {MANY - 1} de muchos")
    seen: set[int] = set()
    most = 0
    for _ in range(400):
        there = numbers(ana)
        assert there == list(range(there[0], there[-1] + 1)), "the window has no gaps and repeats nothing"
        seen.update(there)
        most = max(most, len(there))
        if there[0] == 0:
            break
        first = there[0]
        ana.log.evaluate("(log) => { log.scrollTop = 0; }")
        ana.page.wait_for_function(
            "(first) => { const text = document.querySelector('article.message .content')?.innerText ?? '';"
            " return Number(text.split(' ')[1]) < first; }",
            arg=first,
        )
    assert seen == set(range(MANY)) and most < 400
    ana.page.wait_for_function(  # scrolling on is what asks whether there is more
        "() => { const log = document.querySelector('[role=log]'); log.scrollTop = log.scrollTop ? 0 : 200;"
        " return log.innerText.includes('This is the beginning of #largo'); }"
    )
    ana.page.get_by_role("button", name="To the latest messages").click()
    expect(ana.sees(f"mensaje {MANY - 1} de muchos")).to_be_in_viewport()


def test_what_one_reads_stays_where_it_is(server: Server, visit: Visit, socket_client) -> None:
    """Who has scrolled up is not moved by what comes below, and is told that it came."""
    seed(socket_client, "#quieto", 300)
    ana = visit(server).enter("ana32", "#quieto")
    ana.sees("mensaje 299 de muchos")
    expect(ana.page.get_by_role("button", name="#quieto", exact=True)).to_be_visible()  # all is read
    ana.log.evaluate("(log) => { log.scrollTop -= 1500; }")
    expect(ana.page.get_by_role("button", name="To the latest messages")).to_be_visible()
    middle = "document.elementFromPoint(innerWidth / 2, innerHeight / 2).closest('.log-row')"
    before = ana.measure(f"[{middle}.dataset.key, {middle}.getBoundingClientRect().top]")
    other = socket_client("hablador", "#quieto")
    other.say("PRIVMSG #quieto :algo nuevo", "PRIVMSG #quieto :y más")
    expect(ana.page.get_by_role("button", name="2 new messages")).to_be_visible()
    after = ana.measure(f"[{middle}.dataset.key, {middle}.getBoundingClientRect().top]")
    assert after[0] == before[0] and abs(after[1] - before[1]) < 2
    ana.page.get_by_role("button", name="2 new messages").click()
    expect(ana.sees("y más")).to_be_in_viewport()


def test_search_finds_and_jumps(server: Server, visit: Visit, socket_client) -> None:
    seed(socket_client, "#buscador", 400)
    other = socket_client("bibliotecaria", "#buscador")
    other.say("PRIVMSG #buscador :el unicornio está aquí")
    other.fence()
    seed(socket_client, "#buscador", 400, nick="otro")
    ana = visit(server).enter("ana33", "#buscador")
    ana.page.keyboard.press("Control+Shift+f")
    ana.page.get_by_label("Words").fill("unicornio")
    ana.page.get_by_role("button", name="Search", exact=True).last.click()
    dialog = ana.page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 message")
    ana.picture("search")
    dialog.get_by_role("button", name="el unicornio está aquí").click()
    expect(ana.sees("el unicornio está aquí")).to_be_in_viewport()
    ana.page.keyboard.press("Escape")
    expect(ana.sees("mensaje 399 de muchos")).to_be_in_viewport()
    expect(ana.page.get_by_role("button", name="To the latest messages")).to_have_count(0)


def test_jump_to_a_date(folder: Path, client: None, visit: Visit) -> None:
    """The first message of that day is in view, under its day; what is new is a button away."""
    file = configured(folder, "", models=False)
    (folder / "data").mkdir(exist_ok=True)
    store = open_store(f"sqlite:///{folder}/data/tertulia.db", "normal", SystemClock())
    for day in (3, 4, 5):
        noon = int(datetime(2025, 3, day, 12, tzinfo=UTC).timestamp()) * 1000
        times = [noon + number * 1_000 for number in range(150)]
        store.commit(
            [
                Message(id_floor(at), at, "#dias", "PRIVMSG", "ana!a@h", "#dias", f"día {day}, frase {n}")
                for n, at in enumerate(times)
            ]
        )
    store.close()
    with running("--config", str(file)) as server:
        ana = visit(server).enter("ana_dias", "#dias")
        ana.allowed += GONE  # the server, before the page
        ana.sees("día 5, frase 149")
        ana.page.get_by_role("button", name="Room settings").click()
        ana.page.get_by_role("dialog").get_by_role("button", name="Go to a date").click()
        dialog = ana.page.get_by_role("dialog")
        dialog.get_by_label("Go to a date").last.fill("2025-03-04")
        dialog.get_by_role("button", name="Go", exact=True).click()
        expect(ana.sees("día 4, frase 0")).to_be_in_viewport()
        expect(ana.page.locator(".day", has_text="March 4, 2025")).to_be_attached()
        ana.picture("date")
        ana.page.get_by_role("button", name="To the latest messages").click()
        expect(ana.sees("día 5, frase 149")).to_be_in_viewport()
