"""The web client at work: what is done to the page while it is watched.

What belongs here: the cases, in an order in which each finds what it needs. What must not: how a page is
watched (`web_stage.py`), or what a trace says (`web_trace.py`).
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from playwright.sync_api import Page

from benchmarks.web_stage import (
    OTHER,
    RECORD,
    ROOM,
    Speaker,
    Stage,
    beside,
    enter,
    paced,
    recorded,
    tell,
)
from benchmarks.web_trace import Figures

SECONDS = 8.0  # of each trace
CHUNKS_PER_SECOND = 100
CHUNK = 25  # characters
MESSAGES_PER_SECOND = 50
MEMBERS = 10_000
LEAVING = 1_000  # of them, at once
HELD, MANY = 2_000, 100_000  # messages that the page holds
SLOWLY, FAST = -120, -1_000  # pixels a frame: 7,000 and 60,000 a second
SCROLL = """async ([selector, pixels, milliseconds]) => {
  const box = document.querySelector(selector); const end = performance.now() + milliseconds;
  while (performance.now() < end) { box.scrollTop += pixels; await new Promise(requestAnimationFrame); } }"""
SWITCH = """async (milliseconds) => {
  const rows = [...document.querySelectorAll(".row-open")].slice(0, 2);
  const end = performance.now() + milliseconds; let turn = 0;
  while (performance.now() < end) { rows[turn++ % 2].click();
    for (let frame = 0; frame < 10; frame++) await new Promise(requestAnimationFrame); } }"""


def answer() -> str:
    """Some 20 kB with all that Markdown has: a model's long answer."""
    prose = "Uno **dos** `tres` cuatro, $x^2 + y^2$ y *seis*: [siete](https://example.org/siete), ocho. " * 8
    items = "\n".join(f"- punto {number} con **peso** y `código`" for number in range(40))
    code = "\n".join(f"    total_{number} = suma(lista[{number}:], inicio={number})" for number in range(120))
    rows = "\n".join(f"| fila {number} | **{number * 7}** | `{number:x}` | cosas |" for number in range(120))
    section = f"## Parte\n\n{prose}\n\n{items}\n\n{prose}\n"
    table = f"| a | b | c | d |\n|---|--:|---|---|\n{rows}"
    block = f"```python\ndef suma():\n{code}\n```"
    return "\n\n".join(["# Hola", section, block, table, section, section, prose])


def stream(speaker: Speaker, text: str) -> None:
    """The text in chunks, at their pace."""
    lines = [
        f"@batch=s{';tertulia.chat/concat' if start else ''} PRIVMSG {ROOM} :{line[start : start + CHUNK]}"
        for line in text.split("\n")
        for start in range(0, max(1, len(line)), CHUNK)
    ]
    speaker.say("MODE modelo +B", f"BATCH +s tertulia.chat/stream {ROOM}")
    paced(CHUNKS_PER_SECOND, len(lines) / CHUNKS_PER_SECOND, lambda number: speaker.say(lines[number]))
    speaker.say("BATCH -s")
    speaker.fence()


def saying(number: int) -> str:
    """What people say: mostly plain, sometimes with something in it."""
    extra = {0: " https://example.org/a", 1: " con `código`", 2: " en #tertulia", 3: " \x02fuerte\x02"}
    return f"mensaje {number}, ¿qué tal?{extra.get(number % 10, '')}"


