"""Words: what of a text can be searched for, and what somebody searches for.

What belongs here: folding and cutting, the same for what is kept and what is asked. What must not: indexes.
Cut here and not by a database: so every store finds the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from tertulia.limits import SEARCH_WORDS

WORD_CHARACTERS = 64  # of a longer one this much counts: nobody types a key or a coded file to find it

_ASCII = re.compile(r"[a-z0-9]+")
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u0670\u20d0-\u20f0]")
_ALONE = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # scripts without spaces
_WITH_MARKS = "\u0900-\u0dff"  # scripts of India: what is written around a letter belongs to its word
_WORD = re.compile(rf"[{_ALONE}]|(?:[^\W_{_ALONE}]|[{_WITH_MARKS}])+")
_COLOURS = re.compile(r"\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9A-Fa-f]{6})?|[\x02\x0f\x11\x16\x1d-\x1f]")
_FORMATTED = re.compile(r"[\x02-\x04\x0f\x11\x16\x1d-\x1f]")
_ASKED = re.compile(r'"([^"]*)"?|(\S+)')


class Phrase(NamedTuple):
    """Words that follow each other. `begun`: of the last one only the beginning is known."""

    words: tuple[str, ...]
    begun: bool = False


def words_of(text: str) -> list[str]:
    """The words of a text in order, without case and accents: "¿Qué té?" has "que" and "te".

    A character of a script that puts no spaces between words is a word by itself.
    """
    if _FORMATTED.search(text):
        text = _COLOURS.sub("", text)
    if text.isascii():
        found = _ASCII.findall(text.lower())
    else:
        found = _WORD.findall(_MARKS.sub("", unicodedata.normalize("NFKD", text).casefold()))
    return [word[:WORD_CHARACTERS] for word in found] if len(text) > WORD_CHARACTERS else found


def asked_for(text: str) -> tuple[Phrase, ...]:
    """What a searcher typed: words, phrases in quotes, `begin*`. No more of them than `SEARCH_WORDS`."""
    phrases = []
    for quoted, word in _ASKED.findall(text):
        part = quoted or word
        words = words_of(part)
        if words:
            phrases.append(Phrase(tuple(words), part.endswith("*")))
    return tuple(phrases[:SEARCH_WORDS])


def are_said(phrases: Sequence[Phrase], text: str) -> bool:
    """Whether each of the phrases occurs in the text."""
    if not phrases:
        return True
    words = words_of(text)
    return all(_is_said(phrase, words) for phrase in phrases)


def _is_said(phrase: Phrase, words: list[str]) -> bool:
    *before, last = phrase.words
    count = len(before)
    for at in range(count, len(words)):
        word = words[at]
        if (word.startswith(last) if phrase.begun else word == last) and words[at - count : at] == before:
            return True
    return False
