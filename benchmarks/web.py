"""The web client in Chromium: how soon it is there, how large it is, whether every frame is in time.

Run with `make bench-web`, or `python -m benchmarks.web`; `--against FOLDER` measures the `src` of another
tree beside this one, case by case in turns, so that both meet the same machine. What belongs here: the table.
What must not: whether the client is right (`tests/web`), or the cases (`web_cases.py`). The page comes from
the real server, over loopback; the crowd's members alone are made up in the page.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from benchmarks.peers import SOURCE
from benchmarks.web_cases import KINDS, cases
from benchmarks.web_stage import FLAGS, STATIC, Stage, enter, staged
from benchmarks.web_trace import COLUMNS

VISITS = 5
BUDGET = 120_000  # bytes of script, compressed, that are needed to be in a room


def size(static: Path) -> tuple[int, int]:
    """Bytes of script, and of script and style, compressed by brotli, that are needed to be in a room."""
    page = (static / "index.html").read_text(encoding="utf-8")
    names = [part.split('"')[0] for part in page.split('="/assets/')[1:]]
    sizes = {name: (static / "assets" / f"{name}.br").stat().st_size for name in names}
    return sum(one for name, one in sizes.items() if name.endswith(".js")), sum(sizes.values())


def arrival(stage: Stage) -> Iterator[tuple[str, str]]:
    """What one gets, and when."""
    script, everything = size(stage.server.source / STATIC)
    yield (
        f"script to be in a room, compressed (aim: {BUDGET / 1000:.0f} kB)",
        f"{script / 1000:.1f} kB; with styles {everything / 1000:.1f}",
    )
    paints, arrivals = [], []
    for number in range(VISITS):
        with stage.blank(f"visita{number}") as page:
            enter(page, stage.server)
            arrivals.append(page.evaluate("() => performance.now()"))
            painted = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
            paints.append(page.evaluate(painted))
    yield "first paint (aim: 1 s)", f"{median(paints):.0f} ms, median of {VISITS}"
    yield "in the room, members listed (aim: 2 s)", f"{median(arrivals):.0f} ms, median of {VISITS}"


def row(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


def table(stages: Sequence[Stage], only: str) -> None:
    """Each case in turn for each stage."""
    names = ["here", "against"][: len(stages)] if len(stages) > 1 else [""]
    row("", "", "outcome")
    for figures in zip(*(arrival(stage) for stage in stages), strict=True):
        for (what, outcome), name in zip(figures, names, strict=True):
            row(what, name, outcome)
    load = os.getloadavg()[0]
    print(f"\nload {load:.1f} on {os.cpu_count()} processors\n")
    row("", "", *COLUMNS)
    for found in zip(*(cases(stage, only) for stage in stages), strict=True):
        for (what, seen), name in zip(found, names, strict=True):
            row(what, name, *seen.row())


def main() -> int:
    options = argparse.ArgumentParser(
        prog="python -m benchmarks.web", description="The web client, measured."
    )
    options.add_argument("--chromium", default=shutil.which("chromium"), help="where Chromium is")
    options.add_argument("--against", type=Path, help="the src folder of another tree with a built client")
    options.add_argument("--only", default="", choices=["", *KINDS], help="one kind of cases")
    chosen = options.parse_args()
    sources = [SOURCE, *([chosen.against.resolve()] if chosen.against else [])]
    if not chosen.chromium or not all((source / STATIC / "index.html").is_file() for source in sources):
        print("Chromium and a built client are needed (make run builds it).", file=sys.stderr)
        return 1
    with sync_playwright() as playwright, ExitStack() as stack:
        stages = []
        for source in sources:
            browser = playwright.chromium.launch(executable_path=chosen.chromium, args=list(FLAGS))
            stack.callback(browser.close)
            stages.append(stack.enter_context(staged(browser, source)))
        table(stages, chosen.only)
    return 0


if __name__ == "__main__":
    sys.exit(main())
