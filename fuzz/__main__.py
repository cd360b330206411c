"""`python -m fuzz [--seconds N] [--seed S] [--target NAME ...] [--rounds N]`: run the fuzzers, and say
what they found.

What belongs here: the loop over rounds. What must not: what a round does (`targets`).
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Callable
from random import Random

from fuzz import sessions
from fuzz.targets import DOCUMENTED, TARGETS, Target

Enough = Callable[[int], bool]  # after so many rounds


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m fuzz", description="Hostile input against what reads input."
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="for all targets together (default 60)")
    parser.add_argument(
        "--seed", type=int, default=1, help="of the first round; each further round has the next"
    )
    parser.add_argument("--rounds", type=int, help="so many rounds of each target instead of so many seconds")
    parser.add_argument("--commands", type=int, help="so many in whole sessions (--target sessions)")
    parser.add_argument("--target", nargs="+", choices=TARGETS, default=list(TARGETS))
    given = parser.parse_args(arguments)
    found = 0
    for name in given.target:
        enough = rounds(given.rounds) if given.rounds else until(given.seconds / len(given.target))
        if given.commands:
            enough = commands(given.commands)
        done, fault = run(TARGETS[name], given.seed, enough)
        print(
            f"{name}: {done} rounds"
            + (f", then round {given.seed + done} failed:\n{fault}" if fault else ", no fault")
        )
        if fault:
            print(f"again: python -m fuzz --target {name} --seed {given.seed + done} --rounds 1")
            found += 1
    return 1 if found else 0


def rounds(number: int) -> Enough:
    return lambda done: done >= number


def commands(number: int) -> Enough:
    """Of whole sessions, in this process."""
    end = sessions.carried + number
    return lambda _: sessions.carried >= end


def until(seconds: float) -> Enough:
    end = time.monotonic() + seconds
    return lambda done: time.monotonic() >= end


def run(target: Target, seed: int, enough: Enough) -> tuple[int, str]:
    """Rounds of a target until it is enough or one fails: how many went well, and what the next one
    raised.
    """
    done = 0
    while not enough(done):
        try:
            target(Random(seed + done))
        except DOCUMENTED:
            pass
        except Exception:
            return done, traceback.format_exc()
        done += 1
    return done, ""


if __name__ == "__main__":
    sys.exit(main())
