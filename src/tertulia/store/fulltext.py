"""The index of words in a SQLite database: FTS5, filled in small steps, some time after a message was stored.

What belongs here: the index, its mark, and taking out of it what is deleted. What must not: what a word is
(`protocol/words.py`), and pages.

Every message up to the `mark` is in the index, unless it is still growing; none beyond it is. So the way of
a message costs nothing more than it did, and whatever kills the process, the next one goes on at the mark,
which is moved in the transaction that puts the words in. The index is made anew when it is missing or of
another `VERSION`: it holds nothing that the messages do not.

A row of it has the words of a message, and `tokens` that no word can be for where, by whom and between whom
it was said. It knows only which words occur in which message (`detail=none`) and not their text
(`content=''`): the smallest of all forms. Phrases are looked at in the messages that have all their words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from typing import NamedTuple

from tertulia import limits
from tertulia.protocol.casemap import fold
from tertulia.protocol.history import SPOKEN, Message, Search, is_found
from tertulia.protocol.words import words_of
from tertulia.store import rows
from tertulia.store.connection import Connection

VERSION = 1
"""Of the form of the rows: another number makes every index anew."""

CREATE = """
CREATE VIRTUAL TABLE words USING fts5(said, content='', columnsize=0, detail=none, tokenize='ascii')
"""
CREATE_MARK = "CREATE TABLE IF NOT EXISTS words_mark (version INTEGER NOT NULL, mark INTEGER NOT NULL)"
MARK = "SELECT version, mark FROM words_mark"
SET_MARK = "UPDATE words_mark SET mark = ?"
SETTINGS = (
    "INSERT INTO words (words, rank) VALUES ('automerge', 0)",
    "INSERT INTO words (words, rank) VALUES ('crisismerge', 64)",
)
"""Left to itself, FTS5 merges what it has written when a commit finds that there is enough of it, and that
commit then takes 30 ms. Each step merges a little instead: twice as much as it has written."""

MERGE_PAGES = 8
MERGE = f"INSERT INTO words (words, rank) VALUES ('merge', {MERGE_PAGES})"
ADD = "INSERT INTO words (rowid, said) VALUES (?, ?)"
TAKE_OUT = "INSERT INTO words (words, rowid, said) VALUES ('delete', ?, ?)"

COLUMNS = ", ".join(f"m.{name}" for name in Message._fields)
NEXT = f"SELECT {COLUMNS} FROM messages m WHERE id > ? ORDER BY id LIMIT {limits.TEND_MESSAGES}"
ONE = f"SELECT {COLUMNS} FROM messages m WHERE id = ? AND state <> 'open'"
OF_ACCOUNT = f"SELECT {COLUMNS} FROM messages m WHERE account = ? AND state <> 'open'"
FOUND = f"""
SELECT {COLUMNS} FROM words CROSS JOIN messages m ON m.id = words.rowid
WHERE words MATCH ? AND words.rowid > ? AND words.rowid < ? ORDER BY words.rowid
"""


class Fulltext:
    """The index of one database. `mark` is what is known of it through the connection that is open now."""

    def __init__(self) -> None:
        self.mark = 0
        self.lost = False  # it is damaged: nothing is put in or found any more

    def attach(self, connection: Connection) -> bool:
        """Look for the index of a database that was just opened. False: it has to be made."""
        found = connection.execute(MARK).fetchone() if self.made(connection) else None
        if found is None or found[0] != VERSION:
            return False
        self.mark, self.lost = found[1], False
        return True

    def make(self, connection: Connection) -> None:
        """An empty index, in a transaction; what was there is dropped."""
        self.make_tables(connection)
        connection.execute("DELETE FROM words_mark")
        connection.execute("INSERT INTO words_mark VALUES (?, 0)", (VERSION,))
        self.mark, self.lost = 0, False

    def lose(self) -> None:
        """Leave it alone from now on."""
        self.mark, self.lost = -1, True

    def next(self, connection: Connection) -> Sequence[Message]:
        """What is to be indexed next, at most one step of it."""
        found: list[Message] = []
        size = 0
        for row in connection.execute(NEXT, (self.mark,)):
            found.append(Message._make(row))
            size += len(found[-1].text)
            if size > limits.TEND_BYTES:
                break
        return found

    def index(self, connection: Connection, messages: Sequence[Message]) -> None:
        """Put the next messages in, and move the mark: in one transaction. Set `mark` when it is done."""
        self.add(connection, messages)
        self.settle(connection)
        connection.execute(SET_MARK, (messages[-1].id,))

    def late(self, connection: Connection, messages: Sequence[Message]) -> None:
        """Messages that were just stored: those which the mark has passed already."""
        if min(messages)[0] <= self.mark:
            self.add(connection, [message for message in messages if message.id <= self.mark])

    def ended(self, connection: Connection, ids: Iterable[int]) -> None:
        """Streams that have just ended, and were left out while they grew."""
        self.add(connection, self._known(connection, ids))

    def redacted(self, connection: Connection, ids: Iterable[int]) -> None:
        """Call it before they are deleted: the index must be told what it holds."""
        self.take_out(connection, self._known(connection, ids))

    def account_gone(self, connection: Connection, account: str) -> None:
        """All that an account said: before it is deleted."""
        found = [Message._make(row) for row in connection.execute(OF_ACCOUNT, (account,))]
        self.take_out(connection, [message for message in found if message.id <= self.mark])

    def search(self, connection: Connection, search: Search) -> list[Message]:
        """As `ports.Store.search`."""
        if search.limit <= 0:
            return []
        after, before = (max(-1, min(bound, rows.ID_MAX)) for bound in (search.after, search.before))
        candidates = islice(self.candidates(connection, search, after, before), limits.SEARCH_ROWS)
        found = (message for message in candidates if is_found(search, message))
        return sorted(islice(found, search.limit))

    # --- What differs between databases -------------------------------------------------------------------

    def made(self, connection: Connection) -> bool:
        """Whether the tables of an index are there."""
        made = connection.execute("SELECT count(*) FROM sqlite_master WHERE name IN ('words', 'words_mark')")
        return bool(made.fetchone()[0] == 2)

    def make_tables(self, connection: Connection) -> None:
        connection.execute(CREATE_MARK)
        connection.execute("DROP TABLE IF EXISTS words")
        connection.execute(CREATE)
        for setting in SETTINGS:
            connection.execute(setting)

    def settle(self, connection: Connection) -> None:
        """After each step."""
        connection.execute(MERGE)

    def candidates(
        self, connection: Connection, search: Search, after: int, before: int
    ) -> Iterator[Message]:
        """Messages that have the words, in the order of the search; some may not be what was asked for."""
        match = _match(search)
        if match is None:
            return
        order = " DESC" if search.newest_first else ""
        found = connection.execute(FOUND + order, (match, after, before))
        try:
            yield from map(Message._make, found)
        finally:
            found.close()

    def _known(self, connection: Connection, ids: Iterable[int]) -> list[Message]:
        found = (connection.execute(ONE, (one,)).fetchone() for one in ids if one <= self.mark)
        return [Message._make(row) for row in found if row is not None]

    def add(self, connection: Connection, messages: Iterable[Message]) -> None:
        connection.executemany(ADD, rows_of(messages))

    def take_out(self, connection: Connection, messages: Sequence[Message]) -> None:
        connection.executemany(TAKE_OUT, rows_of(messages))


def rows_of(messages: Iterable[Message]) -> list[tuple[int, str]]:
    """The key of each message that was said, and its words and tokens with spaces between them."""
    return [
        (message.id, " ".join(dict.fromkeys([*words_of(message.text), *_tokens(message)])))
        for message in messages
        if message.kind in SPOKEN and message.state != rows.OPEN
    ]


def _tokens(message: Message) -> list[str]:
    tokens = [token("b", message.buffer), token("n", fold(message.source.partition("!")[0]))]
    tokens += [token("i", one) for one in (message.sender, message.recipient) if one is not None]
    return tokens


@lru_cache(maxsize=4096)  # the same rooms and people speak again and again
def token(kind: str, name: str) -> str:
    """What stands for a buffer ("b"), nick ("n") or identity ("i") among the words: no word has a "§"."""
    return f"§{kind}{blake2b(name.encode(), digest_size=6).hexdigest()}"


class Asked(NamedTuple):
    """What a row must have: all the words, words that begin so, and one of the places."""

    words: list[str]
    begun: list[str]
    places: list[str]


def asked(search: Search) -> Asked | None:
    """None when it can find nothing. What tokens confuse is found out later."""
    places = [token("b", buffer) for buffer in search.buffers]
    if search.identity:
        places.append(token("i", search.identity))
    if not places:
        return None
    words = [word for phrase in search.phrases for word in _whole(phrase.words, phrase.begun)]
    if search.nick:
        words.append(token("n", search.nick))
    begun = [phrase.words[-1] for phrase in search.phrases if phrase.begun]
    return Asked([*dict.fromkeys(words)], [*dict.fromkeys(begun)], places)


def _match(search: Search) -> str | None:
    """The search in FTS5's words; None when it can find nothing."""
    wanted = asked(search)
    if wanted is None:
        return None
    terms = [f'"{word}"' for word in wanted.words] + [f'"{word}"*' for word in wanted.begun]
    anywhere = " OR ".join(f'"{place}"' for place in wanted.places)
    return " AND ".join([*terms, f"({anywhere})"])


def _whole(words: tuple[str, ...], begun: bool) -> tuple[str, ...]:
    return words[:-1] if begun else words
