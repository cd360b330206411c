"""The services' desks: whom one asks for things by a verb, and how all of them answer.

What belongs here: the shape of a verb, finding it in what was said, its help, and words to notices; and what
NickServ's verbs share. What must not: verbs (`services`, `chanserv`), texts (`account_words`, `room_words`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, NamedTuple

from tertulia.commands import credentials
from tertulia.commands.account_words import WORDS
from tertulia.commands.sentence import Words
from tertulia.commands.turn import Turn
from tertulia.protocol.accounts import AccountRecord
from tertulia.protocol.casemap import fold


class Said(Exception):
    """The verb ends with these words of the table. `syntax` needs no fields: it is the verb's own."""

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


class Desk(NamedTuple):
    """Whose name the answers carry, and their words in both languages."""

    name: str
    table: Mapping[str, tuple[str, str]]

    def prefix(self, server: str) -> str:
        """As whom it speaks and acts."""
        return f"{self.name}!services@{server}"

    def words(self, turn: Turn, word: str) -> str:
        return self.table[word][_is_spanish(turn)]

    def say(self, turn: Turn, text: str) -> None:
        turn.items.append(f":{self.prefix(turn.world.settings.name)} NOTICE {turn.me} :{text}\r\n")

    def answer(self, turn: Turn, word: str, **fields: object) -> None:
        self.say(turn, self.words(turn, word).format(**fields))


class Verbs:
    """What can be asked at a desk, under all names in both languages; `HELP` is added here."""

    def __init__(
        self, desk: Desk, table: tuple[Verb, ...], others: Mapping[str, tuple[str, ...]], quotes: bool = False
    ) -> None:
        """`others`: more names of verbs. `quotes`: whether a word with spaces may stand in quotes."""
        self.desk = desk
        self._quotes = quotes
        self.table = (*table, Verb("HELP", "AYUDA", "HELP [<verb>]", "this", "esto", 0, self._help))
        self._by_name = {
            fold(name): verb
            for verb in self.table
            for name in (verb.name, verb.spanish, *others.get(verb.name, ()))
        }

    async def heard(self, turn: Turn, text: str) -> None:
        """Carry out what was said, and answer."""
        sentence = Words(text.strip() or "HELP", self._quotes)
        name, words = sentence[0], sentence.after(1)
        verb = self._by_name.get(fold(name))
        if verb is None:
            self.desk.answer(turn, "unknown", verb=name[:32])
            return
        try:
            if len(words) < verb.least:
                raise Said("syntax")
            await verb.handler(turn, words)
        except Said as said:
            fields = {"syntax": _syntax(turn, verb)} if said.word == "syntax" else said.fields
            self.desk.answer(turn, said.word, **fields)

    async def _help(self, turn: Turn, params: list[str]) -> None:
        wanted = self._by_name.get(fold(params[0])) if params else None
        if wanted is None:
            self.desk.answer(turn, "help")
        for verb in self.table if wanted is None else (wanted,):
            about = verb.help_es if _is_spanish(turn) else verb.help_en
            self.desk.say(turn, f"{_syntax(turn, verb)}  --  {about}")


def _is_spanish(turn: Turn) -> bool:
    return turn.session.language == "es"


def _syntax(turn: Turn, verb: Verb) -> str:
    """How the verb is written; in Spanish with the words that stand for others in Spanish too."""
    if not _is_spanish(turn):
        return verb.syntax
    rest = verb.syntax.removeprefix(verb.name)
    return verb.spanish + re.sub(r"[A-Za-z]+(-seen)?", lambda word: _SPANISH.get(word[0], word[0]), rest)


# The words in the syntax of verbs. Those in capitals are also understood in Spanish.
_SPANISH = {
    "ADD": "AÑADIR", "CLOSE": "CERRAR", "DEL": "BORRAR", "LIST": "LISTA", "OTHERS": "OTRAS",
    "WORDS": "PALABRAS", "account": "cuenta", "code": "código", "duration": "duración", "email": "correo",
    "entry": "entrada", "fingerprint": "huella", "link": "enlace", "mask": "máscara", "name": "nombre",
    "new": "nueva", "nick": "nombre", "number": "número", "old": "anterior", "or": "o",
    "password": "contraseña", "rank": "rango", "reason": "motivo", "room": "sala", "setting": "ajuste",
    "uses": "usos", "value": "valor", "verb": "verbo", "who": "quién",
}  # fmt: skip


# --- NickServ -------------------------------------------------------------------------------------

NICKSERV = Desk("NickServ", WORDS)
answer, say, words = NICKSERV.answer, NICKSERV.say, NICKSERV.words


def own(turn: Turn) -> AccountRecord:
    """The account that the asker is logged in to."""
    record = credentials.account_of(turn)
    if record is None:
        raise Said("login needed")
    return record
