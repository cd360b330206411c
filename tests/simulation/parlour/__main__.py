"""`python -m tests.simulation.parlour SEED [--steps N] [--seeds A-B]`: play seeds, and say what came of them.

What belongs here: arguments and what is printed. What must not: the world.
"""

from __future__ import annotations

import argparse
import sys

from tests.simulation.parlour.world import play
from tests.simulation.world import Failure

STEPS = 300


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.parlour", description=__doc__)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--steps", type=int, default=STEPS, help=f"steps for each seed (default {STEPS})")
    parser.add_argument("--seeds", metavar="A-B", help="play all of these seeds instead of one")
    given = parser.parse_args(arguments)
    first, _, last = (given.seeds or str(given.seed)).partition("-")
    failed = 0
    for seed in range(int(first), int(last or first) + 1):
        try:
            world = play(seed, given.steps)
        except Failure as failure:
            failed += 1
            print(failure)
        else:
            messages, answers = len(world.store.messages), world.promises.answers.total()
            told = f"{messages} messages, {answers} answers, {world.deaths} deaths"
            print(f"seed {seed}: {told}, digest {world.digest()}")
    print(f"{failed} seeds failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
