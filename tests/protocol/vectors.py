"""The shared vectors (`vectors/` at the root of the repository), read for the tests of this folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "vectors"


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of one file."""
    read: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))["cases"]
    return read
