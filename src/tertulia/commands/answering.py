"""How NickServ answers: what all its verbs share.

What belongs here: the shape of a verb, and words to notices. What must not: verbs (`services`), texts
(`account_words`).
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple

from tertulia.commands import credentials
from tertulia.commands.account_words import WORDS
from tertulia.commands.sentence import Words
from tertulia.commands.turn import Turn
from tertulia.protocol.accounts import AccountRecord

NAME = "NickServ"


class Said(Exception):
    """The verb ends with these words of the table."""

    def __init__(self, word: str, **fields: object) -> None:
        super().__init__(word)
        self.word, self.fields = word, fields


class Verb(NamedTuple):
    name: str
    spanish: str
    syntax: str
    help_en: str
    help_es: str
    least: int  # words after it
    handler: Callable[[Turn, Words], Coroutine[Any, Any, None]]


def answer(turn: Turn, word: str, **fields: object) -> None:
    say(turn, words(turn, word).format(**fields))


def words(turn: Turn, word: str) -> str:
    return WORDS[word][turn.session.language == "es"]


def say(turn: Turn, text: str) -> None:
    turn.items.append(f":{NAME}!services@{turn.world.settings.name} NOTICE {turn.me} :{text}\r\n")


def own(turn: Turn) -> AccountRecord:
    """The account that the asker is logged in to."""
    record = credentials.account_of(turn)
    if record is None:
        raise Said("login needed")
    return record
