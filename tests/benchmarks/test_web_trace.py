"""What a trace says of a page's thread: made-up traces, with known sums."""

from __future__ import annotations

import json
from typing import Any

from benchmarks.web_trace import figures, tasks_of

PAGE, OTHER = (7, 1), (7, 2)


def span(
    name: str, at: float, passed: float, processor: float, thread: tuple[int, int] = PAGE
) -> dict[str, Any]:
    """Milliseconds; a trace has microseconds."""
    times = {"ts": at * 1000, "dur": passed * 1000, "tdur": processor * 1000}
    return {"name": name, "ph": "X", "pid": thread[0], "tid": thread[1], "args": {}, **times}


def named(thread: tuple[int, int], name: str) -> dict[str, Any]:
    about = {"name": "thread_name", "ph": "M", "ts": 0, "args": {"name": name}}
    return {**about, "pid": thread[0], "tid": thread[1]}


EVENTS = [
    named(PAGE, "CrRendererMain"),
    named(OTHER, "Compositor"),
    span("RunTask", 0, 90, 10),
    span("FireAnimationFrame", 10, 40, 6),
    span("Layout", 20, 10, 4),
    span("RunTask", 100, 5, 5),
    span("RunTask", 120, 30, 20),
    span("FireAnimationFrame", 121, 1, 1),
    span("FireAnimationFrame", 123, 2, 2),
    span("RunTask", 120, 500, 500, OTHER),
]


def test_a_task_tells_what_it_did_each_part_without_what_it_called() -> None:
    first = tasks_of(EVENTS)[0]
    assert (first.passed, first.processor, first.is_frame) == (90, 10, True)
    assert dict(first.parts) == {"task itself": 4, "FireAnimationFrame": 2, "Layout": 4}


def test_a_frame_costs_what_its_thread_did_up_to_the_next() -> None:
    found = figures(json.dumps({"traceEvents": EVENTS[::-1]}).encode(), [16.7, 66.0])
    assert found.costs == (15, 20)
    assert found.longest.processor == 20
    assert found.row()[:4] == ("1 of 2", "20.0, 20.0, 20.0", "0 of 2", "20.0, 30.0")


def test_other_threads_count_nothing() -> None:
    assert sum(task.processor for task in tasks_of(EVENTS)) == 35
