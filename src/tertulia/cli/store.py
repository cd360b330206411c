"""`tertulia store`: moving what is kept to another database.

What belongs here: arguments, and words for the shell. What must not: how it is moved (`store/moving.py`).
"""

from __future__ import annotations

import sys
from pathlib import Path

from tertulia.cli.complaints import sentence
from tertulia.cli.language import say, told
from tertulia.cli.world import SystemClock
from tertulia.config import ConfigError, load, store_url
from tertulia.ports import StoreError


def move(target: str, named: Path | None) -> int:
    """Everything in the configured store into the empty one at `target`, a url. The exit code."""
    from tertulia.store.moving import move as moved
    from tertulia.store.open import check

    moving: dict[str, int] = {}
    try:
        source = store_url(load(named))
        check(target)
        moved(source, target, SystemClock(), moving.__setitem__)
    except ConfigError as error:
        return _fail(*map(sentence, error.problems))
    except StoreError as error:
        return _fail(told(error))
    for table, rows in moving.items():
        print(f"{rows:>12,}  {table}")
    print(
        say(
            "All of it has arrived, and was compared. Now set the new url as store.url (or in the variable "
            "TERTULIA_STORE__URL, when it has a password) and start the server.",
            "Ha llegado todo, y se ha comparado. Pon ahora la url nueva en store.url (o en la variable "
            "TERTULIA_STORE__URL, si lleva contraseña) y arranca el servidor.",
        )
    )
    return 0


def _fail(*lines: str) -> int:
    print(*lines, sep="\n", file=sys.stderr)
    return 1
