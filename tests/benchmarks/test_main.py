"""The order of the runs, and what becomes of a failure."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.__main__ import main, measure
from benchmarks.cases import QUICK, Case, Column, Numbers, Scale
from benchmarks.clients import PLAIN, Clients
from benchmarks.crowd import LoadError
from benchmarks.server import Server

from tests.benchmarks.fake_server import FakeServer


class Still(Server):
    """A server without a process: only its turn is looked at."""

    @classmethod
    def version(cls) -> str | None:
        return "1"

    def start(self) -> None:
        self.folder.joinpath("started").touch()


class First(Still):
    name = "first"


class Second(Still):
    name = "second"


COLUMNS = (Column("turn", "turn"),)


def test_servers_take_turns_and_each_begins_once(tmp_path: Path) -> None:
    order: list[str] = []

    def run(server: Server, scale: Scale) -> Numbers:
        order.append(server.name)
        return {"turn": float(len(order))}

    result = measure(Case("case", "A case", run, COLUMNS), [First, Second], 2, QUICK, tmp_path)
    assert order == ["first", "second", "second", "first"]
    assert result.rounds == {
        "first": [{"turn": 1.0}, {"turn": 4.0}],
        "second": [{"turn": 2.0}, {"turn": 3.0}],
    }
    assert len(list(tmp_path.glob("*/started"))) == 4  # a folder of its own each time


def test_a_failed_round_is_kept_and_the_others_go_on(tmp_path: Path) -> None:
    def run(server: Server, scale: Scale) -> Numbers:
        if server.name == "first":
            raise LoadError("1 of 2 messages came")
        return {"turn": 1.0}

    result = measure(Case("case", "A case", run, COLUMNS), [First, Second], 1, QUICK, tmp_path)
    assert result.failures == {"first": ["1 of 2 messages came"]}
    assert list(result.medians()) == ["second"]


def test_a_case_for_some_is_not_run_with_others(tmp_path: Path) -> None:
    case = Case("case", "A case", lambda server, scale: {"turn": 1.0}, COLUMNS, only=("second",))
    assert list(measure(case, [First, Second], 1, QUICK, tmp_path).rounds) == ["second"]


def test_what_was_granted_is_told_beside_the_numbers(tmp_path: Path) -> None:
    """The fake server stands in for the process; the case sees who comes."""
    seen: list[Clients] = []

    def run(server: Server, scale: Scale) -> Numbers:
        seen.append(scale.clients)
        return {"turn": 1.0}

    with FakeServer(offers="server-time echo-message") as fake:
        there = type("There", (First,), {"address": fake.address})
        case = Case("case", "A case", run, COLUMNS)
        result = measure(case, [there], 1, QUICK, tmp_path, "mixed")
    assert result.granted == {"first": "server-time, echo-message, batch"}
    assert [who.kinds[2].echoes for who in seen] == [1]
    assert QUICK.clients == PLAIN  # the next server is asked for itself


def test_an_unknown_mixture_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--clients", "nonsense"])
    assert "nonsense" in capsys.readouterr().err


def test_an_unknown_case_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--case", "nonsense"])
    assert "nonsense" in capsys.readouterr().err
