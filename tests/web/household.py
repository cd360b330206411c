"""The server that browsers visit: its configuration, its models and what they are going to say.

What belongs here: what is there before anybody comes. What must not: browsers.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts import build_web

from tests.whole.outside import written

PATIENCE_SECONDS = 3_600  # for witnesses who say nothing for as long as a browser takes
OPERATOR = ("jefa", "una clave larga")
RICH = """Three ways to **join**, and `nc` is one:

1. a browser
2. irssi

```python
import socket

with socket.create_connection(("127.0.0.1", 6667)) as talk:
    talk.sendall(b"NICK ana\\r\\n")
```

| door | port |
|---|---|
| irc | 6667 |
| ircs | 6697 |

The sum is $\\sum_{i=1}^{n} i = \\frac{n(n+1)}{2}$."""
SHORT = "A socket is one end of a conversation between two programs."
OTHER = "Un socket es *un extremo* de una conversación entre dos programas."
MODELS = """
[[models]]
nick = "lola"
provider = "scripted"
model = "scripted-large"
rooms = ["#tertulia", "#markdown", "#foto", "#ronda"]
script = [{rich}]

[[models]]
nick = "rita"
provider = "openai-compatible"
model = "dictated"
base_url = "{address}"
rooms = ["#tertulia", "#parar", "#foto", "#lector", "#retirar"]

[[models]]
nick = "tito"
provider = "scripted"
rooms = ["#ronda"]
script = [{short}, {other}]
"""


@contextmanager
def sources(*, changed: bool) -> Iterator[None]:
    """The client's sources and packages, of tests side by side: one changes them (builds, fetches packages)
    while nobody reads them."""
    with open(build_web.WEB / "package.json") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX if changed else fcntl.LOCK_SH)
        yield


def configured(folder: Path, address: str, *, models: bool = True, more: str = "") -> Path:
    """A configuration in this folder; `address`: where the dictated model's provider is."""
    said = {"rich": json.dumps(RICH), "short": json.dumps(SHORT), "other": json.dumps(OTHER)}
    return written(
        folder,
        doors=("irc", "http"),
        models=MODELS.format(address=address, **said) if models else "models = []",
        more=more,
        flood=False,
        ping_seconds=PATIENCE_SECONDS,
    )
