"""The index of words in PostgreSQL: a `tsvector` for each message, in a table of its own.

What belongs here: what differs from SQLite's (`fulltext.py`, which has the rest). What must not: what a word
is (`protocol/words.py`): PostgreSQL's dictionaries play no part, so that both find the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tertulia import limits
from tertulia.protocol.history import Message, Search
from tertulia.store import fulltext
from tertulia.store.connection import Connection

MAKE = (
    "DROP TABLE IF EXISTS words",
    "DROP TABLE IF EXISTS words_mark",
    "CREATE TABLE words (id BIGINT PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE, "
    "said TSVECTOR NOT NULL)",
    "CREATE INDEX ix_words_said ON words USING gin (said)",
    "CREATE TABLE words_mark (version INTEGER NOT NULL, mark BIGINT NOT NULL)",
)
MADE = "SELECT to_regclass('words') IS NOT NULL AND to_regclass('words_mark') IS NOT NULL"
ADD = "INSERT INTO words (id, said) VALUES (?, array_to_tsvector(?))"
# The words first, whatever the planner thinks of the limit: along the history a rare one takes seconds.
FOUND = f"""
WITH hit AS MATERIALIZED (SELECT id FROM words WHERE said @@ CAST(? AS tsquery) AND id > ? AND id < ?)
SELECT {fulltext.COLUMNS} FROM hit JOIN messages m ON m.id = hit.id ORDER BY m.id
"""


class PostgresWords(fulltext.Fulltext):
    """The same index in another form."""

    def made(self, connection: Connection) -> bool:
        return bool(connection.execute(MADE).fetchone()[0])

    def make_tables(self, connection: Connection) -> None:
        for statement in MAKE:
            connection.execute(statement)

    def settle(self, connection: Connection) -> None:
        """PostgreSQL merges by itself."""

    def add(self, connection: Connection, messages: Iterable[Message]) -> None:
        connection.executemany(ADD, [(row, words.split(" ")) for row, words in fulltext.rows_of(messages)])

    def take_out(self, connection: Connection, messages: Sequence[Message]) -> None:
        connection.executemany("DELETE FROM words WHERE id = ?", [(message.id,) for message in messages])

    def candidates(
        self, connection: Connection, search: Search, after: int, before: int
    ) -> Iterator[Message]:
        match = _match(search)
        if match is None:
            return iter(())
        order = " DESC" if search.newest_first else ""
        statement = f"{FOUND}{order} LIMIT {limits.SEARCH_ROWS}"
        return map(Message._make, connection.execute(statement, (match, after, before)))


def _match(search: Search) -> str | None:
    """The search as a `tsquery`; None when it can find nothing."""
    asked = fulltext.asked(search)
    if asked is None:
        return None
    terms = [_quoted(word) for word in asked.words] + [f"{_quoted(word)}:*" for word in asked.begun]
    return " & ".join([*terms, f"({' | '.join(map(_quoted, asked.places))})"])


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
