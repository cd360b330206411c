"""What it costs to pass a model's words on: Tertulia beside LiteLLM's proxy, on one provider, in one run.

What belongs here: the two cases, and their table. What must not: servers (`model_peers`), connections
(`model_load`).

one: a single answer; how long a chunk needs from the provider's write to a member's socket.
many: 500 answers at once into 50 rooms of 20 (ten people and ten models each); the proxy passes 500 streams
to 500 clients. In a room each chunk is heard by ten people, through the proxy by one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles

from benchmarks.machine import machine
from benchmarks.model_load import Ears, ask_models, ask_proxy, into_rooms, to_proxy
from benchmarks.model_peers import MODELS_IN_A_ROOM, LiteLLM, Provider, Tertulia, TertuliaOff
from benchmarks.server import raise_file_limit

OURS = (Tertulia, TertuliaOff)
SPARE_SECONDS = 60.0  # over the time that the streams take by themselves
SETTLE_SECONDS = 1.0  # for a server to end what it does at its start


@dataclass(frozen=True, slots=True)
class Case:
    title: str
    rooms: int
    streams: int
    chunks: int
    per_second: float


CASES = {
    "one": Case("one answer", 1, 1, 200, 20.0),
    "many": Case("500 answers at once", 50, 500, 80, 4.0),
}
QUICK = {
    "one": Case("one answer", 1, 1, 40, 20.0),
    "many": Case("50 answers at once", 5, 50, 20, 4.0),
}


@dataclass(slots=True)
class Found:
    server: str
    case: str
    chunks: int  # that the provider sent
    delivered: int
    lost: int
    median_ms: float
    p99_ms: float
    cpu_us_chunk: float
    cpu_us_delivered: float
    cpu_share: float  # of one core, while they streamed


def measure(kind: str, case: Case, folder: Path) -> Found:
    """One round with one server. The provider is started anew for each."""
    provider = Provider(_folder(folder), case.streams, case.chunks, case.per_second)
    made = next((one for one in OURS if one.name == kind), None)
    listeners = MODELS_IN_A_ROOM if made else 1
    with provider:
        own = _folder(folder)
        server = made(own, provider, case.rooms) if made else LiteLLM(own, provider)
        with server:
            time.sleep(SETTLE_SECONDS)
            return asyncio.run(_round(server, case, listeners))


async def _round(server: Tertulia | LiteLLM, case: Case, listeners: int) -> Found:
    ears = Ears(case.streams * case.chunks * listeners)
    seconds = case.chunks / case.per_second + SPARE_SECONDS
    if isinstance(server, Tertulia):
        found, ask = await into_rooms(server.port, case.rooms, ears), ask_models
    else:
        found, ask = await to_proxy(server.port, case.streams, ears), ask_proxy
    before, began = server.usage(), time.monotonic()
    await ask(found, case.streams, ears, seconds)
    cpu, wall = server.usage().cpu_seconds - before.cpu_seconds, time.monotonic() - began
    for listener in found:
        listener.transport.abort()
    return _result(server.name, case, listeners, ears, cpu, wall)


def _result(name: str, case: Case, listeners: int, ears: Ears, cpu: float, wall: float) -> Found:
    ages = sorted(ears.ages_us) or [0]
    chunks = case.streams * case.chunks
    return Found(
        server=name,
        case=case.title,
        chunks=chunks,
        delivered=ears.distinct,
        lost=chunks * listeners - ears.distinct,
        median_ms=median(ages) / 1_000,
        p99_ms=(quantiles(ages, n=100)[98] if len(ages) > 1 else ages[0]) / 1_000,
        cpu_us_chunk=cpu * 1e6 / chunks,
        cpu_us_delivered=cpu * 1e6 / max(1, ears.distinct),
        cpu_share=cpu / wall,
    )


def _folder(above: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=above))


# --- Telling ----------------------------------------------------------------------------------------------

COLUMNS = (
    ("server", "{}"), ("chunks", "{:,}"), ("delivered", "{:,}"), ("lost", "{}"), ("median_ms", "{:.2f}"),
    ("p99_ms", "{:.2f}"), ("cpu_us_chunk", "{:.0f}"), ("cpu_us_delivered", "{:.1f}"), ("cpu_share", "{:.0%}"),
)  # fmt: skip
HEADS = (
    "server", "chunks", "delivered", "lost", "median ms", "99 % ms", "CPU µs a chunk",
    "CPU µs a delivery", "of a core",
)  # fmt: skip


def middle(rounds: Sequence[Found]) -> Found:
    """The medians of some rounds; of the losses the worst."""
    numbers = {
        name: median(getattr(one, name) for one in rounds)
        for name in ("median_ms", "p99_ms", "cpu_us_chunk", "cpu_us_delivered", "cpu_share")
    }
    first = rounds[0]
    delivered, lost = min(one.delivered for one in rounds), max(one.lost for one in rounds)
    return Found(first.server, first.case, first.chunks, delivered, lost, **numbers)


def table(rows: Sequence[Found]) -> str:
    lines = ["| " + " | ".join(HEADS) + " |", "| --- |" + " ---: |" * (len(HEADS) - 1)]
    for row in rows:
        lines.append("| " + " | ".join(form.format(getattr(row, name)) for name, form in COLUMNS) + " |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    LiteLLM.home = options.litellm or Path()
    raise_file_limit()
    peers = [LiteLLM] if options.litellm and LiteLLM.version() else []
    kinds = [one.name for one in (*OURS, *peers)]
    cases = QUICK if options.quick else CASES
    found: list[Found] = []
    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder) as folder:
        for key, value in machine([*OURS, *peers], Path(folder)).items():
            print(f"{key}: {value}")
        for name in options.case:
            rounds: dict[str, list[Found]] = {kind: [] for kind in kinds}
            for number in range(options.rounds):
                for kind in kinds[:: 1 if number % 2 == 0 else -1]:
                    print(f"{name}: round {number + 1}: {kind}", file=sys.stderr, flush=True)
                    rounds[kind].append(measure(kind, cases[name], Path(folder)))
            middles = [middle(rounds[kind]) for kind in kinds]
            print(f"\n### {cases[name].title}\n\n{table(middles)}")
            found += [one for kind in kinds for one in rounds[kind]]
    if options.json:
        options.json.write_text(json.dumps([asdict(one) for one in found], indent=1) + "\n")
    return int(any(one.lost for one in found if one.server != LiteLLM.name))


def _parser() -> argparse.ArgumentParser:
    command = argparse.ArgumentParser(
        prog="python -m benchmarks.models", description="Tertulia beside LiteLLM."
    )
    command.add_argument("--rounds", type=int, default=3)
    command.add_argument("--case", nargs="+", choices=CASES, default=list(CASES))
    command.add_argument("--litellm", type=Path, metavar="FOLDER", help="an environment with litellm[proxy]")
    command.add_argument("--quick", action="store_true", help="a tenth of the work, for trying")
    command.add_argument("--json", type=Path, metavar="FILE", help="write every round's numbers there")
    command.add_argument("--folder", type=Path, help="where the servers keep their files")
    return command


if __name__ == "__main__":
    raise SystemExit(main())
