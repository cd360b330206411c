"""The fuzzers for a few rounds each; and they can find something."""

from __future__ import annotations

from random import Random

import pytest
from fuzz.targets import TARGETS

from fuzz import __main__ as fuzz
from fuzz import sessions, shapes
from tertulia.commands.registry import COMMANDS
from tertulia.protocol import tags
from tertulia.protocol.line import parse

ROUNDS = {"hub": 25, "sessions": 2}


@pytest.mark.parametrize("name", TARGETS)
def test_a_few_rounds_without_a_fault(name: str) -> None:
    done, fault = fuzz.run(TARGETS[name], 1, lambda done: done >= ROUNDS.get(name, 300))
    assert not fault, f"round {1 + done}: {fault}"


def test_a_line_of_every_command() -> None:
    assert set(shapes.SHAPES) <= set(COMMANDS)
    for verb in COMMANDS:
        for seed in range(20):
            line = parse(shapes.line(Random(seed), verb, lambda hole: "1"))
            assert line.command == verb and "{" not in "".join(line.params)


def test_whole_sessions_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    before = sessions.carried
    assert fuzz.main(["--target", "sessions", "--commands", "300", "--seed", "9"]) == 0
    assert sessions.carried >= before + 300
    assert capsys.readouterr().out == "sessions: 1 rounds, no fault\n"


def test_a_fault_in_a_command_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def falls(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("tertulia.commands.information.lusers_numerics", falls)
    _, fault = fuzz.run(TARGETS["sessions"], 1, lambda done: done >= 3)
    assert "ZeroDivisionError" in fault


def test_a_fault_is_found_and_had_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tags, "_TO_ESCAPE", tags._TO_ESCAPE | {"\\": "\\"})
    assert fuzz.main(["--target", "tags", "--rounds", "500", "--seed", "3"]) == 1
    again = capsys.readouterr().out.splitlines()[-1]
    assert again.startswith("again: python -m fuzz --target tags --seed ")
    assert fuzz.main(again.split()[4:]) == 1


def test_a_round_is_the_same_again() -> None:
    from fuzz.material import stream

    assert stream(Random(5), 20) == stream(Random(5), 20) != stream(Random(6), 20)


def test_from_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert fuzz.main(["--target", "modes", "names", "--rounds", "5"]) == 0
    assert capsys.readouterr().out.splitlines() == ["modes: 5 rounds, no fault", "names: 5 rounds, no fault"]
