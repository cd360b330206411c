"""Medians, ratios, tables."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from benchmarks.cases import CASES, Case, Column
from benchmarks.report import Result, as_markdown, as_text, described, ratio

MORE = Column("per_second", "a second")
LESS = Column("median_ms", "median, ms", "{:.2f}", more_is_better=False)


def result(first: Column, rounds: dict[str, list[float]]) -> Result:
    case = Case("case", "A case", lambda server, scale: {}, (first,))
    return Result(
        case, {server: [{first.key: number} for number in numbers] for server, numbers in rounds.items()}
    )


def test_the_median_of_the_rounds_counts() -> None:
    assert result(MORE, {"ngircd": [5.0, 100.0, 7.0]}).medians() == {"ngircd": {"per_second": 7.0}}


def test_ours_are_compared_with_the_best_peer() -> None:
    more = result(MORE, {"tertulia-full": [300.0], "ngircd": [100.0], "inspircd": [200.0]})
    less = result(LESS, {"tertulia-off": [0.5], "ngircd": [2.0], "inspircd": [1.0]})
    assert more.ratios() == {"tertulia-full": 1.5}
    assert less.ratios() == {"tertulia-off": 2.0}


def test_without_a_peer_there_is_no_ratio() -> None:
    alone = result(MORE, {"tertulia-full": [300.0]})
    assert alone.ratios() == {}
    assert "times" not in as_text(alone)


@pytest.mark.parametrize(
    ("ours", "best", "column", "expected"),
    [
        (0.0, 0.0, LESS, 1.0),
        (0.0, 0.1, LESS, float("inf")),
        (1.0, 0.0, LESS, 0.0),
        (1.0, 0.0, MORE, float("inf")),
    ],
)
def test_ratios_with_nothing(ours: float, best: float, column: Column, expected: float) -> None:
    assert ratio(ours, best, column) == expected


def test_what_cannot_be_compared_is_not() -> None:
    idle = result(LESS, {"tertulia-full": [0.0], "ngircd": [0.1]})
    idle.case = replace(idle.case, compared=False)
    assert idle.ratios() == {}


def test_the_text_is_aligned() -> None:
    text = as_text(result(MORE, {"tertulia-full": [1_234_567.0], "ngircd": [9.0]}))
    assert text.splitlines() == [
        "A case",
        "server          a second  times the best peer",
        "tertulia-full  1,234,567            137174.11",
        "ngircd                 9",
    ]


def test_the_markdown_is_a_table() -> None:
    text = as_markdown(result(LESS, {"tertulia-full": [0.5], "ngircd": [1.0]}))
    assert text.splitlines() == [
        "### A case",
        "",
        "| server | median, ms | times the best peer |",
        "| --- | ---: | ---: |",
        "| tertulia-full | 0.50 | 2.00 |",
        "| ngircd | 1.00 |  |",
    ]


def test_failures_are_told_beside_the_numbers() -> None:
    failed = result(MORE, {"ngircd": []})
    failed.failures["ngircd"] = ["3 of 4 messages came"]
    assert "! ngircd: 1 round(s) failed: 3 of 4 messages came" in as_text(failed)
    assert "- ngircd: 1 round(s) failed: 3 of 4 messages came" in as_markdown(failed)


def test_a_busy_generator_is_told() -> None:
    busy = result(MORE, {"ngircd": [5.0]})
    busy.rounds["ngircd"][0]["generator"] = 0.97
    assert "! ngircd: the generator used 97% of its core: the clock may show its limit" in as_text(busy)


def test_what_goes_into_the_file_is_json() -> None:
    content = result(MORE, {"tertulia-full": [2.0], "ngircd": [1.0]}).as_json()
    assert json.loads(json.dumps(content))["ratios"] == {"tertulia-full": 2.0}


def test_the_machine_is_described() -> None:
    assert described({"cores": "2", "Python": "x"}, markdown=False) == "cores   2\nPython  x"
    assert described({"cores": "2"}, markdown=True) == "| | |\n|---|---|\n| cores | 2 |"


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_each_case_of_the_table_can_be_written(case: Case) -> None:
    numbers = {column.key: 0.5 for column in case.columns}
    text = as_text(Result(case, {"tertulia-full": [numbers], "ngircd": [numbers]}))
    assert text.count("\n") == 3
