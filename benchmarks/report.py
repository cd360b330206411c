"""Rounds into numbers that can be compared, and those into text, Markdown and JSON.

What belongs here: medians, ratios, tables; all pure. What must not: measuring.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.cases import Case, Column, Numbers
from benchmarks.peers import OURS

BUSY_GENERATOR = 0.95  # above this share of the wall clock it may be the generator that is measured
NOBODY = "(no server that can do this was measured)"
RATIO_HEADING = "times the best peer"


@dataclass
class Result:
    """What one case gave: the numbers of each round by server, and what went wrong."""

    case: Case
    rounds: dict[str, list[Numbers]] = field(default_factory=dict)
    failures: dict[str, list[str]] = field(default_factory=dict)
    granted: dict[str, str] = field(default_factory=dict)  # by server: what it gave clients that ask for more

    def medians(self) -> dict[str, Numbers]:
        """Each server's medians, number by number."""
        return {server: medians(numbers) for server, numbers in self.rounds.items() if numbers}

    def ratios(self) -> dict[str, float]:
        """How our servers stand to the best peer in the case's first column; above 1 is better than it."""
        column, by_server = self.case.columns[0], self.medians()
        peers = [numbers[column.key] for server, numbers in by_server.items() if server not in OURS]
        if not peers or not self.case.compared:
            return {}
        best = max(peers) if column.more_is_better else min(peers)
        return {
            server: ratio(numbers[column.key], best, column)
            for server, numbers in by_server.items()
            if server in OURS
        }

    def as_json(self) -> dict[str, object]:
        return {
            "title": self.case.title,
            "rounds": self.rounds,
            "medians": self.medians(),
            "ratios": self.ratios(),
            "failures": self.failures,
        }


def medians(rounds: Sequence[Numbers]) -> Numbers:
    return {key: median(numbers[key] for numbers in rounds) for key in rounds[0]}


def ratio(ours: float, best: float, column: Column) -> float:
    """Above 1 when ours is better. Nothing against nothing is even."""
    better, worse = (ours, best) if column.more_is_better else (best, ours)
    if better == worse:
        return 1.0
    return better / worse if worse else float("inf")


# --- Tables -----------------------------------------------------------------------------------------------


def rows(result: Result) -> list[list[str]]:
    """The heading and a line for each server, as text."""
    ratios = result.ratios()
    heading = ["server", *(column.heading for column in result.case.columns)]
    table = [heading + [RATIO_HEADING] * bool(ratios)]
    for server, numbers in result.medians().items():
        cells = [server, *(written(column, numbers[column.key]) for column in result.case.columns)]
        table.append(cells + [f"{ratios[server]:.2f}" if server in ratios else ""] * bool(ratios))
    return table


def written(column: Column, value: float) -> str:
    return column.format.format(value * column.scale)


def notes(result: Result) -> list[str]:
    """What a reader must know beside the numbers."""
    busy = [
        f"{server}: the generator used {numbers['generator']:.0%} of its core: the clock may show its limit"
        for server, numbers in result.medians().items()
        if numbers.get("generator", 0.0) > BUSY_GENERATOR
    ]
    failed = [
        f"{server}: {len(reasons)} round(s) failed: {reasons[0]}"
        for server, reasons in result.failures.items()
    ]
    return failed + busy


def as_text(result: Result) -> str:
    table = rows(result)
    if len(table) == 1:
        return "\n".join([result.case.title, NOBODY, *(f"! {note}" for note in notes(result))])
    widths = [max(len(line[index]) for line in table) for index in range(len(table[0]))]
    body = ["  ".join(aligned(line, widths)).rstrip() for line in table]
    return "\n".join([result.case.title, *body, *(f"! {note}" for note in notes(result))])


def aligned(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Names to the left, numbers to the right."""
    return [
        cell.rjust(width) if index else cell.ljust(width)
        for index, (cell, width) in enumerate(zip(line, widths, strict=True))
    ]


def as_markdown(result: Result) -> str:
    heading, *body = rows(result)
    if not body:
        return "\n".join([f"### {result.case.title}", "", NOBODY, *(f"- {note}" for note in notes(result))])
    rule = ["---", *["---:"] * (len(heading) - 1)]
    table = ["| " + " | ".join(line) + " |" for line in [heading, rule, *body]]
    remarks = [f"- {note}" for note in notes(result)]
    return "\n".join([f"### {result.case.title}", "", *table, *([""] * bool(remarks)), *remarks])


def described(machine: Mapping[str, str], *, markdown: bool) -> str:
    """The machine and the versions, a line each."""
    if markdown:
        return "\n".join(["| | |", "|---|---|", *(f"| {key} | {value} |" for key, value in machine.items())])
    width = max(map(len, machine), default=0)
    return "\n".join(f"{key.ljust(width)}  {value}" for key, value in machine.items())
