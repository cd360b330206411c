"""What of a model's text is said.

What belongs here: the filter over it. What must not: the forms in which it is said (`client.speech`), who
asked, queues, providers.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cached_property
from typing import Final

from tertulia.limits import MODEL_ANSWER_CHARACTERS

# --- What of the text is said -----------------------------------------------------------------------------


_CONTROLS: Final = {number: None for number in (*range(0x20), 0x7F) if number not in (0x09, 0x0A)}


def plain(text: str) -> str:
    """Without control characters: clients obey some (CTCP's \\x01 makes them answer by themselves)."""
    return text if text.isprintable() else text.translate(_CONTROLS)


class Filter:
    """A model's text as it comes; what of it may be said now.

    Leaves out white space around the answer and names before it ("lola: ...", "ana: ..."), and ends the
    answer where it begins to speak for others: small models go on with the transcript. An answer that begins
    with `[silence]` is none. Bounded by `MODEL_ANSWER_CHARACTERS`.
    """

    def __init__(self, nick: str, others: Collection[str] = ()) -> None:
        self._nick = nick
        self._others = tuple(others)
        self._all = (nick, *others)
        self._held = ""
        self._begun = False
        self._said = 0
        self.ended = False  # nothing more will be said, whatever comes
        self.silent = False  # it chose to say nothing

    def feed(self, text: str) -> str:
        """What may be said of all that came. Keeps back what cannot be judged yet."""
        if self.ended:
            return ""
        self._held += plain(text)
        if not self._begin():
            return ""
        if found := self._speaks_for_another():
            self._held = self._held[: found.start()].rstrip()
            return self._out(len(self._held), ended=True)
        return self._out(self._safe())

    def finish(self) -> str:
        """What was kept back, at the end of the answer."""
        if self.ended:
            return ""
        if not self._begin(finish=True):
            return ""
        self._held = self._held.rstrip()
        return self._out(len(self._held), ended=True)

    def _begin(self, finish: bool = False) -> bool:
        """Take the names off its beginning; False while what is there could still become one."""
        while not self._begun:
            if not finish and (_may_become(self._held, self._all) or _may_be_silence(self._held)):
                return False
            if _SILENCE.match(self._held):
                self.silent = self.ended = True
                self._held = ""
                return False
            lead = self._lead.match(self._held) if ":" in self._held else None
            self._held = self._held[lead.end() :] if lead else self._held.lstrip()
            self._begun = lead is None
        return True

    def _speaks_for_another(self) -> re.Match[str] | None:
        line = self._held.find("\n")  # most pieces have none, and cost no more than this
        return self._other.search(self._held, line) if line != -1 and ":" in self._held else None

    @cached_property
    def _lead(self) -> re.Pattern[str]:
        """Made when it is needed: most answers begin with no name, and making it costs a millisecond."""
        names = rf"{re.escape(self._nick)}|{_one_of(self._others)}"
        return re.compile(rf"\s*[<\[*]*(?:{names})[>\]*]*\s*:[>\]*]*\s*", re.IGNORECASE)

    @cached_property
    def _other(self) -> re.Pattern[str]:
        return re.compile(rf"\n\s*[<\[*]*(?:{_one_of(self._others)})[>\]*]*\s*:[>\]*]*\s", re.IGNORECASE)

    def _safe(self) -> int:
        """How much can be neither the beginning of another speaker's line, nor white space at the end."""
        line = self._held.rfind("\n")
        held = line != -1 and _may_become(self._held[line:], self._others)
        return len(self._held[: line if held else len(self._held)].rstrip())

    def _out(self, end: int, ended: bool = False) -> str:
        text, self._held = self._held[:end], self._held[end:]
        room = MODEL_ANSWER_CHARACTERS - self._said
        self.ended = ended or len(text) >= room
        text = text[:room]
        self._said += len(text)
        return text


def _one_of(names: Collection[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) or r"(?!)"


_MARKS: Final = dict.fromkeys(map(ord, " \t\r\n<>[]*"))


def _may_become(text: str, names: Collection[str]) -> bool:
    """Whether this beginning of a line could still turn out to be `name: `, marked up or not."""
    start = text.translate(_MARKS).casefold()
    return not start or any(f"{name}:".translate(_MARKS).casefold().startswith(start) for name in names)


_SILENCE: Final = re.compile(r"\s*(?:[\[<(]\s*(?:silence|silencio)\s*[\])>]|NO_REPLY\b)", re.IGNORECASE)
_SILENCES: Final = (
    "[silence]",
    "[silencio]",
    "<silence>",
    "<silencio>",
    "(silence)",
    "(silencio)",
    "no_reply",
)


def _may_be_silence(text: str) -> bool:
    """Whether this beginning could still turn out to be the word for saying nothing."""
    start = "".join(text.split()).casefold()
    return any(word != start and word.startswith(start) for word in _SILENCES)
