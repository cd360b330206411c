"""`tertulia models`: the catalogue, what is here, fetching and removing.

What belongs here: showing it to a person. What must not: fetching itself (`models/local/pull.py`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tertulia.cli.complaints import sentence
from tertulia.cli.language import chosen, say
from tertulia.config import ConfigError, load, model_folder
from tertulia.models.local.catalogue import CATALOGUE, Entry, find
from tertulia.models.local.folder import Progress
from tertulia.models.local.folder import remove as remove_file
from tertulia.models.local.pull import PullError
from tertulia.models.local.pull import pull as fetch

MEGABYTE = 1_000_000


def list_all(named: Path | None) -> int:
    """The catalogue as a table, with what is in the model folder. The exit code."""
    folder = _folder(named)
    if folder is None:
        return 1
    print(say("Model folder:", "Carpeta de modelos:"), folder)
    for entry in CATALOGUE:
        size = f"{entry.bytes / MEGABYTE:.0f} MB"
        print(f"\n  {entry.name}  {size}  {entry.licence}  [{_state(entry, folder)}]")
        print(f"    {say(*entry.about)}")
    return 0


def pull(name: str | None, named: Path | None) -> int:
    """Fetch a model of the catalogue (default: its first) and verify its sum. The exit code."""
    folder, entry = _folder(named), _entry(name or "")
    if folder is None or entry is None:
        return 1
    try:
        with _bar(entry) as progress:
            path = fetch(entry, folder, progress)
    except PullError as error:
        return _fail(error.say(chosen()))
    except KeyboardInterrupt:
        return _fail(
            say("Stopped; the next pull goes on from here.", "Parado; la próxima vez sigue desde aquí.")
        )
    print(say(f"{path} is here and its sum is right", f"{path} está aquí y su suma es correcta"))
    return 0


def remove(name: str, named: Path | None) -> int:
    """Delete a model's file. The exit code: 1 when there was none."""
    folder, entry = _folder(named), _entry(name)
    if folder is None or entry is None:
        return 1
    if not remove_file(folder, entry):
        return _fail(say(f"{entry.name} is not in {folder}", f"{entry.name} no está en {folder}"))
    print(say(f"{entry.name} was removed", f"{entry.name} se ha borrado"))
    return 0


def finding_of(name: str, folder: Path) -> tuple[bool, str]:
    """(is it here, in words): for the doctor. `name` as in the configuration: of the catalogue, or a file's
    path.
    """
    entry = find(name)
    if entry is None:
        there = Path(name).expanduser().is_file()
        return there, name if there else say(
            f"{name} is neither a file nor in the catalogue", f"{name} no existe"
        )
    if (folder / entry.file).is_file():
        return True, say(f"{entry.name} is here", f"{entry.name} está aquí")
    size = f"{entry.bytes / MEGABYTE:.0f} MB"
    return False, say(f"{entry.name} will be fetched ({size})", f"{entry.name} se descargará ({size})")


def _state(entry: Entry, folder: Path) -> str:
    path = folder / entry.file
    if path.is_file():
        whole = path.stat().st_size == entry.bytes
        return say("here", "aquí") if whole else say("damaged", "dañado")
    part = folder / f"{entry.file}.part"
    if part.is_file():
        percent = 100 * part.stat().st_size // entry.bytes
        return say(f"{percent} % fetched", f"{percent} % descargado")
    return say("not here", "no está")


@contextmanager
def _bar(entry: Entry) -> Iterator[Progress]:
    """A progress bar on a terminal; a line for each tenth elsewhere."""
    from rich.progress import BarColumn, DownloadColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as Bar

    if not sys.stderr.isatty():
        yield _tenths(entry)
        return
    from rich.console import Console

    columns = (
        "{task.description}",
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(entry.name, total=entry.bytes)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _tenths(entry: Entry) -> Progress:
    told = -1

    def progress(done: int, total: int) -> None:
        nonlocal told
        if done * 10 // total != told:
            told = done * 10 // total
            print(f"{entry.name}: {told * 10} %", file=sys.stderr)

    return progress


def _entry(name: str) -> Entry | None:
    entry = find(name)
    if entry is None:
        known = ", ".join(one.name for one in CATALOGUE)
        _fail(say(f"{name} is not in the catalogue: {known}", f"{name} no está en el catálogo: {known}"))
    return entry


def _folder(named: Path | None) -> Path | None:
    try:
        return model_folder(load(named), os.environ)
    except ConfigError as error:
        _fail(*map(sentence, error.problems))
        return None


def _fail(*lines: str) -> int:
    print(*lines, sep="\n", file=sys.stderr)
    return 1
