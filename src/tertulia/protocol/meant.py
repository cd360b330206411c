"""Whether a text means somebody: by speaking to them, or by naming them.

What belongs here: the question. What must not: what follows from it.
"""

from __future__ import annotations

import re
from typing import Literal

Meant = Literal["addressed", "mention", ""]


def how_meant(text: str, nick: str) -> Meant:
    """`addressed`: the text begins with `nick:`, `nick,` or `@nick`; `mention`: it names the nick."""
    name = re.escape(nick)
    if re.match(rf"\s*(?:{name}\s*[:,]|@{name}(?![\w-]))", text, re.IGNORECASE):
        return "addressed"
    found = re.search(rf"(?<![\w-])@?{name}(?![\w-])", text, re.IGNORECASE)
    return "mention" if found else ""
