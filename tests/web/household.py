"""The server that browsers visit: its configuration, its models and what they are going to say.

What belongs here: what is there before anybody comes. What must not: browsers.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.whole.outside import written

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
rooms = ["#tertulia", "#parar", "#foto", "#lector"]

[[models]]
nick = "tito"
provider = "scripted"
rooms = ["#ronda"]
script = [{short}, {other}]
"""


def configured(folder: Path, address: str, *, models: bool = True, more: str = "") -> Path:
    """A configuration in this folder; `address`: where the dictated model's provider is."""
    said = {"rich": json.dumps(RICH), "short": json.dumps(SHORT), "other": json.dumps(OTHER)}
    return written(
        folder,
        doors=("irc", "http"),
        models=MODELS.format(address=address, **said) if models else "models = []",
        more=more,
        flood=False,
    )
