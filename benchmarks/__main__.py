"""The command line of the measurements: which work, which servers, how often, told how.

What belongs here: options, the order of the runs. What must not: the work (`cases.py`), the tables
(`report.py`).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.cases import CASES, QUICK, Case, Scale
from benchmarks.clients import DESCRIBED, MIXTURES, granted, mixture, offered
from benchmarks.crowd import LoadError
from benchmarks.machine import machine
from benchmarks.peers import SERVERS, Ergo, Inspircd
from benchmarks.report import Result, as_markdown, as_text, described
from benchmarks.server import Server, ServerError, raise_file_limit

DEFAULT_SERVERS = ("tertulia-full", "tertulia-off", "ngircd", "inspircd", "ergo")


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    Ergo.command = options.ergo
    Inspircd.speaks_ircv3 = options.clients != "plain"
    say(f"files a process may open: {raise_file_limit():,}")
    servers = [SERVERS[name] for name in options.server or DEFAULT_SERVERS]
    servers = [server for server in servers if installed(server)]
    scale = QUICK if options.quick else Scale()
    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder) as folder:
        facts = machine(servers, Path(folder))
        results = [
            measure(CASES[name], servers, options.rounds, scale, Path(folder), options.clients)
            for name in options.case
        ]
    facts["rounds"] = f"{options.rounds}, in turn; medians" + (
        ", quick: for trying only" if options.quick else ""
    )
    facts["clients"] = DESCRIBED[options.clients]
    facts |= {f"{server} granted": words for result in results for server, words in result.granted.items()}
    tell(facts, results, markdown=options.markdown)
    if options.json:
        content = {"machine": facts, "cases": {result.case.name: result.as_json() for result in results}}
        options.json.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    return 1 if any(result.failures for result in results) else 0


def parser() -> argparse.ArgumentParser:
    command = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Servers under the same work, side by side."
    )
    command.add_argument(
        "--rounds", type=int, default=3, help="how often each case is run with each server (3)"
    )
    command.add_argument("--case", nargs="+", choices=CASES, default=list(CASES), help="which work (all)")
    command.add_argument("--server", nargs="+", choices=SERVERS, help="which servers (those installed)")
    command.add_argument(
        "--clients", choices=MIXTURES, default="plain", help="what the clients negotiate (plain: nothing)"
    )
    command.add_argument("--ergo", default="", metavar="BINARY", help="where Ergo's binary is")
    command.add_argument("--quick", action="store_true", help="a tenth of the work, for trying")
    command.add_argument("--json", type=Path, metavar="FILE", help="write every round's numbers there")
    command.add_argument("--markdown", action="store_true", help="tables for docs/performance.md")
    command.add_argument(
        "--folder", type=Path, help="where the servers keep their files (the system's temporary folder)"
    )
    return command


def installed(server: type[Server]) -> bool:
    if server.version() is None:
        say(f"{server.name}: not here, left out")
        return False
    return True


def measure(
    case: Case,
    servers: Sequence[type[Server]],
    rounds: int,
    scale: Scale,
    folder: Path,
    clients: str = "plain",
) -> Result:
    """The rounds of one case, the servers taking turns, each time another first."""
    servers = [server for server in servers if not case.only or server.name in case.only]
    result = Result(case, {server.name: [] for server in servers})
    for number in range(rounds):
        shift = number % max(len(servers), 1)
        for server in (*servers[shift:], *servers[:shift]):
            one_round(result, server, scale, folder, number, clients)
    return result


def one_round(
    result: Result, kind: type[Server], scale: Scale, folder: Path, number: int, clients: str
) -> None:
    say(f"{result.case.name}: round {number + 1}: {kind.name}")
    home = Path(tempfile.mkdtemp(prefix=f"{kind.name}-", dir=folder))
    server = kind(home)
    try:
        with server:
            if clients != "plain":
                scale = replace(scale, clients=mixture(clients, offered(server.address)))
                result.granted[kind.name] = granted(scale.clients)
            result.rounds[kind.name].append(result.case.run(server, scale))
    except (LoadError, ServerError, OSError) as error:
        reason = f"{error} {server.last_words(300)}".strip()
        say(f"{result.case.name}: {kind.name} failed: {reason}")
        result.failures.setdefault(kind.name, []).append(reason)


def tell(facts: dict[str, str], results: Sequence[Result], *, markdown: bool) -> None:
    print(described(facts, markdown=markdown))
    for result in results:
        print()
        print(as_markdown(result) if markdown else as_text(result))


def say(text: str) -> None:
    """Progress goes beside the result, not into it."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
