"""The child process that runs a model file: started, watched, ended.

What belongs here: one child at a time. What must not: when to start it again (`bringup`), what it is asked.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import secrets
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tertulia.models.openai_compatible import OpenAICompatible
from tertulia.models.provider import Capabilities, ProviderError

CHILD: Final = Path(__file__).with_name("child.py")
LOAD_SECONDS: Final = 180.0  # a gigabyte from a cold disk
END_SECONDS: Final = 3.0  # between asking it to end and ending it
ERROR_BYTES: Final = 4_096  # of its last words
EXTRA: Final = "pip install 'tertulia[local]'"
LIBGOMP: Final = "libgomp1 (Debian, Ubuntu: apt install libgomp1; Fedora: dnf install libgomp)"


@dataclass(frozen=True, slots=True)
class RuntimeSettings:
    """How the child runs. The defaults fit two cores and four answers at once."""

    context_tokens: int = 8_192
    slots: int = 4
    threads: int = 2
    cache_mib: int = 512  # prompts kept warm; a room's window of 2,000 tokens takes about 60 MiB
    answer_tokens: int = 768


class Runtime:
    """One running child. `start`, then `provider`, then `wait` or `close`."""

    def __init__(self, file: Path, name: str, settings: RuntimeSettings | None = None) -> None:
        self.file = file
        self.name = name
        self.settings = settings or RuntimeSettings()
        self._key = secrets.token_urlsafe(24)
        self._process: asyncio.subprocess.Process | None = None
        self._words: asyncio.Task[bytes] | None = None
        self._provider: OpenAICompatible | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def start(self) -> OpenAICompatible:
        """Start the child and wait until the model is loaded: some seconds.

        Raises `ProviderError`: `missing` when the runtime or a system library is not installed, `timed_out`,
        `failed`.
        """
        if importlib.util.find_spec("xllamacpp") is None:
            raise ProviderError("missing", EXTRA)
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", str(CHILD), stdin=-1, stdout=-1, stderr=-1, limit=65_536
        )  # fmt: skip
        self._words = asyncio.create_task(self._last_words())
        try:
            async with asyncio.timeout(LOAD_SECONDS):
                told = await self._first_word()
        except TimeoutError as error:
            await self.close()
            raise ProviderError("timed_out", "loading the model") from error
        except BaseException:
            await self.close()
            raise
        self._provider = OpenAICompatible(
            name="local",
            model=self.name,
            base_url=told + "/v1",
            key=self._key,
            capabilities=Capabilities(self.settings.context_tokens, self.settings.answer_tokens, local=True),
            extra={"cache_prompt": True},
        )
        return self._provider

    async def _first_word(self) -> str:
        assert self._process and self._process.stdin and self._process.stdout
        wanted = {
            "model": str(self.file),
            "key": self._key,
            "parent": os.getpid(),
            "context": self.settings.context_tokens,
            "slots": self.settings.slots,
            "threads": self.settings.threads,
            "cache_mib": self.settings.cache_mib,
        }
        with suppress(ConnectionError):
            self._process.stdin.write(json.dumps(wanted).encode() + b"\n")
            await self._process.stdin.drain()
        while line := await self._process.stdout.readline():
            with suppress(ValueError):
                told = json.loads(line)
                if isinstance(told, dict) and "address" in told:
                    return str(told["address"])
                if isinstance(told, dict) and "error" in told:
                    raise _refusal(str(told["error"]), str(told.get("detail", "")))
        words = (await self._words).decode(errors="replace").strip() if self._words else ""
        raise ProviderError("failed", words.splitlines()[-1] if words else "it ended while loading the model")

    async def _last_words(self) -> bytes:
        """Its standard error, the end of it; read all the time, so that it never blocks."""
        assert self._process and self._process.stderr
        kept = b""
        while data := await self._process.stderr.read(ERROR_BYTES):
            kept = (kept + data)[-ERROR_BYTES:]
        return kept

    async def wait(self) -> int:
        """Until the child ends by itself; its status."""
        assert self._process is not None
        return await self._process.wait()

    async def close(self) -> None:
        """Ask it to end, then end it. Never raises."""
        if self._provider is not None:
            await self._provider.close()
        process = self._process
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(END_SECONDS):
                await process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        if self._words is not None:
            await asyncio.wait({self._words}, timeout=1.0)
            self._words.cancel()
        if process.stdin is not None:
            process.stdin.close()


def _refusal(kind: str, detail: str) -> ProviderError:
    if kind == "libgomp":
        return ProviderError("missing", LIBGOMP)
    if kind == "not_installed":
        return ProviderError("missing", f"{EXTRA} ({detail})")
    return ProviderError("failed", detail)
