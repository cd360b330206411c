"""`tertulia history`: what was said, out of the store.

What belongs here: arguments to a page's bounds, entries to lines of JSON. What must not: SQL
(`store/export.py`).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tertulia.cli.complaints import sentence
from tertulia.cli.language import say, told
from tertulia.config import ConfigError, load, store_url
from tertulia.ports import StoreError
from tertulia.protocol.casemap import fold


def export(
    rooms: Sequence[str], since: str | None, until: str | None, named: Path | None, account: str = ""
) -> int:
    """Every message as an object on a line of its own, oldest first, to standard output. The exit code.

    `account`: only what is its owner's; rooms are not asked for then.
    """
    from tertulia.store import export as store

    try:
        url = store_url(load(named))
        bounds = (_milliseconds(since), _milliseconds(until))
        for entry in store.history(url, [fold(room) for room in rooms], *bounds, fold(account)):
            print(json.dumps(entry, ensure_ascii=False))
        sys.stdout.flush()
    except ConfigError as error:
        return _fail(*map(sentence, error.problems))
    except (StoreError, BadTimeError) as error:
        return _fail(told(error))
    except BrokenPipeError:  # the reader, such as `head`, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


class BadTimeError(Exception):
    """A time that is none; `str()` says what was expected."""


def _milliseconds(text: str | None) -> int | None:
    """Milliseconds since 1970 of a date or time as in ISO 8601; UTC unless it says otherwise."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        english = f"{text!r} is not a time; write 2026-01-31 or 2026-01-31T18:00:00Z"
        spanish = f"{text!r} no es una hora; escribe 2026-01-31 o 2026-01-31T18:00:00Z"
        raise BadTimeError(say(english, spanish)) from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def _fail(*lines: str) -> int:
    print(*lines, sep="\n", file=sys.stderr)
    return 1
