"""`tertulia check --models`: asks each model one word, and says in words what is wrong.

What belongs here: asking, and a line for each. What must not: what the errors mean (`models.provider`).
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from contextlib import aclosing
from pathlib import Path

from tertulia.cli.language import chosen, say
from tertulia.cli.translate_models import for_models
from tertulia.config import Settings, model_folder
from tertulia.models import providers
from tertulia.models.local.catalogue import find
from tertulia.models.provider import Delta, Provider, ProviderError, Request, Turn
from tertulia.models.settings import ModelSettings

QUESTION = Request("You answer with one word.", (Turn("user", "Say the word: hello"),), answer_tokens=16)
SECONDS = 60.0  # for a first word of a provider that is far and busy


def check_models(settings: Settings, environ: Mapping[str, str] = os.environ) -> int:
    """A line for each model, all asked at once. The exit code is 1 when one cannot answer."""
    seats = for_models(settings, environ)
    folder = model_folder(settings, environ)

    async def all_of_them() -> list[tuple[bool, str]]:
        return await asyncio.gather(*(_ask(seat, folder, environ) for seat in seats))

    found = asyncio.run(all_of_them())
    for seat, (well, text) in zip(seats, found, strict=True):
        line = f"{seat.nick} ({seat.provider} {_model(seat)}): {text}"
        print(line, file=sys.stdout if well else sys.stderr)
    return int(any(not well for well, _ in found))


async def _ask(seat: ModelSettings, folder: Path, environ: Mapping[str, str]) -> tuple[bool, str]:
    if seat.provider == "local":
        return _local(seat, folder)
    try:
        provider = providers.make(seat, environ)
    except ProviderError as error:
        return False, error.say(chosen())
    try:
        async with asyncio.timeout(SECONDS):
            words = await _first_words(provider)
    except TimeoutError:
        return False, ProviderError("timed_out").say(chosen())
    except ProviderError as error:
        return False, error.say(chosen())
    finally:
        await provider.close()
    if not words.strip():
        return False, say("answers, but with nothing", "contesta, pero sin decir nada")
    return True, say(f"answers: {words.strip()!r}", f"contesta: {words.strip()!r}")


async def _first_words(provider: Provider) -> str:
    text = ""
    async with aclosing(provider.stream(QUESTION)) as answer:
        async for item in answer:
            if isinstance(item, Delta):
                text += item.text
    return text[:80]


def _local(seat: ModelSettings, folder: Path) -> tuple[bool, str]:
    """Whether its file is here: to ask it would take half a minute, and the server does it at its start."""
    entry = find(seat.model)
    path = folder / entry.file if entry else Path(seat.model).expanduser()
    if path.is_file():
        return True, say(f"its file is here: {path}", f"su fichero está aquí: {path}")
    if entry:
        return True, say("its file will be fetched at the first start", "su fichero se traerá al arrancar")
    return False, say(f"there is no file {path}", f"no hay ningún fichero {path}")


def _model(seat: ModelSettings) -> str:
    return seat.model or providers.TABLE[seat.provider].model
