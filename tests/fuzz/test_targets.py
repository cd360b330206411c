"""The fuzzers for a few rounds each; and they can find something."""

from __future__ import annotations

from random import Random

import pytest
from fuzz.targets import TARGETS

from fuzz import __main__ as fuzz
from tertulia.protocol import tags

ROUNDS = {"hub": 25}


@pytest.mark.parametrize("name", TARGETS)
def test_a_few_rounds_without_a_fault(name: str) -> None:
    done, fault = fuzz.run(TARGETS[name], 1, lambda done: done >= ROUNDS.get(name, 300))
    assert not fault, f"round {1 + done}: {fault}"


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
