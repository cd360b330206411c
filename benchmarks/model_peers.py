"""The two that pass a provider's words on: Tertulia with models in its rooms, and LiteLLM's proxy.

What belongs here: how each is configured and started, and the provider that both ask. What must not: load.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from benchmarks.server import Server, ServerError

MODELS_IN_A_ROOM = 10
ROOMS_OF_A_MODEL = 25  # fewer than the questions that may wait for one model


class Provider(Server):
    """`model_provider` in a process of its own."""

    name = "provider"

    def __init__(self, folder: Path, streams: int, chunks: int, per_second: float) -> None:
        super().__init__(folder)
        self._pace = ["--streams", str(streams), "--chunks", str(chunks), "--per-second", str(per_second)]

    def prepare(self) -> list[str]:
        return [sys.executable, "-m", "benchmarks.model_provider", "--port", str(self.port), *self._pace]

    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


class Tertulia(Server):
    """Rooms #r0 ... with ten models each; every call is in the ledger and every word in the store."""

    name = "tertulia-full"
    keeps = "every answer and every call, synced"
    durability = "full"

    def __init__(self, folder: Path, provider: Provider, rooms: int) -> None:
        super().__init__(folder)
        self._provider = provider
        self._rooms = rooms

    @classmethod
    def version(cls) -> str | None:
        return metadata.version("tertulia") if _installed("tertulia") else "this tree"

    def prepare(self) -> list[str]:
        lines = [
            "[server]", f'listen = ["irc://127.0.0.1:{self.port}"]', 'data = "data"',
            "[store]", f'durability = "{self.durability}"',
            "[limits]", "flood = false", "[calls]", "concurrency = 1000", "[log]", 'level = "warning"',
        ]  # fmt: skip
        for group in range(0, self._rooms, ROOMS_OF_A_MODEL):
            rooms = [f'"#r{room}"' for room in range(group, min(self._rooms, group + ROOMS_OF_A_MODEL))]
            for place in range(MODELS_IN_A_ROOM):
                lines += [
                    "[[models]]", f'nick = "{model_nick(group, place)}"', 'provider = "openai-compatible"',
                    'model = "m"', f'base_url = "{self._provider.url}"', f"rooms = [{', '.join(rooms)}]",
                ]  # fmt: skip
        (self.folder / "t.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return [sys.executable, "-m", "tertulia", "serve", "--config", "t.toml"]

    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


class TertuliaOff(Tertulia):
    """The same without a disk in the way of a word."""

    name = "tertulia-off"
    keeps = "the latest, in memory"
    durability = "off"


def model_nick(room: int, place: int) -> str:
    """The model that answers whoever sits at `place` of the room."""
    return f"m{room // ROOMS_OF_A_MODEL}x{place}"


class LiteLLM(Server):
    """`litellm[proxy]` (MIT, but for its folder `enterprise`, which is not used), from an environment of its
    own: `--litellm FOLDER`."""

    name = "litellm"
    keeps = "nothing"
    home = Path()
    starts = 6  # times twenty seconds: it is slow to import

    def __init__(self, folder: Path, provider: Provider) -> None:
        super().__init__(folder)
        self._provider = provider

    @classmethod
    def version(cls) -> str | None:
        if not (cls.home / "bin" / "litellm").is_file():
            return None
        asked = [
            cls.home / "bin" / "python",
            "-c",
            "import importlib.metadata as m; print(m.version('litellm'))",
        ]
        return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()

    def prepare(self) -> list[str]:
        (self.folder / "litellm.yaml").write_text(
            "model_list:\n"
            "  - model_name: m\n"
            "    litellm_params:\n"
            f"      model: openai/m\n      api_base: {self._provider.url}\n      api_key: none\n"
            "litellm_settings:\n  telemetry: false\n  num_retries: 0\n"
            "general_settings:\n  dangerously_permit_weak_or_unset_master_key: true\n",
            encoding="utf-8",
        )
        address = ["--host", "127.0.0.1", "--port", str(self.port), "--num_workers", "1"]
        return [str(self.home / "bin" / "litellm"), "--config", "litellm.yaml", *address]

    def environment(self) -> dict[str, str]:
        quiet = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_LOG": "ERROR", "LITELLM_TELEMETRY": "False"}
        return {**os.environ, **quiet, "NO_PROXY": "127.0.0.1"}

    def _wait_open(self) -> None:
        for attempt in range(self.starts):
            try:
                return super()._wait_open()
            except ServerError:
                if attempt == self.starts - 1 or self._has_ended():
                    raise
        return None


def _installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True
