"""What is said to a service, as words: separated by spaces, and in double quotes where one has spaces itself.

What belongs here: cutting, and the rest of a sentence as it was typed. What must not: verbs.
"""

from __future__ import annotations

import re

_PLAIN = re.compile(r"()\S+")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"(?!\S)|\S+')  # a quote that nothing closes is a letter
_ESCAPED = re.compile(r'\\(["\\])')


class Words(list[str]):
    """The words of a sentence. `quotes`: whether those around a word are taken off."""

    def __init__(self, text: str, quotes: bool = False) -> None:
        found = list((_QUOTED if quotes else _PLAIN).finditer(text))
        super().__init__(_bare(one) for one in found)
        self._text, self._quotes, self._found = text, quotes, found

    def after(self, count: int) -> Words:
        """The sentence without its first words."""
        left = self._text[self._found[count].start() :] if count < len(self) else ""
        return Words(left, self._quotes)

    def rest(self, first: int, last: int | None = None) -> str:
        """From word `first` to before `last`, with the spaces between them: a password may have some. A
        single word loses its quotes; among several they are letters."""
        found = self._found[first:last]
        if len(found) <= 1:
            return _bare(found[0]) if found else ""
        return self._text[found[0].start() : found[-1].end()]


def _bare(word: re.Match[str]) -> str:
    quoted = word.group(1)
    return word.group() if not quoted else _ESCAPED.sub(r"\1", quoted)
