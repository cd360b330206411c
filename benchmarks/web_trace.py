"""What a trace of Chromium says of one page: how long its thread worked, frame by frame, and at what.

What belongs here: reading traces. What must not: the work that is traced (`web.py`, `web_cases.py`).

Two clocks stand beside each other. *Passed* is the time of the wall: on a machine that does other things it
says as much of them as of the page. *Processor* is the time that the page's own thread ran (`tdur` in a
trace), which others can only make longer by emptying its caches.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

CATEGORIES = ("toplevel", "devtools.timeline", "v8")
FRAME_MS = 50.0  # what no frame may exceed
FRAME = "FireAnimationFrame"  # a page that is watched has one at least in each frame, and all in one task
CAUSES = 4  # of the longest task that are named
COLUMNS = (
    "frames longer than 50 ms, passed",
    "processor for one frame: median, 95 %, most (ms)",
    "frames of more than 50 ms of processor",
    "longest task: processor, passed (ms)",
    "at what",
)

Event = dict[str, Any]


@dataclass(frozen=True)
class Task:
    """One run of the thread. Milliseconds."""

    at: float
    passed: float
    processor: float
    is_frame: bool  # a frame begins in it
    parts: tuple[tuple[str, float], ...]  # what it did, each with its own processor's time, the longest first


@dataclass(frozen=True)
class Figures:
    """What one case came to. Milliseconds."""

    lengths: tuple[float, ...]  # of frames, by the page's own clock
    costs: tuple[float, ...]  # processor's time between the beginnings of frames
    longest: Task

    def row(self) -> tuple[str, ...]:
        """In the order of COLUMNS."""
        return (
            f"{sum(one > FRAME_MS for one in self.lengths)} of {len(self.lengths)}",
            ", ".join(f"{one:.1f}" for one in (*(part(self.costs, q) for q in (0.5, 0.95)), max(self.costs))),
            f"{sum(one > FRAME_MS for one in self.costs)} of {len(self.costs)}",
            f"{self.longest.processor:.1f}, {self.longest.passed:.1f}",
            ", ".join(f"{name} {own:.1f}" for name, own in self.longest.parts[:CAUSES]),
        )


def part(values: Sequence[float], quantile: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * quantile))]


def figures(trace: bytes, lengths: Iterable[float]) -> Figures:
    """Of a whole trace, with the frames' lengths as the page saw them."""
    tasks = tasks_of(json.loads(trace)["traceEvents"])
    return Figures(tuple(lengths), costs_of(tasks), max(tasks, key=lambda task: task.processor))


def costs_of(tasks: Sequence[Task]) -> tuple[float, ...]:
    """The processor's time of each frame: of the task that it begins in, and of all up to the next such."""
    costs: list[float] = []
    for task in tasks:
        if task.is_frame or not costs:
            costs.append(0.0)
        costs[-1] += task.processor
    return tuple(costs)


def tasks_of(events: Sequence[Event]) -> list[Task]:
    """The page's thread's tasks, in their order."""
    threads = {
        (event["pid"], event["tid"])
        for event in events
        if event.get("name") == "thread_name" and event["args"].get("name") == "CrRendererMain"
    }
    ours = [event for event in events if (event.get("pid"), event.get("tid")) in threads]
    spans = sorted(
        (event for event in ours if event.get("ph") == "X" and "tdur" in event),
        key=lambda event: (event["pid"], event["ts"], -event.get("dur", 0)),
    )
    found: list[Task] = []
    run: list[Event] = []
    for span in spans:
        outside = not run or span["pid"] != run[0]["pid"] or span["ts"] >= run[0]["ts"] + run[0]["dur"]
        if outside and run:
            found.append(task_of(run))
        if outside:
            run = [span] if span["name"].endswith("RunTask") else []
        else:
            run.append(span)
    if run:
        found.append(task_of(run))
    return sorted(found, key=lambda task: task.at)


def task_of(run: Sequence[Event]) -> Task:
    """`run`: the task's own span, then all that lie in it, in the order of their beginnings."""
    whole = run[0]
    own: dict[str, float] = defaultdict(float)
    above: list[Event] = []
    for span in run:
        while above and span["ts"] >= above[-1]["ts"] + above[-1].get("dur", 0):
            above.pop()
        own[name_of(span)] += span["tdur"] / 1000
        if above:
            own[name_of(above[-1])] -= span["tdur"] / 1000
        above.append(span)
    return Task(
        at=whole["ts"] / 1000,
        passed=whole["dur"] / 1000,
        processor=whole["tdur"] / 1000,
        is_frame=any(span["name"] == FRAME for span in run),
        parts=tuple(sorted(own.items(), key=lambda item: -item[1])),
    )


def name_of(span: Event) -> str:
    """`script onScroll`, `Layout`, `MajorGC`: who can be held to account."""
    data = span.get("args", {}).get("data", {}) or {}
    if span["name"] in ("FunctionCall", "EventDispatch"):
        return f"script {data.get('type') or data.get('functionName') or ''}".strip()
    return "task itself" if span["name"].endswith("RunTask") else span["name"]
