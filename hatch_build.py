"""The package's build also builds the web client, into the package.

What belongs here: what hatchling asks. What must not: how it is built (`scripts/build_web.py`).
With TERTULIA_WEB=off in the environment the client is left out; the server then shows a page that says so.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def _web() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "build_web", Path(__file__).parent / "scripts" / "build_web.py"
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class WebClientHook(BuildHookInterface[Any]):
    """Runs before the files of the package are gathered."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node from PyPI where the system has none, and something is to be built."""
        web = _web()
        needed = not _is_off() and not web.is_current() and web.system_npm() is None
        return [web.NODE_PACKAGE] if needed else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if _is_off():
            return
        web = _web()
        try:
            web.build()
        except web.CannotBuild as why:
            if version != "editable":  # whoever packages it should know; who works on it can go on
                raise SystemExit(
                    f"The web client cannot be built; TERTULIA_WEB=off leaves it out.\n{why}"
                ) from None
            print(f"The web client was not built.\n{why}", file=sys.stderr)


def _is_off() -> bool:
    return os.environ.get("TERTULIA_WEB", "").lower() in ("off", "0", "no")