def talk(people: list[Speaker], seconds: float) -> None:
    def message(number: int) -> None:
        people[number // 3 % len(people)].say(f"PRIVMSG {ROOM} :{saying(number)}")

    paced(MESSAGES_PER_SECOND, seconds, message)
    for one in people:
        one.fence()


def scroll(page: Page, selector: str, pixels: int, seconds: float = SECONDS) -> None:
    page.evaluate(SCROLL, [selector, pixels, seconds * 1000])


def crowd() -> list[str]:
    """The answers to NAMES and WHO of a room with ten thousand members more."""
    nicks = [f"miembro{number:05d}" for number in range(MEMBERS)]
    names = [f":t 353 x = {ROOM} :{' '.join(nicks[at : at + 40])} ojo" for at in range(0, MEMBERS, 40)]
    who = [f":t 354 x 152 {ROOM} {nick} {'G' if at % 9 == 0 else 'H'} 0" for at, nick in enumerate(nicks)]
    return [*names, f":t 366 x {ROOM} :fin", *who]


def cases(stage: Stage, only: str = "") -> Iterator[tuple[str, Figures]]:
    """Each with its name; a page lives as long as the cases of its kind."""
    for room in (ROOM, OTHER):
        for number in range(300):
            stage.people[number % 4].say(f"PRIVMSG {room} :{saying(number)}")
    for one in stage.people:
        one.fence()
    for name, kind in KINDS.items():
        if only in ("", name):
            yield from kind(stage)


def quiet(stage: Stage) -> Iterator[tuple[str, Figures]]:
    with stage.visit("reposo") as page:
        page.wait_for_timeout(3_000)  # what follows on entering is over
        yield "nothing at all (the machine's own)", stage.watched(page, lambda: page.wait_for_timeout(8_000))
        yield (
            "changing between two rooms, six times a second",
            stage.watched(page, lambda: page.evaluate(SWITCH, SECONDS * 500)),
        )
    with stage.blank("visita") as page:
        yield "entering, 100 messages there", stage.traced(page, lambda: entered(page, stage))


def entered(page: Page, stage: Stage) -> list[float]:
    page.add_init_script(f"({RECORD})()")
    enter(page, stage.server)
    page.wait_for_timeout(1_000)
    return recorded(page)


def busy(stage: Stage) -> Iterator[tuple[str, Figures]]:
    with stage.visit("ojo") as page:
        stage.fill(page, map(saying, range(HELD)))
        yield from talking(stage, page, HELD)


def talking(stage: Stage, page: Page, held: int) -> Iterator[tuple[str, Figures]]:
    text = answer()
    people, model = stage.people, stage.model
    yield (
        f"a stream, {CHUNKS_PER_SECOND} chunks/s to {len(text.encode()) / 1000:.0f} kB; {held:,} held",
        stage.watched(page, lambda: beside(page, lambda: stream(model, text))),
    )
    yield (
        f"talk, {MESSAGES_PER_SECOND} messages/s; {held:,} held",
        stage.watched(page, lambda: beside(page, lambda: talk(people, SECONDS))),
    )
    yield (
        f"both at once; {held:,} held",
        stage.watched(page, lambda: beside(page, lambda: stream(model, text), lambda: talk(people, SECONDS))),
    )


def crowded(stage: Stage) -> Iterator[tuple[str, Figures]]:
    with stage.visit("ojo") as page:
        lines = crowd()
        yield f"{MEMBERS:,} members are told of", stage.watched(page, lambda: tell(page, lines))
        page.wait_for_function("() => document.querySelectorAll('.members-scroll li').length > 10")
        yield (
            f"scrolling {MEMBERS:,} members",
            stage.watched(page, lambda: scroll(page, ".members-scroll", 400, SECONDS / 2)),
        )
        gone = [f":miembro{number * 7 % MEMBERS:05d}!m@h QUIT :adiós" for number in range(LEAVING)]
        yield f"{LEAVING:,} of them leave at once", stage.watched(page, lambda: stormed(page, gone))
        back = [f":{line.split('!')[0][1:]}!m@h JOIN {ROOM} * :m" for line in gone]
        yield "and come back", stage.watched(page, lambda: stormed(page, back))


def history(stage: Stage) -> Iterator[tuple[str, Figures]]:
    with stage.visit("escriba") as page:
        stage.fill(page, map(saying, range(HELD)))
    with stage.visit("lector") as page:
        yield "scrolling up, each page fetched", stage.watched(page, lambda: scroll(page, ".log", SLOWLY))


def stormed(page: Page, lines: list[str]) -> None:
    tell(page, lines)
    page.wait_for_timeout(1_000)


def long_talk(stage: Stage) -> Iterator[tuple[str, Figures]]:
    with stage.visit("ojo") as page:
        start = time.monotonic()
        stage.fill(page, map(saying, range(MANY)))
        print(f"# {MANY:,} messages came in {time.monotonic() - start:.0f} s", flush=True)
        yield from talking(stage, page, MANY)
        for name, pixels in (("slowly", SLOWLY), ("fast", FAST)):
            yield (
                f"scrolling up {name}; {MANY:,} held",
                stage.watched(page, lambda pixels=pixels: scroll(page, ".log", pixels)),  # type: ignore[misc]
            )


KINDS = {"quiet": quiet, "busy": busy, "history": history, "crowded": crowded, "long": long_talk}
