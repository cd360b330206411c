"""Facts: what operators are told in words, and beside them the same as values for programs.

What belongs here: the tag `tertulia.chat/facts` (docs/extensions/inspect.md) and its bounds. What must not:
which facts there are; each command that tells some says so itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from tertulia.commands.turn import Turn
from tertulia.limits import FACTS_BYTES, NOTICE_BYTES
from tertulia.protocol.capabilities import MESSAGE_TAGS
from tertulia.protocol.tags import escape
from tertulia.protocol.text import one_line

TAG = "tertulia.chat/facts"
Value = str | int | float | bool | None | list[str]
Facts = Mapping[str, Value]


class Told:
    """A notice of the server's with facts, which those who know no tags do not see."""

    __slots__ = ("facts", "line", "weight")

    def __init__(self, line: str, facts: Facts) -> None:
        self.line = line
        self.facts = facts
        self.weight = 2 * len(line) + FACTS_BYTES // 4  # about what they mostly take

    def render(self, capabilities: int) -> str:
        return f"@{tag_of(self.facts)} {self.line}" if capabilities & MESSAGE_TAGS else self.line


def tell(turn: Turn, text: str, kind: str, /, **facts: Value) -> None:
    """Reply with a notice; `kind` and the other facts for programs."""
    said = one_line(text, NOTICE_BYTES, NOTICE_BYTES)
    line = f":{turn.world.settings.name} NOTICE {turn.me} :{said}\r\n"
    turn.add(Told(line, {"kind": kind, **facts}))


def tag_of(facts: Facts) -> str:
    """The tag as it is written; where it would be too long its longest texts are cut."""
    found = dict(facts)
    while len((tag := _written(found)).encode()) > FACTS_BYTES:
        longest = max(found, key=lambda key: len(_written({key: found[key]})))
        value = found[longest]
        assert isinstance(value, (str, list)), "numbers alone are never so long"
        found[longest] = value[: len(value) // 2]
    return tag


def _written(facts: Facts) -> str:
    return f"{TAG}={escape(json.dumps(facts, ensure_ascii=False, separators=(',', ':')))}"
