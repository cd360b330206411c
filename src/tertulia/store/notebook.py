"""What models keep between two starts, in the database: `models.notebook.Notebook`.

What belongs here: queries through SQLAlchemy, so that every database understands them. What must not: what a
note means.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Column, Connection, Engine, Table, delete, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from tertulia.limits import ASKED_KEPT, TRANSLATIONS_KEPT
from tertulia.protocol.notes import Asked, Note, NotebookError, Reminder, Translation
from tertulia.store.schema import asked as asked_table
from tertulia.store.schema import notes as notes_table
from tertulia.store.schema import reminders as reminders_table
from tertulia.store.schema import translations as translations_table

TIDY_EVERY = 500  # translations and questions written between two looks at how many there are
Answer = TypeVar("Answer")


class SqlNotebook:
    """On an engine of one thread. Raises `NotebookError`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._written = 0

    def notes(self) -> list[Note]:
        return self._do(lambda db: [Note(*row) for row in db.execute(select(notes_table))])

    def put(self, note: Note) -> None:
        table = notes_table.c

        def work(db: Connection) -> None:
            db.execute(delete(notes_table).where(table.scope == note.scope, table.name == note.name))
            if note.text:
                db.execute(insert(notes_table).values(**note._asdict()))

        self._do(work)

    def reminders(self) -> list[Reminder]:
        query = select(reminders_table).order_by(reminders_table.c.due_ms, reminders_table.c.id)
        return self._do(lambda db: [Reminder(*row) for row in db.execute(query)])

    def remind(self, reminder: Reminder) -> None:
        def work(db: Connection) -> None:
            db.execute(delete(reminders_table).where(reminders_table.c.id == reminder.id))
            db.execute(insert(reminders_table).values(**reminder._asdict()))

        self._do(work)

    def done(self, reminder_id: str) -> None:
        self._do(lambda db: db.execute(delete(reminders_table).where(reminders_table.c.id == reminder_id)))

    def asked(self, model: str) -> list[Asked]:
        query = select(asked_table).where(asked_table.c.model == model)
        query = query.order_by(asked_table.c.at_ms.desc()).limit(ASKED_KEPT)
        return self._do(lambda db: [Asked(*row) for row in db.execute(query)][::-1])

    def ask(self, asked: Asked) -> None:
        table = asked_table.c

        def work(db: Connection) -> None:
            db.execute(
                delete(asked_table).where(
                    table.model == asked.model,
                    table.target == asked.target,
                    table.identity == asked.identity,
                )
            )
            db.execute(insert(asked_table).values(**asked._asdict()))
            if self._is_time_to_tidy():
                _keep_newest(db, asked_table, asked_table.c.at_ms, ASKED_KEPT)

        self._do(work)

    def forget(self, account: str, before_ms: int | None) -> None:
        def work(db: Connection) -> None:
            for table, time in ((asked_table, "at_ms"), (reminders_table, "made_ms")):
                query = delete(table).where(table.c.identity == account)
                db.execute(query if before_ms is None else query.where(table.c[time] < before_ms))

        self._do(work)

    def translation(self, msgid: str, language: str) -> str | None:
        table = translations_table.c
        query = select(table.text).where(table.msgid == msgid, table.language == language)
        return self._do(lambda db: db.execute(query).scalar_one_or_none())

    def translated(self, translation: Translation) -> None:
        table = translations_table.c

        def work(db: Connection) -> None:
            db.execute(
                delete(translations_table).where(
                    table.msgid == translation.msgid, table.language == translation.language
                )
            )
            db.execute(insert(translations_table).values(**translation._asdict()))
            if self._is_time_to_tidy():
                _keep_newest(db, translations_table, translations_table.c.made_ms, TRANSLATIONS_KEPT)

        self._do(work)

    def taken_back(self, msgid: str) -> None:
        def work(db: Connection) -> None:
            db.execute(delete(translations_table).where(translations_table.c.msgid == msgid))
            db.execute(delete(asked_table).where(asked_table.c.msgid == msgid))

        self._do(work)

    def close(self) -> None:
        self._engine.dispose()

    def _is_time_to_tidy(self) -> bool:
        self._written += 1
        return self._written % TIDY_EVERY == 0

    def _do(self, work: Callable[[Connection], Answer]) -> Answer:
        try:
            with self._engine.begin() as connection:
                return work(connection)
        except SQLAlchemyError as error:
            raise NotebookError(str(error.__cause__ or error)) from error


def _keep_newest(db: Connection, table: Table, time: Column[int], most: int) -> None:
    """Delete all but about `most` rows of a table; rows of one millisecond stay together."""
    count = db.execute(select(func.count()).select_from(table)).scalar_one()
    if count > most:
        oldest = db.execute(select(time).order_by(time.desc()).offset(most - 1).limit(1)).scalar_one()
        db.execute(delete(table).where(time < oldest))
